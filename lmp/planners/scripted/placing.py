"""Picking up, putting, moving and pushing: one thing or several, to one place."""

from __future__ import annotations

import math
from dataclasses import replace

from lmp.meaning.conditions import Held
from lmp.planners.scripted.arranging import row, together
from lmp.planners.scripted.at_a_distance import at_a_distance, is_at_a_distance
from lmp.planners.scripted.attachment import Reading
from lmp.planners.scripted.colours import by_colour, wants_colours
from lmp.planners.scripted.command import Command, Understood
from lmp.planners.scripted.conditions import conditions_for
from lmp.planners.scripted.discourse import Place
from lmp.planners.scripted.displacing import displace, with_distances
from lmp.planners.scripted.found import Found
from lmp.planners.scripted.frame import Frame
from lmp.planners.scripted.goals import Goal, goal_of, named, phrase_for
from lmp.planners.scripted.heights import with_height
from lmp.planners.scripted.properties import is_table
from lmp.planners.scripted.refused import Refused, listing
from lmp.planners.scripted.said_order import in_said_order
from lmp.planners.scripted.situation import Situation
from lmp.planners.scripted.spatial import ROBOT
from lmp.planners.scripted.swaps import conditions_of_place
from lmp.planners.scripted.syntax import NounPhrase, Relation
from lmp.planners.scripted.tasks import Task
from lmp.schema.condition import Condition

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
