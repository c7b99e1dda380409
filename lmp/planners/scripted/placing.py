"""Picking up, putting, moving and pushing: one object or several, to a place, by a distance, aside, back, out of something."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from lmp.planners.scripted.arranging import by_colour, in_said_order, row, together, wants_colours
from lmp.planners.scripted.clause_reader import Frame
from lmp.planners.scripted.command import Command, Reading, Understood
from lmp.planners.scripted.conditions import conditions_for, conditions_of_place, moved_by, usual_way
from lmp.planners.scripted.goals import Goal, goal_of, named, phrase_for
from lmp.planners.scripted.lexicon import listing, side_of
from lmp.planners.scripted.obstacles import push_aside, stop_over
from lmp.planners.scripted.parsing import NounPhrase, Relation, heads_shared
from lmp.planners.scripted.properties import furniture, is_table
from lmp.planners.scripted.relating import ROBOT
from lmp.planners.scripted.resolution import Found, Place
from lmp.planners.scripted.situation import Situation, Task, held
from lmp.primitives.places.goals import OPPOSITE, along
from lmp.schema.condition import CONDITIONS, Condition
from lmp.schema.plan import Refused

LOWEST, HIGHEST = 0.02, 0.4
"""Heights to which an object can be lifted [m]."""
UNMOVED = 0.005
"""Distance from where an object stood at first up to which it was not moved [m]."""
FULL = 0.9
"""Share of a support's area that several things may need [dimensionless]."""
_GATHERING = ("gather", "collect", "bring", "get")


def pick(command: Command, frame: Frame) -> Understood:
    """Picks one object up; with "into" or "to", puts it there.

    Raises:
        Refused: Several things, or what cannot be followed.
    """
    several = len(frame.themes) > 1 or any(theme.many for theme in frame.themes)
    gathered: tuple[str, ...] = ()
    if frame.verb in ("gather", "collect"):
        gathered = ("in", "on", "middle_of", "between", "side", "at") if several else ("in", "on")
        if several and not (frame.relations or frame.steps or frame.mutual or frame.orders):
            frame = replace(frame, mutual="together")
    frame, lift = _with_height(command, frame)
    goals = [relation for relation in frame.relations if moves(relation) or relation.value in gathered]
    if goals or frame.steps or (frame.mutual and frame.verb in _GATHERING):
        return put(command, replace(frame, action="put"))
    frame.takes("relations")

    def meant(reading: Reading) -> Understood:
        found = command.themes(reading.themes)
        if len(found.names) > 1:
            message = f"The gripper holds one thing, and {listing(found.names)} are {len(found.names)}."
            raise Refused("impossible", message, "Pick up one, or say where to put them.", found.names)
        name = found.names[0]
        how = f", and {lift * 100:g} cm high as said" if lift else ""
        task = Task(
            "hold", name, (held(name),), f"pick up {name}", f"{found.why}{how}.", requests={"lift": lift} if lift else {}
        )
        return command.answer([command.task(task)], found)

    try:
        return command.best(frame, False, meant)
    except Refused as refused:
        if frame.verb == "get" and refused.refusal.reason == "absent" and any(r.value in ("in", "on") for r in frame.relations):
            return put(command, replace(frame, action="put"))  # "get the red block in the bowl"
        raise


def _with_height(command: Command, frame: Frame) -> tuple[Frame, float | None]:
    """The frame without the height that it says, and the height [m]; None where it says none.

    Raises:
        Refused: It cannot be lifted so far, or by so little.
    """
    above = [relation for relation in frame.relations if relation.value == "above" and command.is_table(relation)]
    if len(frame.steps) == 1 and frame.steps[0][1] == "" and not above:
        height = frame.steps[0][0]
    elif len(above) == 1 and above[0].distance and not frame.steps:
        height = above[0].distance
    else:
        return frame, None
    if not LOWEST <= height <= HIGHEST:
        range_ = f"{LOWEST * 100:g} to {HIGHEST * 100:g} cm"
        message = f"{frame.text!r} asks for {height * 100:g} cm; I can lift things by {range_}."
        raise Refused("infeasible", message, "Say a height between these.")
    return replace(frame, steps=[], relations=[relation for relation in frame.relations if relation not in above]), height


