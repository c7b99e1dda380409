"""Moves and pushes by a distance in a direction."""

from __future__ import annotations

from dataclasses import replace

from lmp.planners.scripted.attachment import Reading
from lmp.planners.scripted.command import Command, Understood
from lmp.planners.scripted.conditions import moved_by
from lmp.planners.scripted.discourse import Place
from lmp.planners.scripted.frame import Frame
from lmp.planners.scripted.free_way import free_way
from lmp.planners.scripted.goals import DIRECTIONS
from lmp.planners.scripted.refused import Refused
from lmp.planners.scripted.tasks import Task

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
