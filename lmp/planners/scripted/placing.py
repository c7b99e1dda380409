"""Emptying things, and taking things off or out of others."""

from __future__ import annotations

import math
from dataclasses import replace

from lmp.planners.scripted.arranging import by_colour, conditions_of_place, in_said_order, row, together, wants_colours
from lmp.planners.scripted.command import Command, Reading, Understood
from lmp.planners.scripted.conditions import at_a_distance, conditions_for, free_way, is_at_a_distance, moved_by
from lmp.planners.scripted.frames import Frame
from lmp.planners.scripted.goals import DIRECTIONS, Goal, goal_of, named, phrase_for
from lmp.planners.scripted.parsing import NounPhrase, Relation
from lmp.planners.scripted.properties import is_table
from lmp.planners.scripted.refused import Refused, listing
from lmp.planners.scripted.relating import ROBOT
from lmp.planners.scripted.resolution import Found, Place
from lmp.planners.scripted.situation import Situation
from lmp.planners.scripted.tasks import Task
from lmp.schema.condition import Cleared, Condition, Held, On

LOWEST, HIGHEST = 0.02, 0.4
"""Heights to which a thing can be lifted [m]."""


def with_height(command: Command, frame: Frame) -> tuple[Frame, float | None]:
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
        raise Refused(
            "infeasible",
            f"{frame.text!r} asks for {height * 100:g} cm; I can lift things by {LOWEST * 100:g} to {HIGHEST * 100:g} cm.",
            "Say a height between these.",
        )
    return replace(frame, steps=[], relations=[relation for relation in frame.relations if relation not in above]), height


_MEASURED = ("towards", "away_from", "left_of", "right_of", "front_of", "behind")


def with_distances(frame: Frame) -> Frame:
    """The frame with a distance that has no direction given to the relation it goes with, as in "towards the mug by 5 cm".

    Raises:
        Refused: There is no such relation.
    """
    relations, steps = list(frame.relations), []
    for distance, direction in frame.steps:
        if direction:
            steps.append((distance, direction))
            continue
        fitting = [i for i, relation in enumerate(relations) if relation.value in _MEASURED and not relation.distance]
        if not fitting:
            raise Refused(
                "not_understood",
                f"{distance:g} m in {frame.text!r} has no direction.",
                "Say 'to the left', 'to the right', 'forward' or 'towards the robot'.",
            )
        relations[fitting[-1]] = replace(relations[fitting[-1]], distance=distance)
    return replace(frame, relations=relations, steps=steps)


def displace(command: Command, frame: Frame) -> Understood:
    """A move or push in the robot's directions, by the distances that are said or as far as is usual and free.

    Raises:
        Refused: Opposite directions, or out of reach.
    """
    relations = list(frame.relations)
    directions = [direction for _, direction in frame.steps]
    if {"left", "right"} <= set(directions) or {"forward", "backward"} <= set(directions):
        raise Refused("impossible", f"{frame.text!r} names opposite directions.", "Name one.")

    def meant(reading: Reading) -> Understood:
        found = command.themes(reading.themes)
        tasks = []
        for name in found.names:
            dx, dy, remarks = _way(command, frame, name)
            conditions = moved_by(name, (dx, dy), command.situation, frame.text)
            where = _direction_words(dx, dy)
            verb, kind = ("push", "push") if frame.action == "push" else ("move", "put")
            why = "; ".join([found.why, f"{where}, as seen from the robot, along x", *dict.fromkeys(remarks)])
            tasks.append(
                command.task(Task("push" if kind == "push" else "put", name, conditions, f"{verb} {name} {where}", f"{why}."))
            )
        place = Place("moved", (), frame.text)
        return command.answer(tasks, found, place)

    return command.best(replace(frame, relations=relations), False, meant)


def _way(command: Command, frame: Frame, name: str) -> tuple[float, float, list[str]]:
    """The displacement of one thing [m], and what is said about the distances that the words leave open."""
    dx = dy = 0.0
    remarks: list[str] = []
    for distance, direction in frame.steps:
        along = DIRECTIONS[direction]
        if not distance:
            distance, remark = free_way(command.situation, name, along, frame.text, frame.action == "push")
            remarks.append(remark)
        dx, dy = dx + along[0] * distance, dy + along[1] * distance
    return dx, dy, remarks