def put(command: Command, frame: Frame) -> Understood:
    """Puts, moves or pushes objects to a place or by a distance.

    Raises:
        Refused: No place, an impossible one, or what cannot be followed.
    """
    if wants_colours(frame):
        return by_colour(command, frame)
    if frame.mutual and not frame.relations:
        return together(command, frame)
    if frame.mutual:
        message = f"{frame.text!r} says a place, and how the things are to stand to each other."
        raise Refused("impossible", message, "Say one of the two, or where each thing goes.")
    shapes = [r.objects[0].noun for r in frame.relations if r.objects and r.objects[0].head == "STRUCTURE"]
    place = command.discourse.place
    if shapes and not (shapes[0] == "tower" and place is not None and place.relation == "tower"):
        return row(command, frame)
    if [relation.value for relation in frame.relations] == ["from"] and command.is_table(frame.relations[0]):
        raise Refused(
            "impossible", f"{frame.text!r}: things stay on {furniture(command.scene)}.", "Say where on it, or in or on what."
        )
    frame = _with_distances(frame)
    if frame.steps:
        if any(moves(relation) for relation in frame.relations):
            raise Refused("impossible", f"{frame.text!r} names a place and a direction.", "Say one of them.")
        return _displaced(command, frame)
    frame.takes("relations", "orders", "taken")
    return command.best(frame, True, lambda reading: _placed(command, frame, reading))


def _with_distances(frame: Frame) -> Frame:
    """The frame with a distance that has no direction given to the relation it goes with, as in "towards the mug by 5 cm".

    Raises:
        Refused: There is no such relation.
    """
    relations, steps = list(frame.relations), []
    for distance, direction in frame.steps:
        fitting = [i for i, relation in enumerate(relations) if _is_measured(relation.value) and not relation.distance]
        if direction:
            steps.append((distance, direction))
        elif fitting:
            relations[fitting[-1]] = replace(relations[fitting[-1]], distance=distance)
        else:
            message = f"{distance:g} m in {frame.text!r} has no direction."
            raise Refused("not_understood", message, "Say 'to the left', 'to the right', 'forward' or 'towards the robot'.")
    return replace(frame, relations=relations, steps=steps)


def _is_measured(relation: str) -> bool:
    """True if a distance can be said with a relation."""
    known = CONDITIONS.get(relation)
    field = known is not None and known.distance_field is not None
    return field or relation in ("towards", "away_from") or side_of(relation) in OPPOSITE


def _displaced(command: Command, frame: Frame) -> Understood:
    """A move or push in the robot's directions, by the distances that are said or as far as is usual and free.

    Raises:
        Refused: Opposite directions, or out of reach.
    """
    frame.takes("relations", "steps")
    directions = {direction for _, direction in frame.steps}
    if {"left", "right"} <= directions or {"forward", "backward"} <= directions:
        raise Refused("impossible", f"{frame.text!r} names opposite directions.", "Name one.")
    pushed = frame.action == "push"

    def meant(reading: Reading) -> Understood:
        found, tasks = command.themes(reading.themes), []
        for name in found.names:
            way, remarks, words = np.zeros(2), [], []
            for distance, direction in frame.steps:
                side, remark = along(command.scene, direction), ""
                if not distance:
                    distance, remark = usual_way(command.situation, name, side, frame.text, pushed)
                way += distance * np.array(side)
                remarks.append(remark)
                words.append(f"{distance * 100:g} cm {'to the ' if direction in OPPOSITE else ''}{direction}")
            conditions = moved_by(name, (float(way[0]), float(way[1])), command.situation, frame.text)
            where = " and ".join(words)
            why = "; ".join(filter(None, [found.why, f"{where}, as seen from the robot", *dict.fromkeys(remarks)])) + "."
            words_ = f"{'push' if pushed else 'move'} {name} {where}"
            tasks.append(command.task(Task("slide" if pushed else "put", name, conditions, words_, why)))
        return command.answer(tasks, found, Place("moved", (), frame.text))

    return command.best(frame, False, meant)


def _placed(command: Command, frame: Frame, reading: Reading) -> Understood:
    assert reading.goal is not None
    found = command.themes(reading.themes)
    if reading.goal.value == "back":
        return _restored(command, found)
    if reading.goal.value == "aside":
        return _aside(command, frame, found)
    if reading.goal.value == "down":
        return _put_down(command, found)
    goal = goal_of(reading.goal, command.resolver, found.names, found.noun)
    if reading.goal.distance and not _is_measured(goal.relation):
        message = f'"{reading.goal.text}" is no place at a distance.'
        raise Refused("not_understood", message, "Say '5 cm to the left', or '5 cm left of the mug'.")
    names = in_said_order(command, frame, _without_references(command, reading.themes, found, goal), found.noun)
    tasks: list[Task] = []
    trial = command.situation.copy()
    for name in names:
        conditions, remark = conditions_for(goal, name, trial, frame.verb, frame.action == "push")
        tasks.append(_goal_task(command, frame, name, conditions, found, goal, remark))
        trial.apply(tasks[-1])
    _check_room(command, goal, names)
    nouns = tuple(filter(None, (goal.noun, found.noun)))
    references = tuple(name for name in goal.references if name != ROBOT)
    place = Place(goal.relation, goal.references, goal.words)
    return Understood(tuple(tasks), command.discourse.after(names, references, nouns, place))


