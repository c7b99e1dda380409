"""Whether a task was truly done, judged as a strict person would, from poses, shapes and contacts alone.

The judge shares no code with the verifier: a success that only the verifier sees is a false success.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

import numpy as np

from lmp.lab.truth.truth_predicates import (
    All,
    AnyOf,
    At,
    Between,
    Cleared,
    Held,
    Holds,
    Moved,
    MovedBy,
    Not,
    NotMoved,
    Predicate,
)
from lmp.lab.truth.truth_snapshot import Snapshot, Thing
from lmp.schema.scene_file import TABLE
from lmp.sims.planar import width_along
from lmp.sims.scenes.footprint import free_distance

LEVEL = 0.01
"""Things whose undersides differ by less stand on one level [m]."""
SIDE_OVERLAP = 0.005
"""How far a thing may reach over the edge of what it is said to be left of [m]."""
FARTHEST_SIDE = 0.30
"""Free distance beyond which nobody would say "left of" [m]."""
NEXT_TO = 0.10
"""Largest free distance of things that are next to each other [m]."""
LINE = 0.01
"""How far the line between two things may pass beside the thing that is between them [m]."""
UPRIGHT = np.cos(np.radians(20.0))
TIPPED = np.cos(np.radians(15.0))

DIRECTIONS = {"left": (0.0, 1.0), "right": (0.0, -1.0), "forward": (1.0, 0.0), "backward": (-1.0, 0.0)}
_AXIS_AND_SIGN = {"left_of": (1, 1.0), "right_of": (1, -1.0), "in_front_of": (0, -1.0), "behind": (0, 1.0)}


@dataclass(frozen=True)
class Finding:
    """Whether a predicate holds, and what decided it."""

    holds: bool
    why: str


def judge(predicate: Predicate, before: Snapshot, after: Snapshot) -> Finding:
    """Whether the predicate holds after a run.

    Args:
        predicate: What was asked.
        before: The world at the start.
        after: The world after the run, 1 s at rest, the arm home.

    Raises:
        UnknownName: The predicate names something that the scene has never had.
    """
    match predicate:
        case All():
            return _joined([judge(part, before, after) for part in predicate.of], all)
        case AnyOf():
            return _joined([judge(part, before, after) for part in predicate.of], any)
        case Not():
            found = judge(predicate.of, before, after)
            return Finding(not found.holds, f"not ({found.why})")
        case Held():
            thing = after.find(predicate.object)
            return Finding(
                thing is not None and thing.held, f"{predicate.object} is {'' if thing and thing.held else 'not '}held"
            )
        case _:
            return _of_resting(predicate, before, after)


def _joined(findings: list[Finding], quantifier: Callable[[list[bool]], bool]) -> Finding:
    holds = quantifier([finding.holds for finding in findings])
    return Finding(holds, "; ".join(finding.why for finding in findings if finding.holds == holds))


def _of_resting(
    predicate: Holds | Between | Cleared | At | MovedBy | Moved | NotMoved, before: Snapshot, after: Snapshot
) -> Finding:
    """Everything that asks for a thing at rest."""
    thing = after.find(predicate.object)
    if thing is None:
        return Finding(False, f"{predicate.object} is gone")
    if predicate.object != TABLE and not thing.rests:
        return Finding(False, f"{thing.name} is not at rest: it touches {', '.join(sorted(thing.touching)) or 'nothing'}")
    match predicate:
        case Holds():
            reference = after.find(predicate.reference)
            if reference is None:
                return Finding(False, f"{predicate.reference} is gone")
            return _RELATIONS[predicate.kind](predicate, thing, reference, after)
        case Between():
            return _between(thing, after.find(predicate.first), after.find(predicate.second))
        case Cleared():
            on_it = [other.name for other in after.things if other is not thing and _carried_by(other, thing, after)]
            return Finding(not on_it, f"{thing.name} carries {', '.join(on_it) or 'nothing'}")
        case At():
            away = float(np.hypot(*(thing.middle[:2] - [predicate.x, predicate.y])))
            return Finding(away <= predicate.within, f"{thing.name} is {away:.3f} m from there")
        case Moved():
            dx, dy = (predicate.distance * part for part in DIRECTIONS[predicate.direction])
            return _moved(thing, before.find(thing.name), dx, dy, predicate.within)
        case MovedBy():
            return _moved(thing, before.find(thing.name), predicate.dx, predicate.dy, predicate.within)
        case NotMoved():
            start = before.find(thing.name)
            upright = start is not None and float(thing.pose.rotation[:, 2] @ start.pose.rotation[:, 2]) > TIPPED
            found = _moved(thing, start, 0.0, 0.0, predicate.within)
            return Finding(found.holds and upright, found.why if upright else f"{thing.name} was tipped")
        case _:
            assert_never(predicate)


def _moved(thing: Thing, start: Thing | None, dx: float, dy: float, within: float) -> Finding:
    if start is None:
        return Finding(False, f"{thing.name} was not there at the start")
    moved = thing.middle - start.middle
    away = float(np.hypot(moved[0] - dx, moved[1] - dy))
    level = abs(thing.bottom - start.bottom) <= LEVEL
    return Finding(
        away <= within and level, f"{thing.name} is {away:.3f} m from its goal{'' if level else ', on another level'}"
    )


def _on(predicate: Holds, thing: Thing, support: Thing, world: Snapshot) -> Finding:
    """It touches the support, its middle is over it, it is above it, and nothing below helps to carry it."""
    over = support.covers(thing.middle[:2])
    floor = support.pose.position[2] + support.cavity.floor - 0.003 if support.cavity else support.top - 0.008
    above = thing.bottom >= floor
    alone = support.name == TABLE or TABLE not in thing.touching
    touches = support.name in thing.touching
    why = f"{thing.name} {'touches' if touches else 'does not touch'} {support.name}"
    why += "" if over else ", its middle is not over it"
    why += "" if above else ", it is not above it"
    why += "" if alone else ", it touches the table too"
    return Finding(touches and over and above and alone, why)


def _in(predicate: Holds, thing: Thing, container: Thing, world: Snapshot) -> Finding:
    """Its middle is over the opening, it reaches well below the rim, and the container carries it, if by way of others."""
    if container.cavity is None:
        return Finding(False, f"{container.name} has no hollow")
    if container.pose.rotation[2, 2] < UPRIGHT:
        return Finding(False, f"{container.name} is tipped over")
    cavity, local = container.cavity, container.pose.inverse().apply(thing.points)
    middle = (local.min(axis=0) + local.max(axis=0))[:2] / 2
    half = np.array([cavity.half_x, cavity.half_y])
    inside = float(np.hypot(*(middle / half))) <= 1.0 if cavity.round else bool((np.abs(middle) <= half).all())
    depth = cavity.rim - float(local[:, 2].min())
    deep = depth >= min(0.01, (cavity.rim - cavity.floor) / 2)
    over_floor = float(local[:, 2].min()) >= cavity.floor - 0.005
    carried = TABLE not in thing.touching and _leads_to(thing, container.name, world)
    why = f"{thing.name} reaches {depth:.3f} m below the rim of {container.name}"
    why += "" if inside else ", its middle is outside of the opening"
    why += "" if over_floor else ", it is under the floor"
    why += "" if carried else ", the container does not carry it"
    return Finding(inside and deep and over_floor and carried, why)


def _leads_to(thing: Thing, goal: str, world: Snapshot) -> bool:
    """Whether contacts lead from a thing to the goal without the table and the robot."""
    seen, waiting = {thing.name}, [thing]
    while waiting:
        for name in waiting.pop().touching - seen - {TABLE}:
            if name == goal:
                return True
            seen.add(name)
            waiting += [other for other in world.things if other.name == name]
    return False


def _beside(predicate: Holds, thing: Thing, reference: Thing, world: Snapshot) -> Finding:
    """On one level, past the reference's edge on that side, within 45 degrees of that direction, not far away."""
    axis, sign = _AXIS_AND_SIGN[predicate.kind]
    way = sign * (thing.middle - reference.middle)[:2]
    along, across = float(way[axis]), float(abs(way[1 - axis]))
    past = thing.low(axis) - reference.high(axis) if sign > 0 else reference.low(axis) - thing.high(axis)
    far = free_distance(thing.outline, reference.outline)
    level = _level(thing, reference)
    why = f"{thing.name} is {along:.3f} m along and {across:.3f} m across, {past:.3f} m past the edge, {far:.3f} m away"
    holds = level and past >= -SIDE_OVERLAP and across <= along and far <= FARTHEST_SIDE
    return Finding(holds, why + ("" if level else ", on another level"))