def _direction_words(dx: float, dy: float) -> str:
    parts = []
    if abs(dx) > 1e-9:
        parts.append(f"{abs(dx) * 100:g} cm {'forward' if dx > 0 else 'backward'}")
    if abs(dy) > 1e-9:
        parts.append(f"{abs(dy) * 100:g} cm to the {'left' if dy > 0 else 'right'}")
    return " and ".join(parts)


UNMOVED = 0.005
"""Distance from where a thing stood at first up to which it was not moved [m]."""


def pick(command: Command, frame: Frame) -> Understood:
    """Picks one thing up; with "into" or "to", puts it there.

    Raises:
        Refused: Several things, or what cannot be followed.
    """
    gathered: tuple[str, ...] = ()
    if frame.verb in ("gather", "collect"):
        several = len(frame.themes) > 1 or any(theme.many for theme in frame.themes)
        gathered = ("in", "on", "middle_of", "between", "side", "at") if several else ("in", "on")
    frame, lift = with_height(command, frame)
    goals = [relation for relation in frame.relations if moves(relation) or relation.value in gathered]
    if goals or frame.steps or (frame.mutual and frame.verb in ("gather", "collect", "bring")):
        return put(command, replace(frame, action="put"))
    if frame.steps or frame.mutual or frame.orders or frame.companions:
        raise Refused(
            "not_understood",
            f"I do not understand {frame.text!r} as picking something up.",
            "Say 'pick up', then where to put it.",
        )

    def meant(reading: Reading) -> Understood:
        found = command.themes(reading.themes)
        if len(found.names) > 1:
            raise Refused(
                "impossible",
                f"The hand holds one thing, and {listing(found.names)} are {len(found.names)}.",
                "Pick up one, or say where to put them.",
                found.names,
            )
        name = found.names[0]
        how = f", and {lift * 100:g} cm high as said" if lift else ""
        task = command.task(Task("hold", name, (Held(object=name),), f"pick up {name}", f"{found.why}{how}.", lift=lift))
        return command.answer([task], found)

    return command.best(frame, False, meant)


def put(command: Command, frame: Frame) -> Understood:
    """Puts, moves or pushes things to a place or by a distance.

    Raises:
        Refused: No place, an impossible one, or what cannot be followed.
    """
    if wants_colours(frame):
        return by_colour(command, frame)
    if frame.companions or (frame.orders and frame.action != "put"):
        raise Refused(
            "not_understood", f"I do not understand the order or company in {frame.text!r}.", "Say where each thing goes."
        )
    if frame.mutual and not frame.relations:
        return together(command, frame)
    if frame.mutual:
        raise Refused(
            "impossible",
            f"{frame.text!r} says a place, and how the things are to stand to each other.",
            "Say one of the two, or where each thing goes.",
        )
    structures = [
        relation.objects[0].noun for relation in frame.relations if relation.objects and relation.objects[0].head == "STRUCTURE"
    ]
    if structures and not (structures[0] == "tower" and _is_tower_known(command)):
        return row(command, frame)
    if [relation.value for relation in frame.relations] == ["from"] and command.is_table(frame.relations[0]):
        raise Refused("impossible", f"{frame.text!r}: things stay on the table.", "Say where on the table, or in or on what.")
    frame = with_distances(frame)
    if frame.steps:
        if frame.relations and any(moves(relation) for relation in frame.relations):
            raise Refused("impossible", f"{frame.text!r} names a place and a direction.", "Say one of them.")
        return displace(command, frame)
    return command.best(frame, True, lambda reading: _placed(command, frame, reading))


def _is_tower_known(command: Command) -> bool:
    return command.discourse.place is not None and command.discourse.place.relation == "tower"


