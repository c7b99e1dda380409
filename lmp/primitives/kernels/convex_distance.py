"""Distance between two convex solids, negative by the depth of penetration where they overlap.

Outside: the algorithm of E. G. Gilbert, D. W. Johnson and S. S. Keerthi, IEEE J. Robotics and Automation 4 (1988) 193,
on the differences of points of the two solids. Each direction that it tries is a proof that no two points are nearer
than some number; this proof, not the nearest point found, is what it answers, so that it never says too much.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import inner
from lmp.primitives.kernels.minkowski import DIRECTION, SIMPLEX, difference_point
from lmp.primitives.kernels.penetration import penetration
from lmp.primitives.kernels.simplex import nearest_on_simplex

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

TOLERANCE = 1e-8
"""How much less than the true distance may be answered [m]."""
TOUCHING = 1e-9
"""Solids without their rounding that are nearer than this overlap [m]."""
ROUNDS = 64
"""Directions tried at most [count]."""


@inner
def separation(
    a: int,
    b: int,
    limit: float,
    near: float,
    forms: Integers,
    sizes: Array,
    corners: Array,
    edges: Integers,
    pad: Array,
    marks: Integers,
) -> float:
    """Signed distance of two solids [m].

    With:
        a, b: Which two.
        limit: As soon as they are known to be farther apart, a distance that they surely have is answered [m].
        near: As soon as they are known to be nearer, a distance below it is answered; -inf where the depth counts [m].
        forms, sizes, corners, edges: See `solids`.
        pad, marks: See `minkowski`. The direction in `pad` is where the search begins.
    """
    rounding: float = sizes[a, 3] + sizes[b, 3]
    limit, near = limit + rounding, near + rounding
    count, upper = 0, np.inf
    proved: float = -np.inf
    for _ in range(ROUNDS):
        vx, vy, vz = pad[DIRECTION, 0], pad[DIRECTION, 1], pad[DIRECTION, 2]
        length = math.sqrt(vx * vx + vy * vy + vz * vz)
        if length == 0.0:
            vx, length = 1.0, 1.0
        wx, wy, wz = difference_point(a, b, -vx, -vy, -vz, forms, sizes, corners, edges, pad, marks)
        proved = max(proved, (vx * wx + vy * wy + vz * wz) / length)
        if proved > limit or upper - proved <= TOLERANCE:
            return proved - rounding
        for row in range(SIMPLEX, SIMPLEX + count):
            if pad[row, 0] == wx and pad[row, 1] == wy and pad[row, 2] == wz:
                return _stuck(proved, rounding)
        row = SIMPLEX + count
        pad[row, 0], pad[row, 1], pad[row, 2] = wx, wy, wz
        count = nearest_on_simplex(pad, count + 1)
        nearer = math.sqrt(pad[DIRECTION, 0] ** 2 + pad[DIRECTION, 1] ** 2 + pad[DIRECTION, 2] ** 2)
        if nearer <= TOUCHING or count == 4:
            if proved > TOUCHING:
                return _stuck(proved, rounding)
            if near > -np.inf:
                return -1.0
            return -rounding - penetration(a, b, count, forms, sizes, corners, edges, pad, marks)
        if nearer >= upper:
            return _stuck(proved, rounding)
        upper = nearer
        if upper < near:
            return upper - rounding
    return _stuck(proved, rounding)


@inner
def _stuck(proved: float, rounding: float) -> float:
    """The answer where rounding errors keep the search from going on."""
    return max(proved, 0.0) - rounding


@inner
def face_each_other(T_a: Array, row_a: int, T_b: Array, row_b: int, pad: Array, marks: Integers) -> None:
    """Notes where the second solid is in the frame of the first.

    The first twelve numbers of a row are rotation, row by row, and translation of a solid [m].
    """
    x, y, z = T_b[row_b, 9] - T_a[row_a, 9], T_b[row_b, 10] - T_a[row_a, 10], T_b[row_b, 11] - T_a[row_a, 11]
    for row in range(3):
        a, b, c = T_a[row_a, row], T_a[row_a, 3 + row], T_a[row_a, 6 + row]
        for column in range(3):
            pad[row, column] = a * T_b[row_b, column] + b * T_b[row_b, 3 + column] + c * T_b[row_b, 6 + column]
        pad[row, 3] = a * x + b * y + c * z
    marks[0, 0], marks[0, 1] = -1, -1