def _next_to(predicate: Holds, thing: Thing, reference: Thing, world: Snapshot) -> Finding:
    """On one level, side by side, at most 10 cm apart."""
    apart, level = free_distance(thing.outline, reference.outline), _level(thing, reference)
    return Finding(
        level and -0.002 <= apart <= NEXT_TO,
        f"{thing.name} is {apart:.3f} m from {reference.name}{'' if level else ', on another level'}",
    )


def _between(thing: Thing, first: Thing | None, second: Thing | None) -> Finding:
    """On one level with both, in the gap between them, and the line from middle to middle passes through it."""
    if first is None or second is None:
        return Finding(False, "a reference is gone")
    start, way = first.middle[:2], second.middle[:2] - first.middle[:2]
    length = float(np.hypot(*way))
    if length < 1e-6:
        return Finding(False, "the references are in one place")
    along = way / length
    across = np.array([-along[1], along[0]])
    line_off = abs(float((thing.middle[:2] - start) @ across))
    reach = thing.outline @ along - start @ along
    inside = reach.min() > 0.0 and reach.max() < length
    apart = min(free_distance(thing.outline, other.outline) for other in (first, second))
    level = _level(thing, first) and _level(thing, second)
    holds = level and inside and apart >= -0.002 and line_off <= width_along(thing.outline, across) / 2 + LINE
    why = f"{thing.name} is {line_off:.3f} m off the line from {first.name} to {second.name}, {apart:.3f} m from the nearer"
    return Finding(bool(holds), why + ("" if inside else ", not between them") + ("" if level else ", on another level"))


def _level(thing: Thing, other: Thing) -> bool:
    return abs(thing.bottom - other.bottom) <= LEVEL


def _carried_by(thing: Thing, support: Thing, world: Snapshot) -> bool:
    """It touches the support and its middle is over it and higher."""
    return support.name in thing.touching and support.covers(thing.middle[:2]) and thing.bottom > support.bottom + 0.003


_RELATIONS: dict[str, Callable[[Holds, Thing, Thing, Snapshot], Finding]] = {
    "on": _on,
    "in": _in,
    "next_to": _next_to,
    **dict.fromkeys(_AXIS_AND_SIGN, _beside),
}