def _placed(command: Command, frame: Frame, reading: Reading) -> Understood:
    assert reading.goal is not None
    found = command.themes(reading.themes)
    if reading.goal.value == "back":
        return _restored(command, found)
    goal = goal_of(reading.goal, command.resolver, found.names, found.noun)
    names = in_said_order(command, frame, _without_references(command, reading.themes, found, goal))
    tasks: list[Task] = []
    trial = command.situation.copy()
    for name in names:
        if is_at_a_distance(goal, frame.verb):
            conditions, remark = at_a_distance(goal, name, trial)
        else:
            conditions, remark = conditions_for(goal, name, trial, frame.action == "push")
        tasks.append(_goal_task(command, frame, name, conditions, found, goal, remark))
        trial.apply(tasks[-1])
    _check_room(command, goal, names)
    place = Place(goal.relation, goal.references, goal.words)
    nouns = tuple(filter(None, (goal.noun, found.noun)))
    references = tuple(name for name in goal.references if name != ROBOT)
    return Understood(tuple(tasks), command.discourse.after(names, references, nouns, place))


def _without_references(command: Command, themes: tuple[NounPhrase, ...], found: Found, goal: Goal) -> tuple[str, ...]:
    """For "Put everything in the bowl" leaves the bowl, and what the bowl stands on, out."""
    if any(
        theme.head in ("EVERY", "THING") or theme.quantifier == "all" or (theme.plural and theme.head != "PRON")
        for theme in themes
    ):
        carried = {command.situation.parent.get(reference) for reference in goal.references}
        names = tuple(name for name in found.names if name not in goal.references and name not in carried)
        if names:
            return names
    return found.names


def _check_room(command: Command, goal: Goal, names: tuple[str, ...]) -> None:
    if goal.relation == "on" and len(names) > 1:
        support = command.scene.get(goal.references[0])
        room = support.size[0] * support.size[1]
        needed = sum(command.scene.get(name).size[0] * command.scene.get(name).size[1] for name in names)
        if not is_table(support) and needed > 0.9 * room:
            raise Refused(
                "impossible",
                f'"{goal.words}": {listing(names)} do not fit side by side on {support.name}.',
                "Say 'stack' for a tower.",
                names,
            )
    if goal.relation in ("between", "where") and len(names) > 1:
        raise Refused(
            "impossible",
            f'"{goal.words}" is a place for one thing, and {listing(names)} are {len(names)}.',
            "Name one thing.",
            names,
        )


def _goal_task(
    command: Command, frame: Frame, name: str, conditions: tuple[Condition, ...], found: Found, goal: Goal, remark: str
) -> Task:
    pushing = frame.action == "push"
    if pushing and goal.relation in ("in", "on") and not is_table(command.scene.get(goal.references[0])):
        raise Refused(
            "impossible",
            f'"{goal.words}": a thing cannot be pushed up into or onto {goal.references[0]}.',
            "Say 'put' instead of 'push'.",
            goal.references,
        )
    kind = "push" if pushing and goal.relation != "on" else "put"
    reasons = [found.why, phrase_for(goal), goal.why, remark]
    why = "; ".join(dict.fromkeys(filter(None, reasons))) + "."
    references = tuple(reference for reference in goal.references if reference != ROBOT)
    verb = "push" if kind == "push" else "put"
    words = f"{verb} {name} {named(goal)}"
    return command.task(Task("push" if kind == "push" else "put", name, conditions, words, why, references))


def _restored(command: Command, found: Found) -> Understood:
    tasks = []
    for name in found.names:
        x, y = (float(value) for value in command.scene.get(name).centre[:2])
        if command.scene.get(name).held:
            raise Refused(
                "ambiguous", f'"back": I do not know where {name} was before it was picked up.', "Name a place.", [name]
            )
        parent = Situation(command.scene).parent.get(name)
        if parent == command.situation.parent.get(name) and math.dist((x, y), command.situation.place[name]) < UNMOVED:
            raise Refused(
                "ambiguous", f'"back": {name} was not moved before, as far as this instruction says.', "Name a place.", [name]
            )
        conditions = conditions_of_place(command.scene, name, name, parent, (x, y))
        tasks.append(
            command.task(Task("put", name, conditions, f"put {name} back", f'{found.why}; "back" is where it stood at first.'))
        )
    return Understood(tuple(tasks), command.discourse.after(found.names, (), (), None))


