"""The fastest speed along a path under limits of velocity and acceleration, by reachability analysis.

Pham & Pham, A New Approach to Time-Optimal Path Parameterization Based on Reachability Analysis (2018, arXiv 1707.07239):
backwards over a grid, the fastest squared speed x from which the end can still be reached; then forwards, always as fast as
that allows. Between neighbours on the grid x is linear in s, and the limits hold at both of them ("interpolation" there):
each is a strip |alpha x + beta y| <= limit for the squared speeds x here and y at the next one.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import REAL, array, filled, inner, kernel

Array = NDArray[np.float64]

FLAT = 1e-9
"""Share of alpha in beta below which a strip bounds x alone."""


@inner
def _strips(row: int, step: float, rates: Array, bends: Array, limits: Array, most: float, strips: Array) -> float:
    """The strips of the interval after a row as |y - slope x| <= reach; returns how large x may be beside them.

    A joint's acceleration is bend x + rate (y - x) / (2 step) at the beginning of the interval, bend y + ... at its end.
    """
    dof = rates.shape[1]
    for number in range(2 * dof):
        end, joint = number // dof, number % dof
        push = 0.5 * rates[row + end, joint] / step
        bend, limit = bends[row + end, joint], limits[row + end, joint]
        alpha, beta = (bend - push, push) if end == 0 else (-push, bend + push)
        strips[row, number, 0], strips[row, number, 1] = 0.0, math.inf
        if abs(beta) > FLAT * abs(alpha):
            strips[row, number, 0], strips[row, number, 1] = -alpha / beta, limit / abs(beta)
        elif alpha != 0.0:
            most = min(most, limit / abs(alpha))
    return most


@inner
def _next_range(strips: Array, x: float, highest: float) -> tuple[float, float, float, float]:
    """Which y may follow an x: lowest and highest, each with its slope over x; the lower above the upper if none may."""
    low, low_slope, high, high_slope = 0.0, 0.0, highest, 0.0
    for number in range(len(strips)):
        slope, reach = strips[number, 0], strips[number, 1]
        middle = slope * x
        if middle + reach < high:
            high, high_slope = middle + reach, slope
        if middle - reach > low:
            low, low_slope = middle - reach, slope
    return low, low_slope, high, high_slope


@inner
def _largest_here(strips: Array, most: float, highest: float) -> float:
    """The largest x <= most that some y <= highest may follow.

    Highest minus lowest y is concave in x and not negative at 0: Newton from the right never passes its root.
    """
    x = most
    for _ in range(2 * len(strips) + 2):  # One for each edge of a polygon.
        low, low_slope, high, high_slope = _next_range(strips, x, highest)
        if high >= low or low_slope <= high_slope:
            break
        x = max(x - (low - high) / (low_slope - high_slope), 0.0)
    return x


@kernel(REAL, array(1), array(2), array(2), array(2), array(1), filled(1))
def fastest_squares(s: Array, rates: Array, bends: Array, limits: Array, most: Array, out: Array) -> float:
    """The largest squared speeds (ds/dt)^2 at a grid, from rest to rest. Returns the time that it takes [s].

    Shapes: s (n,); rates dq/ds, bends d2q/ds2 and limits of |acceleration| (n, dof) each; most, the largest squared speed
    that velocities allow, (n,); out (n,).
    """
    last = len(s) - 1
    strips = np.empty((last, 2 * rates.shape[1], 2))
    out[last] = 0.0
    for row in range(last - 1, -1, -1):
        here = _strips(row, s[row + 1] - s[row], rates, bends, limits, most[row], strips)
        out[row] = _largest_here(strips[row], here, out[row + 1])
    out[0], time = 0.0, 0.0
    for row in range(last):
        out[row + 1] = max(_next_range(strips[row], out[row], out[row + 1])[2], 0.0)
        time += 2.0 * (s[row + 1] - s[row]) / (math.sqrt(out[row]) + math.sqrt(out[row + 1]))
    return time
