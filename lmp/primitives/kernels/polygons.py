"""How far apart convex outlines are, seen from above."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import REAL, array, inner, kernel

Array = NDArray[np.float64]


@inner
def _widest(first: Array, second: Array) -> float:
    """The widest separation along an outward edge normal of the first outline."""
    best = -math.inf
    for index in range(len(first)):
        after = index + 1 if index + 1 < len(first) else 0
        x, y = first[after, 1] - first[index, 1], first[index, 0] - first[after, 0]
        length = math.sqrt(x * x + y * y)
        x, y = x / length, y / length
        reach = first[index, 0] * x + first[index, 1] * y
        least = math.inf
        for other in range(len(second)):
            along = second[other, 0] * x + second[other, 1] * y
            if along < least:
                least = along
        if least - reach > best:
            best = least - reach
    return best


@kernel(REAL, array(2), array(2))
def polygon_gap(first: Array, second: Array) -> float:
    """Widest separation of two convex outlines along an edge normal [m]; negative is the least overlap.

    Counter-clockwise corners, none twice. Shapes (n, 2), (m, 2). Separating-axis theorem (Gottschalk et al., SIGGRAPH 1996).
    """
    return max(_widest(first, second), _widest(second, first))
