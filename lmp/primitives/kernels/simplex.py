"""The point of a segment, triangle or tetrahedron that is nearest to the origin, and the corners that it lies between.

After C. Ericson, Real-Time Collision Detection (2005), section 5.1, with the point taken from the plane's normal.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import inner
from lmp.primitives.kernels.minkowski import DIRECTION, SIMPLEX

Array = NDArray[np.float64]
Nearest = tuple[float, float, float, int]
"""The point's coordinates, and a bit for each of the corners between which it lies."""


@inner
def nearest_on_simplex(pad: Array, count: int) -> int:
    """Finds the nearest point and keeps the corners between which it lies; returns how many these are.

    With:
        pad: See `minkowski`. The first corners of the simplex are used; its direction becomes the nearest point, which is
            zero, with four corners, where the origin is inside.
        count: How many corners there are.
    """
    if count == 1:
        x, y, z, kept = pad[SIMPLEX, 0], pad[SIMPLEX, 1], pad[SIMPLEX, 2], 1
    elif count == 2:
        x, y, z, kept = _on_segment(pad, 0, 1)
    elif count == 3:
        x, y, z, kept = _on_triangle(pad, 0, 1, 2)
    else:
        x, y, z, kept = _on_tetrahedron(pad)
    pad[DIRECTION, 0], pad[DIRECTION, 1], pad[DIRECTION, 2] = x, y, z
    left = 0
    for corner in range(count):
        if kept >> corner & 1:
            for axis in range(3):
                pad[SIMPLEX + left, axis] = pad[SIMPLEX + corner, axis]
            left += 1
    return left


@inner
def _on_segment(pad: Array, i: int, j: int) -> Nearest:
    ax, ay, az = pad[SIMPLEX + i, 0], pad[SIMPLEX + i, 1], pad[SIMPLEX + i, 2]
    ux, uy, uz = pad[SIMPLEX + j, 0] - ax, pad[SIMPLEX + j, 1] - ay, pad[SIMPLEX + j, 2] - az
    along = -(ax * ux + ay * uy + az * uz)
    whole = ux * ux + uy * uy + uz * uz
    if along <= 0.0:
        return ax, ay, az, 1 << i
    if along >= whole:
        return pad[SIMPLEX + j, 0], pad[SIMPLEX + j, 1], pad[SIMPLEX + j, 2], 1 << j
    s = along / whole
    return ax + s * ux, ay + s * uy, az + s * uz, 1 << i | 1 << j


@inner
def _on_triangle(pad: Array, i: int, j: int, k: int) -> Nearest:
    ax, ay, az = pad[SIMPLEX + i, 0], pad[SIMPLEX + i, 1], pad[SIMPLEX + i, 2]
    bx, by, bz = pad[SIMPLEX + j, 0], pad[SIMPLEX + j, 1], pad[SIMPLEX + j, 2]
    cx, cy, cz = pad[SIMPLEX + k, 0], pad[SIMPLEX + k, 1], pad[SIMPLEX + k, 2]
    ux, uy, uz, vx, vy, vz = bx - ax, by - ay, bz - az, cx - ax, cy - ay, cz - az
    d1, d2 = -(ux * ax + uy * ay + uz * az), -(vx * ax + vy * ay + vz * az)
    if d1 <= 0.0 and d2 <= 0.0:
        return ax, ay, az, 1 << i
    d3, d4 = -(ux * bx + uy * by + uz * bz), -(vx * bx + vy * by + vz * bz)
    if d3 >= 0.0 and d4 <= d3:
        return bx, by, bz, 1 << j
    d5, d6 = -(ux * cx + uy * cy + uz * cz), -(vx * cx + vy * cy + vz * cz)
    if d6 >= 0.0 and d5 <= d6:
        return cx, cy, cz, 1 << k
    if d1 >= 0.0 and d3 <= 0.0 and d1 * d4 - d3 * d2 <= 0.0:
        return _on_segment(pad, i, j)
    if d2 >= 0.0 and d6 <= 0.0 and d5 * d2 - d1 * d6 <= 0.0:
        return _on_segment(pad, i, k)
    if d4 - d3 >= 0.0 and d5 - d6 >= 0.0 and d3 * d6 - d5 * d4 <= 0.0:
        return _on_segment(pad, j, k)
    nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
    square = nx * nx + ny * ny + nz * nz
    if square == 0.0:
        return _on_segment(pad, i, j)
    s = (nx * ax + ny * ay + nz * az) / square
    return s * nx, s * ny, s * nz, 1 << i | 1 << j | 1 << k


@inner
def _on_tetrahedron(pad: Array) -> Nearest:
    best, found = np.inf, (0.0, 0.0, 0.0, 15)
    for face in range(4):
        i, j, k = (face + 1) & 3, (face + 2) & 3, (face + 3) & 3
        if _beyond(pad, i, j, k, face):
            point = _on_triangle(pad, i, j, k)
            square = point[0] * point[0] + point[1] * point[1] + point[2] * point[2]
            if square < best:
                best, found = square, point
    return found


@inner
def _beyond(pad: Array, i: int, j: int, k: int, other: int) -> bool:
    """Whether the origin is not on the side of a face on which the fourth corner is."""
    ax, ay, az = pad[SIMPLEX + i, 0], pad[SIMPLEX + i, 1], pad[SIMPLEX + i, 2]
    ux, uy, uz = pad[SIMPLEX + j, 0] - ax, pad[SIMPLEX + j, 1] - ay, pad[SIMPLEX + j, 2] - az
    vx, vy, vz = pad[SIMPLEX + k, 0] - ax, pad[SIMPLEX + k, 1] - ay, pad[SIMPLEX + k, 2] - az
    nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
    origin = -(nx * ax + ny * ay + nz * az)
    inside = nx * (pad[SIMPLEX + other, 0] - ax) + ny * (pad[SIMPLEX + other, 1] - ay) + nz * (pad[SIMPLEX + other, 2] - az)
    beyond: bool = origin * inside <= 0.0
    return beyond