def _without_references(command: Command, themes: tuple[NounPhrase, ...], found: Found, goal: Goal) -> tuple[str, ...]:
    """For "put everything in the bowl" leaves the bowl, and what the bowl stands on, out."""
    wide = ("EVERY", "THING")
    if any(t.head in wide or t.quantifier == "all" or (t.plural and t.head != "PRON") for t in themes):
        carried = {command.situation.support(reference) for reference in goal.references if reference != ROBOT}
        names = tuple(name for name in found.names if name not in goal.references and name not in carried)
        if names:
            return names
    return found.names


def _check_room(command: Command, goal: Goal, names: tuple[str, ...]) -> None:
    if goal.relation == "on" and len(names) > 1:
        support = command.scene.get(goal.references[0])
        needed = sum(math.prod(command.scene.get(name).size[:2]) for name in names)
        if not is_table(support) and needed > FULL * math.prod(support.size[:2]):
            message = f'"{goal.words}": {listing(names)} do not fit side by side on {support.name}.'
            raise Refused("impossible", message, "Say 'stack' for a tower.", names)
    if goal.relation in ("between", "where") and len(names) > 1:
        message = f'"{goal.words}" is a place for one thing, and {listing(names)} are {len(names)}.'
        raise Refused("impossible", message, "Name one thing.", names)


def _goal_task(
    command: Command, frame: Frame, name: str, conditions: tuple[Condition, ...], found: Found, goal: Goal, remark: str
) -> Task:
    pushed = frame.action == "push" and goal.relation != "on"
    if frame.action == "push" and goal.relation in ("in", "on") and not is_table(command.scene.get(goal.references[0])):
        message = f'"{goal.words}": a thing cannot be pushed up into or onto {goal.references[0]}.'
        raise Refused("impossible", message, "Say 'put' instead of 'push'.", goal.references)
    why = "; ".join(dict.fromkeys(filter(None, [found.why, phrase_for(goal), goal.why, remark]))) + "."
    references = tuple(reference for reference in goal.references if reference != ROBOT)
    verb = "push" if pushed else "put"
    return command.task(Task("slide" if pushed else "put", name, conditions, f"{verb} {name} {named(goal)}", why, references))


def _aside(command: Command, frame: Frame, found: Found) -> Understood:
    """For "get the mug out of the way": to a free place; a next step for the same object goes instead."""
    trial, tasks = command.situation.copy(), []
    for name in found.names:
        pushed = frame.action == "push"
        place = push_aside(trial, name, (), ()) if pushed else stop_over(trial, name, ())
        if place is None:
            raise Refused("infeasible", f"{frame.text!r}: there is no free place for {name}.", "Say where to put it.", [name])
        why = f"{found.why}; no place is said, so it goes to a free one."
        words = f"{'push' if pushed else 'put'} {name} aside"
        tasks.append(command.task(Task("slide" if pushed else "put", name, (place,), words, why, provisional=True)))
        trial.apply(tasks[-1])
    return command.answer(tasks, found)


def _put_down(command: Command, found: Found) -> Understood:
    tasks, below = [], tuple(dict.fromkeys(command.ground_under(name) for name in found.names))
    for name in found.names:
        support = command.ground_under(name)
        why = f"{found.why}; no place is said, so it is put down on {support}."
        tasks.append(command.put(name, (CONDITIONS["on"].about(name, support),), f"on {support}", why, (support,)))
    nouns = (found.noun,) if found.noun else ()
    return Understood(tuple(tasks), command.discourse.after(found.names, below, nouns, Place("on", below, "down")))


def _restored(command: Command, found: Found) -> Understood:
    tasks = []
    for name in found.names:
        thing = command.scene.get(name)
        if thing.held:
            message = f'"back": I do not know where {name} was before it was picked up.'
            raise Refused("ambiguous", message, "Name a place.", [name])
        first = Situation(command.scene)
        parent, place = first.support(name), (float(thing.centre[0]), float(thing.centre[1]))
        if parent == command.situation.support(name) and math.dist(first.place(name), command.situation.place(name)) < UNMOVED:
            message = f'"back": {name} was not moved before, as far as this instruction says.'
            raise Refused("ambiguous", message, "Name a place.", [name])
        why = f'{found.why}; "back" is where it stood at first.'
        tasks.append(command.put(name, conditions_of_place(first, name, parent, place), "back", why))
    return Understood(tuple(tasks), command.discourse.after(found.names, (), (), None))


