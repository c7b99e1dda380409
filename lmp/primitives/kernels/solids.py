"""Convex solids as flat arrays, and the point of one that lies farthest in a direction.

A solid is a box, an upright cylinder or the hull of corners, in its own frame, with all that is within a rounding of it:
a ball is a box without extent, a capsule a box without width. The arrays of m solids:

    forms    kind, first corner, one after the last corner. Shape (m, 3).
    sizes    half extents of a box, or radius, radius and half height of a cylinder; the rounding [m]. Shape (m, 4).
    corners  of all hulls [m]. Shape (v, 3).
    edges    the corners at the other ends of the edges of corner c stand from edges[c] to edges[c + 1]. Shape (v + 1 + e,).

A hull with more than SCANNED corners has eight more before them, the farthest in each octant, where a search may begin:
number 1 of the binary digits stands for x > 0, 2 for y > 0, 4 for z > 0. No edge leads to them.

Kernels take arrays one by one, not bundled: Numba counts the references to each part of a bundle at each call.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import INTEGER, array, inner

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

BOX, CYLINDER, HULL = 0, 1, 2
SCANNED = 20
"""Hulls of at most so many corners are looked through; on larger ones one climbs from corner to corner [count]."""
SOLIDS = (array(2, INTEGER), array(2), array(2), array(1, INTEGER))
"""Types of the four arrays."""


@inner
def support(
    index: int, x: float, y: float, z: float, hint: int, forms: Integers, sizes: Array, corners: Array, edges: Integers
) -> tuple[float, float, float, int]:
    """The point of a solid, without its rounding, that lies farthest in a direction of any length, and its corner.

    The corner of a hull is where the next search in a similar direction begins (`hint`); -1 for other solids.
    """
    if forms[index, 0] == HULL:
        corner = _farthest_corner(forms[index, 1], forms[index, 2], x, y, z, hint, corners, edges)
        return corners[corner, 0], corners[corner, 1], corners[corner, 2], corner
    high = math.copysign(sizes[index, 2], z)
    if forms[index, 0] == BOX:
        return math.copysign(sizes[index, 0], x), math.copysign(sizes[index, 1], y), high, -1
    across = math.sqrt(x * x + y * y)
    scale = sizes[index, 0] / across if across > 0.0 else 0.0
    return scale * x, scale * y, high, -1


@inner
def _farthest_corner(first: int, end: int, x: float, y: float, z: float, hint: int, corners: Array, edges: Integers) -> int:
    best = hint
    if hint < 0:
        best = (
            first if end - first <= SCANNED else first + (1 if x > 0.0 else 0) + (2 if y > 0.0 else 0) + (4 if z > 0.0 else 0)
        )
    value = corners[best, 0] * x + corners[best, 1] * y + corners[best, 2] * z
    if end - first <= SCANNED:
        for corner in range(first, end):
            other = corners[corner, 0] * x + corners[corner, 1] * y + corners[corner, 2] * z
            if other > value:
                best, value = corner, other
        return best
    while True:  # The value grows with every round, so that this ends; on a convex body no other summit is higher.
        before = best
        for edge in range(edges[before], edges[before + 1]):
            corner = edges[edge]
            other = corners[corner, 0] * x + corners[corner, 1] * y + corners[corner, 2] * z
            if other > value:
                best, value = corner, other
        if best == before:
            return best