def moves(relation: Relation) -> bool:
    """Whether a preposition can only say where something goes, as "into" does and "in" does not."""
    return relation.value == "towards" or (
        relation.value in ("in", "on", "to") and relation.text.startswith(("into ", "onto ", "to ", "over to "))
    )


def clear(command: Command, frame: Frame) -> Understood:
    """For "Clear the tray": everything on it goes to the table; "clear the blocks into the bowl" is a put."""
    if (
        frame.relations
        and frame.relations[-1].value in ("in", "on", "to")
        and not frame.relations[-1].text.startswith(("in ", "on "))
    ):
        return put(command, replace(frame, action="put", particles=[]))

    def meant(reading: Reading) -> Understood:
        found = command.resolver.resolve(reading.themes[0])
        name = found.names[0]
        if len(found.names) > 1 or name == ROBOT or is_table(command.scene.get(name)):
            raise Refused(
                "ambiguous",
                f"{frame.text!r} does not say where the things are to go.",
                "Say for example 'put everything in the bowl'.",
            )
        if command.situation.table is None:
            raise Refused("absent", f"{frame.text!r}: there is no table to put things on.", "Say where to put them.")
        inside = command.situation.children(name)
        cleared = Cleared(object=name)
        tasks = []
        for i, child in enumerate(inside):
            conditions: tuple[Condition, ...] = (On(object=child, support=command.situation.table),)
            conditions = (*conditions, cleared) if i == len(inside) - 1 else conditions
            tasks.append(
                command.task(
                    Task(
                        "put",
                        child,
                        conditions,
                        f"put {child} on {command.situation.table}",
                        f'{found.why}; {child} is on or in it and "{frame.verb}" asks for it to be empty.',
                        (name,),
                    )
                )
            )
        return Understood(tuple(tasks), command.discourse.after((name,), (), (found.noun,) if found.noun else (), None))

    return command.best(frame, False, meant)


def remove(command: Command, frame: Frame) -> Understood:
    """For "Take the block out of the bowl": onto the table, unless a place is named."""
    if any(moves(relation) or relation.value == "next_to" for relation in frame.relations):
        return put(command, replace(frame, action="put", particles=[]))
    table = command.situation.table
    if table is None:
        raise Refused("absent", f"{frame.text!r}: there is no table to put things on.", "Say where to put them.")
    sources = list(frame.relations)

    def meant(reading: Reading) -> Understood:
        found = command.themes(reading.themes)
        tasks = []
        for name in found.names:
            if command.situation.parent.get(name) == table:
                raise Refused(
                    "impossible",
                    f"{name} stands on {table} already; there is nothing to take it from.",
                    "Say where it is to go.",
                    [name],
                )
            why = f'{found.why}; "{frame.verb}" without a place means onto {table}.'
            tasks.append(
                command.task(
                    Task(
                        "put",
                        name,
                        (On(object=name, support=table),),
                        f"put {name} on {table}",
                        why,
                        (table,),
                        provisional=True,
                    )
                )
            )
        return command.answer(tasks, found)

    try:
        return command.best(replace(frame, relations=sources), False, meant)
    except Refused:
        found = _from_where_it_will_be(command, frame)
        if found is None:
            raise
        return meant(Reading(tuple(frame.themes), None))


def _from_where_it_will_be(command: Command, frame: Frame) -> Found | None:
    """For "then take it out of the bowl": the things that an earlier step brings to the place that is named."""
    if not frame.themes or not command.discourse.themes or any(relation.value != "from" for relation in frame.relations):
        return None
    try:
        found = command.themes(tuple(frame.themes))
        sources = {name for r in frame.relations for phrase in r.objects for name in command.resolver.resolve(phrase).names}
    except Refused:
        return None
    return found if all(command.situation.parent.get(name) in sources for name in found.names) else None
