"""How far a thing can go in a direction where no distance is said: the usual distance, or what is free of it."""

from __future__ import annotations

import math

import numpy as np

from lmp.planners.scripted.refused import Refused
from lmp.planners.scripted.situation import Bounds, Place2, Situation

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
    shift = np.array([*(situation.place[name] - situation.scene.get(name).centre[:2]), 0.0])
    return lower + shift, upper + shift


def _overlap(own: Bounds, other: Bounds, way: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """Depth by which the moved box, grown by the room, reaches into another [m]; 0 where it does not."""
    depth = np.minimum(own[1][:2] + way + ROOM - other[0][:2], other[1][:2] - (own[0][:2] + way - ROOM))
    return max(float(depth.min()), 0.0)
