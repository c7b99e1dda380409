"""How far a thing can go in a direction where no distance is said: the usual distance, or what is free of it."""

from __future__ import annotations

import math

import numpy as np

from lmp.planners.scripted.goals import ALONG, SIDES, Goal, place_in
from lmp.planners.scripted.properties import is_table
from lmp.planners.scripted.refused import Refused
from lmp.planners.scripted.relating import ROBOT
from lmp.planners.scripted.situation import Bounds, Place2, Situation, check_inside, check_on, is_shallow
from lmp.schema.condition import At, Between, Condition, In, MovedBy, NextTo, On


def conditions_for(goal: Goal, name: str, situation: Situation, pushed: bool = False) -> tuple[tuple[Condition, ...], str]:
    """The conditions that one thing has to meet, carried or `pushed` there, and what is said about them.

    Raises:
        Refused: The thing cannot be there.
    """
    scene = situation.scene
    if goal.relation == "region" and goal.region is not None:
        if goal.region.point is not None:
            x, y = goal.region.point
            check_reach(situation, name, (x, y), goal.words)
            return (At(object=name, x=x, y=y),), ""
        x, y = place_in(goal.region, name, situation)
        return (At(object=name, x=x, y=y),), f"a free place there is ({x:.2f}, {y:.2f}) m"
    if name in goal.references:
        raise Refused(
            "impossible", f'"{goal.words}": {name} cannot be put in relation to itself.', "Name another place.", [name]
        )
    reference = goal.references[0]
    if goal.relation == "in":
        check_inside(scene, name, reference, goal.words)
        return (In(object=name, container=reference),), ""
    if goal.relation == "on":
        check_on(scene, name, reference, goal.words)
        return (On(object=name, support=reference),), ""
    if goal.relation == "centre":
        check_on(scene, name, reference, goal.words)
        x, y = situation.place[reference]
        return (On(object=name, support=reference), At(object=name, x=x, y=y)), f"its centre is ({x:.2f}, {y:.2f}) m"
    if goal.relation == "between":
        return (Between(object=name, first=reference, second=goal.references[1]),), ""
    if goal.relation == "next_to":
        _check_beside(goal, situation)
        return (NextTo(object=name, reference=reference),), ""
    if goal.relation in SIDES:
        _check_beside(goal, situation)
        beside = SIDES[goal.relation](object=name, reference=reference)
        if goal.distance:
            x, y = situation.beside(name, reference, ALONG[goal.relation], goal.distance)
            check_reach(situation, name, (x, y), goal.words)
            return (beside, At(object=name, x=x, y=y)), f"{goal.distance:g} m free between the two"
        return (beside,), ""
    if goal.relation in ("towards", "away_from"):
        return _approach(goal, name, situation, pushed)
    if goal.relation == "where":
        return _where(goal, name, situation)
    raise Refused("not_understood", f'"{goal.words}" is no place that I know.', "Say 'on', 'in', 'next to' ...")


def _check_beside(goal: Goal, situation: Situation) -> None:
    reference = goal.references[0]
    parent = situation.parent.get(reference)
    if is_table(situation.scene.get(reference)):
        raise Refused("impossible", f'"{goal.words}" is off the table.', "Say 'on the table', or name an object.")
    if parent is not None and situation.scene.get(parent).cavity is not None and not is_shallow(situation.scene.get(parent)):
        raise Refused(
            "impossible",
            f'"{goal.words}": {reference} is in {parent}, so nothing can stand beside it.',
            f"Say 'next to the {situation.scene.get(parent).category}'.",
            [parent],
        )


def _approach(goal: Goal, name: str, situation: Situation, pushed: bool) -> tuple[tuple[Condition, ...], str]:
    x, y = situation.place[name]
    other = goal.references[0]
    to_x, to_y = (0.0, 0.0) if other == ROBOT else situation.place[other]
    away = math.hypot(to_x - x, to_y - y)
    if other != ROBOT and is_table(situation.scene.get(other)):
        raise Refused("not_understood", f'"{goal.words}" is no direction.', "Say 'towards the robot' or name an object.")
    if away < 1e-3:
        raise Refused("impossible", f'"{goal.words}": {name} is there already.', "Say another direction.", [name])
    sign = 1.0 if goal.relation == "towards" else -1.0
    distance, remark = goal.distance, ""
    if goal.relation == "towards" and other != ROBOT:
        room = away - max(situation.half[name]) - max(situation.half[other]) - 0.01
        if goal.distance and distance > room:
            raise Refused(
                "impossible",
                f'"{goal.words}": {name} would run into {other} after {max(room, 0.0) * 100:.0f} cm.',
                "Say a smaller distance, or 'next to'.",
                [other],
            )
        if room < 0.02:
            raise Refused("impossible", f'"{goal.words}": {name} is next to {other} already.', "Say another place.", [other])
        if not distance and room < DEFAULT_DISTANCE:
            distance, remark = room, f"no distance is said, so {room * 100:.0f} cm, up to {other}"
    along = (sign * (to_x - x) / away, sign * (to_y - y) / away)
    if not distance:
        distance, remark = free_way(situation, name, along, goal.words, pushed)
    return moved_by(name, (distance * along[0], distance * along[1]), situation, goal.words), remark