def moves(relation: Relation) -> bool:
    """True if a preposition can only say where something goes, as "into" does and "in" does not."""
    to = ("into ", "onto ", "to ", "over to ")
    return relation.value in ("towards", "aside") or (relation.value in ("in", "on", "to") and relation.text.startswith(to))


def fill(command: Command, frame: Frame) -> Understood:
    """For "fill the bowl with the blocks": the same as putting them into it.

    Raises:
        Refused: With what is not said.
    """
    if frame.action == "put" and not (frame.companions and frame.verb in ("load", "pack")):
        return put(command, frame)
    if len(frame.themes) != 1 or not frame.companions or frame.relations:
        message = f"{frame.text!r} does not say what to fill with what."
        raise Refused("not_understood", message, "Say 'put the blocks in the bowl'.")
    goal = Relation("to", (frame.themes[0],), f"to {frame.themes[0].text}")
    things = heads_shared(frame.companions, ["and"] * (len(frame.companions) - 1))
    return put(command, replace(frame, themes=things, companions=[], relations=[goal], action="put"))


def clear(command: Command, frame: Frame) -> Understood:
    """For "clear the tray": everything on it goes to what the tray stands on; "clear the blocks into the bowl" is a put.

    Raises:
        Refused: Nothing is named, or nothing that can be emptied.
    """
    frame.takes("relations")
    goals = [relation for relation in frame.relations if moves(relation)]
    if goals:
        names = [name for phrase in frame.themes for name in command.resolver.resolve(phrase).names]
        if len(names) == 1 and names[0] != ROBOT and command.scene.get(names[0]).cavity is not None:
            inside = Relation("from", tuple(frame.themes), f"from {frame.themes[0].text}")
            content = NounPhrase(f"everything from {frame.themes[0].text}", head="EVERY", noun="all", relations=(inside,))
            frame = replace(frame, themes=[content], joints=[])
        return put(command, replace(frame, action="put", particles=[]))

    def meant(reading: Reading) -> Understood:
        founds, tasks = [command.resolver.resolve(phrase) for phrase in reading.themes], []
        several = sum(len(found.names) for found in founds) > 1
        for name, why in [(name, found.why) for found in founds for name in found.names]:
            if name == ROBOT or is_table(command.scene.get(name)) or (several and command.scene.get(name).cavity is None):
                message = f"{frame.text!r} does not say where the things are to go."
                raise Refused("ambiguous", message, "Say for example 'put everything in the bowl'.")
            inside, table = command.situation.children(name), command.ground_under(name)
            for child in inside:
                last = (CONDITIONS["cleared"].about(name),) if child == inside[-1] else ()
                reason = f'{why}; {child} is on or in it and "{frame.verb}" asks for it to be empty.'
                tasks.append(command.put(child, (CONDITIONS["on"].about(child, table), *last), f"on {table}", reason, (name,)))
        names, nouns = tuple(name for found in founds for name in found.names), tuple(filter(None, (f.noun for f in founds)))
        return Understood(tuple(tasks), command.discourse.after(names, (), nouns, None))

    return command.best(frame, False, meant)


def remove(command: Command, frame: Frame) -> Understood:
    """For "take the block out of the bowl": onto the support of the scene, unless a place is named.

    Raises:
        Refused: It stands there already, or there is none.
    """
    if any(moves(relation) or side_of(relation.value) == "any" for relation in frame.relations):
        return put(command, replace(frame, action="put", particles=[]))
    frame.takes("relations")

    def meant(reading: Reading) -> Understood:
        found, tasks = command.themes(reading.themes), []
        for name in found.names:
            table = command.ground_under(name)
            if command.situation.support(name) == table:
                message = f"{name} stands on {table} already; there is nothing to take it from."
                raise Refused("impossible", message, "Say where it is to go.", [name])
            why = f'{found.why}; "{frame.verb}" without a place means onto {table}.'
            down = command.put(name, (CONDITIONS["on"].about(name, table),), f"on {table}", why, (table,))
            tasks.append(replace(down, provisional=True))
        return command.answer(tasks, found)

    try:
        return command.best(frame, False, meant)
    except Refused:
        if not _are_to_be_there(command, frame):
            raise
        return meant(Reading(tuple(frame.themes), None))


def _are_to_be_there(command: Command, frame: Frame) -> bool:
    """For "then take it out of the bowl": whether an earlier step brings the things to the place that is named."""
    if not frame.themes or not command.discourse.themes or any(relation.value != "from" for relation in frame.relations):
        return False
    try:
        found = command.themes(tuple(frame.themes))
        sources = {name for r in frame.relations for phrase in r.objects for name in command.resolver.resolve(phrase).names}
    except Refused:
        return False
    return all(command.situation.support(name) in sources for name in found.names)
