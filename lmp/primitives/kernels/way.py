"""The way s(p) = 10 p^3 - 15 p^4 + 6 p^5 of minimum jerk: its derivatives, its inverse, and paths as functions of it.

A path that begins and ends with q' = q'' = 0 crawls there: its phase says nothing of how far it has come. As a function of
this s it moves evenly: dq/ds is finite at both ends.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import REAL, array, filled, inner, kernel
from lmp.primitives.kernels.splines import piece_of, quintic

Array = NDArray[np.float64]

END = 1e-5
"""Nearer to an end than this [phase], dq/ds is taken as that at the end: 0 / 0 by rounding."""


@inner
def way(p: float) -> float:
    """How far the way has come at a phase."""
    return p * p * p * (10.0 + p * (6.0 * p - 15.0))


@inner
def way_rates(p: float) -> tuple[float, float, float]:
    """The first three derivatives of the way."""
    r = 1.0 - p
    return 30.0 * p * p * r * r, 60.0 * p * r * (1.0 - 2.0 * p), 60.0 - 360.0 * p * r


@inner
def phase_of(s: float, rest: float, guess: float) -> float:
    """The phase at which the way has come to s, where rest = 1 - s; Newton, from the nearer end, from a guess on."""
    late = s > 0.5
    far = rest if late else s
    if far <= 0.0:
        return 1.0 if late else 0.0
    p = 1.0 - guess if late else guess
    least = 0.04
    if not 0.05 <= p <= 0.5 or far < 1e-3:  # There the way is 10 p^3, and less later.
        least = np.cbrt(0.1 * far)
        p = least * (1.0 + 0.5 * least)
    for _ in range(50):
        step = (way(p) - far) / way_rates(p)[0]
        p = min(max(p - step, least), 0.5)
        if abs(step) <= 1e-10 * p:  # Its error is the square of the step.
            break
    return 1.0 - p if late else p


@kernel(REAL, array(1), array(3), array(1), filled(1), filled(3))
def along_the_way(knots: Array, coefficients: Array, phases: Array, s: Array, out: Array) -> float:
    """A spline as a function of the way: s (n,), and q, dq/ds, d2q/ds2 at phases from 0 to 1: out (3, n, dof).

    d2q/ds2 is left 0 at both ends, where it may have no bound and where what it is multiplied with is zero. Returns s at
    the last phase.
    """
    piece = 0
    for row in range(len(phases)):
        p = phases[row]
        piece = piece_of(knots, p, piece)
        s[row] = way(p) if p <= 0.5 else 1.0 - way(1.0 - p)  # Its steps are small near both ends.
        ds, dds, ddds = way_rates(p)
        for joint in range(out.shape[2]):
            q, first, second, third = quintic(coefficients, piece, joint, p - knots[piece])
            out[0, row, joint] = q
            if p < END or p > 1.0 - END:
                out[1, row, joint], out[2, row, joint] = third / ddds, 0.0
            else:
                out[1, row, joint] = first / ds
                out[2, row, joint] = (second - first / ds * dds) / (ds * ds)
    end: float = s[-1]
    return end
