"""Orientations that turn along rotation vectors: R(p) = exp([e(p)]) R_goal, for many pairs of start and goal.

Sola, Deray and Atchuthan, "A micro Lie theory for state estimation in robotics", arXiv 1812.01537, eq. 132 to 146.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import FLAG, INTEGER, REAL, array, filled, inner, kernel
from lmp.primitives.kernels.quintic import quintic_at
from lmp.primitives.kernels.rotation_vector import rotation_vector

Array = NDArray[np.float64]

_SMALL = 0.05  # Below this angle the series, four terms of it, is more exact than the quotients [rad].


@inner
def quotients(angle: float) -> tuple[float, float, float]:
    """Return sin a / a, (1 - cos a) / a^2, (a - sin a) / a^3."""
    q = angle * angle
    if angle < _SMALL:
        sine = 1.0 - q / 6.0 * (1.0 - q / 20.0 * (1.0 - q / 42.0 * (1.0 - q / 72.0)))
        cosine = 0.5 * (1.0 - q / 12.0 * (1.0 - q / 30.0 * (1.0 - q / 56.0)))
        return sine, cosine, (1.0 - q / 20.0 * (1.0 - q / 42.0 * (1.0 - q / 72.0))) / 6.0
    s = math.sin(angle)
    return s / angle, (1.0 - math.cos(angle)) / q, (angle - s) / (q * angle)


@inner
def turned(e: Array, R: Array, out: Array) -> None:
    """The rotation exp([e]) R. Shapes (3,), (3, 3), (3, 3); `out` is not R."""
    sine, cosine, _ = quotients(math.sqrt(e[0] ** 2 + e[1] ** 2 + e[2] ** 2))
    for column in range(3):
        a, b, c = R[0, column], R[1, column], R[2, column]
        x, y, z = e[1] * c - e[2] * b, e[2] * a - e[0] * c, e[0] * b - e[1] * a
        out[0, column] = a + sine * x + cosine * (e[1] * z - e[2] * y)
        out[1, column] = b + sine * y + cosine * (e[2] * x - e[0] * z)
        out[2, column] = c + sine * z + cosine * (e[0] * y - e[1] * x)


@inner
def turning(e: Array, rate: Array, out: Array) -> None:
    """Angular velocity of exp([e]) in the frame of e (left Jacobian times the rate). Shape (3,) each."""
    _, cosine, third = quotients(math.sqrt(e[0] ** 2 + e[1] ** 2 + e[2] ** 2))
    x, y, z = e[1] * rate[2] - e[2] * rate[1], e[2] * rate[0] - e[0] * rate[2], e[0] * rate[1] - e[1] * rate[0]
    out[0] = rate[0] + cosine * x + third * (e[1] * z - e[2] * y)
    out[1] = rate[1] + cosine * y + third * (e[2] * x - e[0] * z)
    out[2] = rate[2] + cosine * z + third * (e[0] * y - e[1] * x)


@inner
def is_rotation(R: Array, tolerance: float) -> bool:
    """Whether a matrix is orthonormal with determinant 1. Shape (3, 3)."""
    for i in range(3):
        for j in range(i, 3):
            product = R[i, 0] * R[j, 0] + R[i, 1] * R[j, 1] + R[i, 2] * R[j, 2]
            if not abs(product - (1.0 if i == j else 0.0)) <= tolerance:
                return False
    x, y, z = (
        R[0, 1] * R[1, 2] - R[0, 2] * R[1, 1],
        R[0, 2] * R[1, 0] - R[0, 0] * R[1, 2],
        R[0, 0] * R[1, 1] - R[0, 1] * R[1, 0],
    )
    return bool(x * R[2, 0] + y * R[2, 1] + z * R[2, 2] > 0.0)


@kernel(INTEGER, array(3), array(3), REAL, filled(2))
def vectors_between(R_starts: Array, R_goals: Array, tolerance: float, out: Array) -> int:
    """Rotation vectors e with exp([e]) R_goal = R_start. Shapes (k, 3, 3) twice, then filled (k, 3).

    Returns -1, or 2 i for the first start that is no rotation to the tolerance, 2 i + 1 for the first such goal.
    """
    between = np.empty((3, 3))
    for index in range(len(R_starts)):
        start, goal = R_starts[index], R_goals[index]
        if not is_rotation(start, tolerance):
            return 2 * index
        if not is_rotation(goal, tolerance):
            return 2 * index + 1
        for i in range(3):
            for j in range(3):
                between[i, j] = start[i, 0] * goal[j, 0] + start[i, 1] * goal[j, 1] + start[i, 2] * goal[j, 2]
        rotation_vector(between, out[index])
    return -1


@kernel(INTEGER, array(3), REAL, array(3), array(1), FLAG, filled(4), filled(3))
def orientations(
    quintics: Array, begin: float, R_goals: Array, phases: Array, with_velocities: bool, rotations: Array, velocities: Array
) -> int:
    """Orientations, and angular velocities if asked for, at phases along many turns.

    Args:
        quintics: Rows e, e', e'', 0 at `begin`, with respect to phase [rad]. Shape (k, 4, 3).
        begin: Phase at which these hold.
        R_goals: Where each turn ends. Shape (k, 3, 3).
        phases: In [begin, 1]. Shape (n,).
        with_velocities: Whether `velocities` is filled too.
        rotations: Filled. Shape (k, n, 3, 3).
        velocities: Filled, in the world frame with respect to phase [rad]. Shape (k, n, 3), or any other without them.
    """
    curve = np.empty((3, 3))
    for index in range(len(quintics)):
        for sample in range(len(phases)):
            quintic_at(quintics[index], begin, phases[sample], curve)
            turned(curve[0], R_goals[index], rotations[index, sample])
            if with_velocities:
                turning(curve[0], curve[1], velocities[index, sample])
    return len(quintics)
