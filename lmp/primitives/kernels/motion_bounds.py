"""How far the points of a body can be from where they are at both ends of a step in which all joints move straight.

balls    centre, in the joint's frame, and radius of a ball around each body of the robot [m]. Shape (moving bodies, 4).
reaches  how far a point of a body can be from the axis of each joint above it; 1 where the joint slides [m].
         Shape (moving bodies, joints).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import inner

Array = NDArray[np.float64]
Integers = NDArray[np.int64]


@inner
def way_bound(
    body: int,
    step: Array,
    start: int,
    end: int,
    parents: Integers,
    prismatic: Integers,
    owners: Integers,
    balls: Array,
    reaches: Array,
    R: Array,
    p: Array,
) -> float:
    """Distances of a body's point from its places at both ends, added: at most this, in the world [m].

    Quick: the turn of the body is taken for the sum of its joints' turns.

    With:
        body: A body of the robot.
        step: How far each joint moves [rad, m]. Shape (joints,).
        start, end: Slots of both ends.
        parents, prismatic: See `JointTree`.
        owners, balls, reaches, R, p: See above and `placed_bodies`.
    """
    joint = owners[body]
    if joint == 0:
        return 0.0
    square = 0.0
    for axis in range(3):
        change = p[end, joint, axis] - p[start, joint, axis]
        for k in range(3):
            change += (R[end, joint, axis, k] - R[start, joint, axis, k]) * balls[body, k]
        square += change * change
    turn, above = 0.0, joint
    while above != 0:
        if prismatic[above] == 0:
            turn += abs(step[above])
        above = parents[above]
    bound: float = math.sqrt(square) + balls[body, 3] * turn + _bend(body, joint, 0, 1.0, step, parents, reaches)
    return bound


@inner
def relative_way_bound(
    body: int,
    frame: int,
    share: float,
    step: Array,
    start: int,
    end: int,
    parents: Integers,
    owners: Integers,
    balls: Array,
    reaches: Array,
    R: Array,
    p: Array,
) -> float:
    """The same as seen from a joint above the body, and with its true turn.

    With:
        body: A body of the robot.
        frame: The joint.
        share: Part of the step that lies between both ends [dimensionless].
        step: How far each joint moves in all of it [rad, m]. Shape (joints,).
        start, end: Slots of both ends.
        parents, owners, balls, reaches, R, p: As for `way_bound`.
    """
    joint = owners[body]
    if joint == frame:
        return 0.0
    square, agreement = 0.0, 0.0
    for axis in range(3):
        change = _along(axis, body, frame, joint, end, balls, R, p) - _along(axis, body, frame, joint, start, balls, R, p)
        square += change * change
        for column in range(3):
            one, other = 0.0, 0.0
            for row in range(3):
                one += R[start, frame, row, axis] * R[start, joint, row, column]
                other += R[end, frame, row, axis] * R[end, joint, row, column]
            agreement += one * other
    turned = math.sqrt(max(3.0 - agreement, 0.0) + 1e-15)  # 2 sin(angle / 2), and a little more for rounding errors.
    bound: float = math.sqrt(square) + balls[body, 3] * turned + _bend(body, joint, frame, share, step, parents, reaches)
    return bound


@inner
def _along(axis: int, body: int, frame: int, joint: int, slot: int, balls: Array, R: Array, p: Array) -> float:
    """A coordinate of the ball's centre in a joint's frame [m]."""
    value = 0.0
    for row in range(3):
        place = p[slot, joint, row] - p[slot, frame, row]
        for k in range(3):
            place += R[slot, joint, row, k] * balls[body, k]
        value += R[slot, frame, row, axis] * place
    return value


@inner
def _bend(body: int, joint: int, frame: int, share: float, step: Array, parents: Integers, reaches: Array) -> float:
    """What the curvature of the points' ways adds [m].

    A way leaves its chord by at most an eighth of its greatest second derivative; both ends together see twice that.
    The derivative by two joints is at most what the lower one moves the point, times the turn of the upper one.
    """
    lower, total = 0.0, 0.0
    while joint != frame:
        turn = abs(step[joint]) * share
        total += turn * (turn * reaches[body, joint] + 2.0 * lower)
        lower += turn * reaches[body, joint]
        joint = parents[joint]
    return total / 4.0
