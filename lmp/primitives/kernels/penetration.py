"""How deep two convex solids are in each other: the least way that parts them.

The expanding polytope of G. van den Bergen, Proximity queries and penetration depth computation on 3D game objects
(2001): a polytope inside the set of differences, that surrounds the origin, grows at the face that is nearest to it.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import inner
from lmp.primitives.kernels.minkowski import FACES, MOST_POINTS, PLANES, POINTS, SIMPLEX, difference_point

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

EXACT = 1e-7
"""How exactly the depth is found [m]."""
FLAT = 1e-10
"""A set of differences that is thinner than this has no inside [m]."""


@inner
def penetration(
    a: int, b: int, count: int, forms: Integers, sizes: Array, corners: Array, edges: Integers, pad: Array, marks: Integers
) -> float:
    """Depth of two solids that overlap, without their rounding [m].

    Where the polytope has no room to grow any further, the answer is a little more than the depth.

    With:
        a, b: Which two.
        count: How many corners the simplex has, between which the origin lies.
        forms, sizes, corners, edges: See `solids`.
        pad, marks: See `minkowski`.
    """
    if not _surrounded(a, b, count, forms, sizes, corners, edges, pad, marks):
        return 0.0
    used = 4
    depth: float = np.inf
    while True:
        face = _nearest_face(pad, marks)
        if face < 0:
            return depth if depth < np.inf else 0.0
        x, y, z, inside = pad[PLANES + face, 0], pad[PLANES + face, 1], pad[PLANES + face, 2], pad[PLANES + face, 3]
        wx, wy, wz = difference_point(a, b, x, y, z, forms, sizes, corners, edges, pad, marks)
        outside = x * wx + y * wy + z * wz
        depth = min(depth, max(outside, 0.0))
        if depth - inside <= EXACT or used == MOST_POINTS:
            return depth
        pad[POINTS + used, 0], pad[POINTS + used, 1], pad[POINTS + used, 2] = wx, wy, wz
        if not _grow(used, pad, marks):
            return depth
        used += 1


@inner
def _nearest_face(pad: Array, marks: Integers) -> int:
    best, nearest = -1, np.inf
    for face in range(marks[0, 2]):
        if marks[face + 1, 0] >= 0 and pad[PLANES + face, 3] < nearest:
            best, nearest = face, pad[PLANES + face, 3]
    return best


@inner
def _grow(new: int, pad: Array, marks: Integers) -> bool:
    """Puts a point on top of the faces that it sees; false where there is no room, or it sees none."""
    edges = 0
    for face in range(marks[0, 2]):
        if marks[face + 1, 0] < 0:
            continue
        x, y, z, distance = pad[PLANES + face, 0], pad[PLANES + face, 1], pad[PLANES + face, 2], pad[PLANES + face, 3]
        if x * pad[POINTS + new, 0] + y * pad[POINTS + new, 1] + z * pad[POINTS + new, 2] <= distance + 1e-12:
            continue
        for corner in range(3):
            edges = _toggle(marks[face + 1, corner], marks[face + 1, (corner + 1) % 3], edges, marks)
            if edges == FACES:
                return False
        marks[face + 1, 0] = -1
    slot = 0
    for edge in range(edges):
        while slot < marks[0, 2] and marks[slot + 1, 0] >= 0:
            slot += 1
        if slot == FACES:
            return False
        marks[0, 2] = max(marks[0, 2], slot + 1)
        _set_face(slot, marks[edge + 1, 3], marks[edge + 1, 4], new, pad, marks)
    return edges > 0


@inner
def _toggle(start: int, end: int, edges: int, marks: Integers) -> int:
    """Adds an edge to the rim, or removes it where its face's neighbour goes too; returns how many there are."""
    for edge in range(edges):
        if marks[edge + 1, 3] == end and marks[edge + 1, 4] == start:
            marks[edge + 1, 3], marks[edge + 1, 4] = marks[edges, 3], marks[edges, 4]
            return edges - 1
    marks[edges + 1, 3], marks[edges + 1, 4] = start, end
    return edges + 1