def moved_by(name: str, step: tuple[float, float], situation: Situation, words: str) -> tuple[Condition, ...]:
    """The condition of a displacement [m] from where the thing is then.

    Raises:
        Refused: It ends outside the workspace.
    """
    dx, dy = step
    length = math.hypot(dx, dy)
    x, y = situation.place[name]
    if length < 0.003:
        raise Refused(
            "impossible",
            f"{words!r} asks for a move of {length * 1000:.1f} mm, which is too small to tell.",
            "Say at least 5 mm.",
        )
    check_reach(situation, name, (x + dx, y + dy), words)
    z = float(situation.scene.get(name).centre[2])
    tolerance = min(0.02, 0.4 * length)
    return (MovedBy(object=name, origin=(x, y, z), dx=dx, dy=dy, tolerance=tolerance),)


def check_reach(situation: Situation, name: str, place: tuple[float, float], words: str) -> None:
    """Refuses a place outside the workspace.

    Raises:
        Refused: With the place and the workspace.
    """
    if situation.inside_workspace(place):
        return
    low, high = situation.scene.workspace.lower, situation.scene.workspace.upper
    raise Refused(
        "infeasible",
        f'"{words}" would bring {name} to ({place[0]:.2f}, {place[1]:.2f}) m, outside the workspace '
        f"x {low[0]:.2f} to {high[0]:.2f}, y {low[1]:.2f} to {high[1]:.2f} m.",
        "Say a smaller distance or another place.",
        [name],
    )


def _where(goal: Goal, name: str, situation: Situation) -> tuple[tuple[Condition, ...], str]:
    """For "where the mug was": its first place, if it is gone from there."""
    other = goal.references[0]
    origin = situation.scene.get(other).centre
    x, y = float(origin[0]), float(origin[1])
    if math.hypot(situation.place[other][0] - x, situation.place[other][1] - y) < 0.02:
        raise Refused(
            "impossible", f'"{goal.words}": {other} still stands there.', f"Move {other} away first, or say 'swap'.", [other]
        )
    return (At(object=name, x=x, y=y),), f"{other} stood at ({x:.2f}, {y:.2f}) m"


_PUTTING = frozenset({"put", "place", "set", "lay", "position", "deposit"})
"""Verbs that say where a thing is to be in the end, whatever the way."""
_DIRECTIONS = tuple(2.0 * math.pi * i / 16 for i in range(16))


def is_at_a_distance(goal: Goal, verb: str) -> bool:
    """Whether a goal away from something is a place rather than a way."""
    return goal.relation == "away_from" and goal.distance > 0.0 and verb in _PUTTING and goal.references[0] != ROBOT


def at_a_distance(goal: Goal, name: str, situation: Situation) -> tuple[tuple[Condition, ...], str]:
    """The free place with that much room between the two that is nearest to where the thing is now.

    Raises:
        Refused: There is none on the table.
    """
    reference, here = goal.references[0], situation.place[name]
    places = [_beside(situation, name, reference, direction, goal.distance) for direction in _DIRECTIONS]
    free = [place for place in places if situation.inside_workspace(place) and situation.is_free(name, place, (reference,))]
    if not free:
        raise Refused(
            "infeasible",
            f'"{goal.words}": on no side of {reference} is such a place free and within reach.',
            "Say another distance, or a side.",
            [reference],
        )
    x, y = min(free, key=lambda place: math.dist(place, here))
    return (At(object=name, x=x, y=y),), f"{goal.distance:g} m free between the two"


def _beside(situation: Situation, name: str, reference: str, direction: float, room: float) -> Place2:
    """Where the middle of the thing is if it lies in a direction [rad] with so much room between the two outlines [m]."""
    along = (math.cos(direction), math.sin(direction))
    reach = [situation.half[reference][axis] + situation.half[name][axis] for axis in (0, 1)]

    def free(length: float) -> float:
        return math.hypot(*(max(abs(length * along[axis]) - reach[axis], 0.0) for axis in (0, 1)))

    low, high = 0.0, room + math.hypot(*reach)
    for _ in range(40):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if free(middle) < room else (low, middle)
    x, y = situation.place[reference]
    return x + high * along[0], y + high * along[1]


