"""Sorting by colour: each thing goes into the container of its own colour."""

from __future__ import annotations

from dataclasses import replace

from lmp.meaning.conditions import In
from lmp.planners.scripted.command import Command, Understood
from lmp.planners.scripted.discourse import Place
from lmp.planners.scripted.frame import Frame
from lmp.planners.scripted.refused import Refused, listing
from lmp.planners.scripted.support import check_inside
from lmp.planners.scripted.syntax import NounPhrase, Relation
from lmp.planners.scripted.tasks import Task
from lmp.schema.scene import SceneObject


def wants_colours(frame: Frame) -> bool:
    """Whether colours are to decide where things go: "by colour", "in the matching bins"."""
    return "by_colour" in frame.orders or any(
        adjective.kind == "match"
        for relation in frame.relations
        for phrase in relation.objects
        for adjective in phrase.adjectives
    )


def by_colour(command: Command, frame: Frame) -> Understood:
    """Each thing into the one container of its colour.

    Raises:
        Refused: A thing has no colour, or no or several containers share it.
    """
    goals = [relation for relation in frame.relations if relation.value in ("in", "on", "to") and relation.objects]
    if len(goals) != len(frame.relations) or len(goals) > 1 or frame.steps:
        raise Refused(
            "not_understood", f"I do not understand {frame.text!r}.", "Say 'sort the blocks by colour into the bins'."
        )
    containers = _containers(command, goals[0] if goals else None)
    found = command.themes(tuple(frame.themes))
    tasks = []
    for name in found.names:
        if name in [container.name for container in containers]:
            continue
        container = _of_colour(command.scene.get(name), containers, frame)
        check_inside(command.scene, name, container.name, frame.text)
        why = f"{found.why}; {name} is {container.colour}, and so is {container.name}."
        condition = In(object=name, container=container.name)
        task = Task("put", name, (condition,), f"put {name} in {container.name}", why, (container.name,))
        tasks.append(command.task(task))
    if not tasks:
        raise Refused("absent", f"{frame.text!r}: there is nothing to sort.", "Name the things.", found.names)
    return command.answer(tasks, found, Place("sorted", tuple(container.name for container in containers), frame.text))


def _containers(command: Command, goal: Relation | None) -> list[SceneObject]:
    """Those that are named, whichever their number; all that have a colour where none is."""
    if goal is None:
        return [thing for thing in command.scene.objects if thing.cavity is not None and thing.colour is not None]
    kept: list[SceneObject] = []
    for phrase in goal.objects:
        plain: NounPhrase = replace(phrase, adjectives=tuple(a for a in phrase.adjectives if a.kind != "match"))
        kept += command.resolver.matches(plain)[0]
    return kept


def _of_colour(thing: SceneObject, containers: list[SceneObject], frame: Frame) -> SceneObject:
    same = [container for container in containers if thing.colour is not None and container.colour == thing.colour]
    if len(same) == 1:
        return same[0]
    if same:
        names = [container.name for container in same]
        raise Refused("ambiguous", f"{frame.text!r}: {thing.name} could go to {listing(names, 'or')}.", "Name one.", names)
    raise Refused(
        "absent",
        f"{frame.text!r}: nothing to put {thing.name} in is {thing.colour or 'of its colour'}.",
        f"There is: {listing(container.name for container in containers)}." if containers else "",
        [thing.name],
    )
