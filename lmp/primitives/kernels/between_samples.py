"""What was computed at some samples of a motion, brought to all of them: cubics for points, lines for numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import INTEGER, REAL, array, filled, kernel

Array = NDArray[np.float64]
Integers = NDArray[np.int64]


@kernel(REAL, array(1, INTEGER), array(2), array(2), array(1), REAL, filled(2), filled(1))
def between_samples(
    rows: Integers, points: Array, rates: Array, numbers: Array, step: float, out_points: Array, out_numbers: Array
) -> float:
    """Cubics with the given values and rates at both ends of each stretch, and straight lines. Returns the whole time [s].

    Args:
        rows: The samples at which something is known, increasing from 0 to the last one. Shape (k,), k >= 2.
        points: Shape (k, m).
        rates: Their time derivatives. Shape (k, m).
        numbers: Shape (k,).
        step: Time between samples [s].
        out_points: Filled. Shape (n, m).
        out_numbers: Filled. Shape (n,).
    """
    for k in range(len(rows) - 1):
        count = rows[k + 1] - rows[k]
        time = step * count
        for row in range(rows[k], rows[k + 1] + 1):
            u = (row - rows[k]) / count
            r = 1.0 - u
            out_numbers[row] = r * numbers[k] + u * numbers[k + 1]
            for axis in range(points.shape[1]):
                value = r * r * ((1.0 + 2.0 * u) * points[k, axis] + u * time * rates[k, axis])
                value += u * u * ((1.0 + 2.0 * r) * points[k + 1, axis] - r * time * rates[k + 1, axis])
                out_points[row, axis] = value
    whole: float = step * rows[-1]
    return whole