DEFAULT_DISTANCE = 0.10
"""How far "push it to the left" goes where no distance is said [m]."""
LEAST_DISTANCE = 0.04
"""The shortest way that still is what was asked for [m]."""
STEP = 0.005
ROOM = 0.008
"""Free distance that a pushed thing keeps from what stands in its way [m]."""
_FARTHEST = 0.2


def free_way(situation: Situation, name: str, along: Place2, words: str, pushed: bool) -> tuple[float, str]:
    """A distance along a unit vector, and what is said about it.

    A push ends before what stands in its way; what is carried may also go over it and farther.

    Raises:
        Refused: Less than `LEAST_DISTANCE` is free.
    """
    steps = [LEAST_DISTANCE + STEP * i for i in range(round((_FARTHEST - LEAST_DISTANCE) / STEP) + 1)]
    usual = f"no distance is said, so {DEFAULT_DISTANCE * 100:.0f} cm"
    if pushed:
        free, blocker = slides_freely(situation, name, along, DEFAULT_DISTANCE)
        if free >= DEFAULT_DISTANCE - 1e-9:
            return DEFAULT_DISTANCE, usual
        if free < LEAST_DISTANCE:
            raise Refused(
                "infeasible",
                f"{words!r}: {name} can go {max(free, 0.0) * 100:.0f} cm that way before {blocker}.",
                "Say another direction, or 'put' and a place.",
                [name, *([blocker] if blocker in situation.scene else [])],
            )
        return free, f"no distance is said, and {free * 100:.1f} cm are free before {blocker}, so that far"
    x, y = situation.place[name]
    for distance in sorted(steps, key=lambda d: (abs(d - DEFAULT_DISTANCE) > 1e-9, abs(d - DEFAULT_DISTANCE), d)):
        place = (x + distance * along[0], y + distance * along[1])
        if _inside(situation, name, place) and situation.is_free(name, place):
            chosen = (
                f"no distance is said, and the nearest free place to {DEFAULT_DISTANCE * 100:.0f} cm is {distance * 100:.1f} cm"
            )
            return distance, usual if abs(distance - DEFAULT_DISTANCE) < 1e-9 else f"{chosen} away"
    return DEFAULT_DISTANCE, usual


def _inside(situation: Situation, name: str, place: Place2) -> bool:
    size, workspace = max(situation.half[name]), situation.scene.workspace
    return all(workspace.lower[axis] + size <= place[axis] <= workspace.upper[axis] - size for axis in (0, 1))


def slides_freely(situation: Situation, name: str, along: Place2, upto: float) -> tuple[float, str]:
    """How far the box around a thing can slide, up to a distance [m], and what is in its way."""
    below = situation.parent.get(name)
    own = _bounds(situation, name)
    others = [
        (other, _bounds(situation, other))
        for other in situation.scene.names
        if other not in (name, below, situation.table, situation.held)
    ]
    standing = [(other, box) for other, box in others if box[1][2] > own[0][2] + 0.002 and box[0][2] < own[1][2]]
    near_before = {other: _overlap(own, box, np.zeros(2)) for other, box in standing}
    workspace = situation.scene.workspace
    low, high = np.array(workspace.lower[:2]), np.array(workspace.upper[:2])
    distance = 0.0
    while distance < upto - 1e-9:
        way = np.array(along) * (distance + STEP)
        out = bool((own[0][:2] + way < low).any() or (own[1][:2] + way > high).any())
        if out and math.hypot(*along) > 0:
            return distance, "the edge of the workspace"
        for other, box in standing:
            if _overlap(own, box, way) > near_before[other]:
                return distance, other
        distance += STEP
    return distance, ""


def _bounds(situation: Situation, name: str) -> Bounds:
    """The box around a thing where it is by now."""
    lower, upper = situation.scene.get(name).bounds
    shift = np.array([*situation.place[name], 0.0]) - np.array([*(lower + upper)[:2] / 2, 0.0])
    return lower + shift, upper + shift


def _overlap(own: Bounds, other: Bounds, way: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """Depth by which the moved box, grown by the room, reaches into another [m]; 0 where it does not."""
    depth = np.minimum(own[1][:2] + way + ROOM - other[0][:2], other[1][:2] - (own[0][:2] + way - ROOM))
    return max(float(depth.min()), 0.0)
