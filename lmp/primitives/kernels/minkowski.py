"""The differences of the points of two convex solids: they touch where the origin is among them.

The working memory for one pair of solids after the other is two arrays. The rows of `pad`, of shape (ROWS, 4) [m]:

    0 to 2        where the second solid is in the frame of the first: rotation and translation
    DIRECTION     from the second towards the first, in the frame of the first
    SIMPLEX on    four differences of points
    POINTS on     differences of points, the corners of a polytope that measures a penetration
    PLANES on     unit normal and distance of each of its triangles

and of `marks`, of shape (FACES + 1, 5): first the corner of each solid at which the last search ended, and how many
places for triangles were used; then for each triangle its corners, the first -1 where there is none, and one edge.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import inner
from lmp.primitives.kernels.solids import support

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

MOST_POINTS, FACES = 96, 192
DIRECTION, SIMPLEX, POINTS = 3, 4, 8
PLANES = POINTS + MOST_POINTS
ROWS = PLANES + FACES


@inner
def difference_point(
    a: int,
    b: int,
    x: float,
    y: float,
    z: float,
    forms: Integers,
    sizes: Array,
    corners: Array,
    edges: Integers,
    pad: Array,
    marks: Integers,
) -> tuple[float, float, float]:
    """The difference of points of both solids that lies farthest in a direction of the first one's frame."""
    ax, ay, az, hint_a = support(a, x, y, z, marks[0, 0], forms, sizes, corners, edges)
    u = -(pad[0, 0] * x + pad[1, 0] * y + pad[2, 0] * z)
    v = -(pad[0, 1] * x + pad[1, 1] * y + pad[2, 1] * z)
    w = -(pad[0, 2] * x + pad[1, 2] * y + pad[2, 2] * z)
    bx, by, bz, hint_b = support(b, u, v, w, marks[0, 1], forms, sizes, corners, edges)
    marks[0, 0], marks[0, 1] = hint_a, hint_b
    return (
        ax - (pad[0, 0] * bx + pad[0, 1] * by + pad[0, 2] * bz + pad[0, 3]),
        ay - (pad[1, 0] * bx + pad[1, 1] * by + pad[1, 2] * bz + pad[1, 3]),
        az - (pad[2, 0] * bx + pad[2, 1] * by + pad[2, 2] * bz + pad[2, 3]),
    )