@inner
def _set_face(slot: int, i: int, j: int, k: int, pad: Array, marks: Integers) -> None:
    nx, ny, nz = _normal(i, j, k, pad)
    length = math.sqrt(nx * nx + ny * ny + nz * nz)
    scale = 1.0 / length if length > 0.0 else 0.0
    marks[slot + 1, 0], marks[slot + 1, 1], marks[slot + 1, 2] = i, j, k
    row = PLANES + slot
    pad[row, 0], pad[row, 1], pad[row, 2] = scale * nx, scale * ny, scale * nz
    away = scale * (nx * pad[POINTS + i, 0] + ny * pad[POINTS + i, 1] + nz * pad[POINTS + i, 2])
    pad[row, 3] = away if length > 0.0 else np.inf  # A face without area is nobody's nearest.


@inner
def _normal(i: int, j: int, k: int, pad: Array) -> tuple[float, float, float]:
    x, y, z = pad[POINTS + i, 0], pad[POINTS + i, 1], pad[POINTS + i, 2]
    ux, uy, uz = pad[POINTS + j, 0] - x, pad[POINTS + j, 1] - y, pad[POINTS + j, 2] - z
    vx, vy, vz = pad[POINTS + k, 0] - x, pad[POINTS + k, 1] - y, pad[POINTS + k, 2] - z
    return uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx


@inner
def _surrounded(
    a: int, b: int, count: int, forms: Integers, sizes: Array, corners: Array, edges: Integers, pad: Array, marks: Integers
) -> bool:
    """Makes the first polytope, a tetrahedron with the origin in or on it; false where the differences are flat."""
    for corner in range(count):
        for axis in range(3):
            pad[POINTS + corner, axis] = pad[SIMPLEX + corner, axis]
    while count < 4:
        if not _widen(a, b, count, forms, sizes, corners, edges, pad, marks):
            return False
        count += 1
    marks[0, 2] = 4
    nx, ny, nz = _normal(0, 1, 2, pad)
    above = (
        nx * (pad[POINTS + 3, 0] - pad[POINTS, 0])
        + ny * (pad[POINTS + 3, 1] - pad[POINTS, 1])
        + nz * (pad[POINTS + 3, 2] - pad[POINTS, 2])
    )
    i, j = (1, 2) if above < 0.0 else (2, 1)
    _set_face(0, 0, i, j, pad, marks)
    _set_face(1, 0, j, 3, pad, marks)
    _set_face(2, j, i, 3, pad, marks)
    _set_face(3, i, 0, 3, pad, marks)
    solid: bool = above != 0.0
    return solid


@inner
def _widen(
    a: int, b: int, count: int, forms: Integers, sizes: Array, corners: Array, edges: Integers, pad: Array, marks: Integers
) -> bool:
    """Adds the point that lies farthest from the point, line or plane of the others; false where none is off it."""
    best = FLAT
    for axis in range(3):
        x, y, z = _across(axis, count, pad)
        length = math.sqrt(x * x + y * y + z * z)
        if length == 0.0:
            continue
        for sign in (1.0, -1.0):
            wx, wy, wz = difference_point(a, b, sign * x, sign * y, sign * z, forms, sizes, corners, edges, pad, marks)
            off = abs(x * (wx - pad[POINTS, 0]) + y * (wy - pad[POINTS, 1]) + z * (wz - pad[POINTS, 2])) / length
            if off > best:
                best = off
                pad[POINTS + count, 0], pad[POINTS + count, 1], pad[POINTS + count, 2] = wx, wy, wz
    return best > FLAT


@inner
def _across(axis: int, count: int, pad: Array) -> tuple[float, float, float]:
    """A direction across the points that are there: of the axes, the axes across a line, or a plane's normal."""
    x, y, z = (1.0 if axis == 0 else 0.0), (1.0 if axis == 1 else 0.0), (1.0 if axis == 2 else 0.0)
    if count == 1:
        return x, y, z
    if count == 3:
        return _normal(0, 1, 2, pad)
    ux, uy, uz = pad[POINTS + 1, 0] - pad[POINTS, 0], pad[POINTS + 1, 1] - pad[POINTS, 1], pad[POINTS + 1, 2] - pad[POINTS, 2]
    return uy * z - uz * y, uz * x - ux * z, ux * y - uy * x
