"""How far apart convex outlines are, seen from above."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import INTEGER, REAL, array, filled, inner, kernel

Array = NDArray[np.float64]
Integers = NDArray[np.int64]


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


@kernel(INTEGER, array(2), array(2), array(1, INTEGER), array(2), REAL, filled(1))
def polygon_gaps(one: Array, corners: Array, starts: Integers, balls: Array, distance: float, gaps: Array) -> int:
    """The gap of one outline to each of many, or infinity where circles around them are farther apart than a distance.

    Args:
        one: Corners, as for `polygon_gap` [m]. Shape (n, 2).
        corners: Corners of all others, one after the other [m]. Shape (m, 2).
        starts: Where each of them begins, and the end [count]. Shape (k + 1,).
        balls: Centre and radius of a circle around each of them [m]. Shape (k, 3).
        distance: What is farther apart than this is not looked at [m].
        gaps: Filled [m]. Shape (k,).

    Returns:
        How many are nearer.
    """
    x, y = one[:, 0].sum() / len(one), one[:, 1].sum() / len(one)
    radius = 0.0
    for index in range(len(one)):
        radius = max(radius, math.hypot(one[index, 0] - x, one[index, 1] - y))
    near = 0
    for other in range(len(gaps)):
        gaps[other] = math.inf
        if math.hypot(balls[other, 0] - x, balls[other, 1] - y) < balls[other, 2] + radius + distance:
            there = corners[starts[other] : starts[other + 1]]
            gaps[other] = max(_widest(one, there), _widest(there, one))
            near += gaps[other] < distance
    return near
