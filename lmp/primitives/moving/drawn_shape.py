"""A path's shape drawn once as a spline, so that many of its points cost next to nothing."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.dmp.deviation import Deviation
from lmp.primitives.kernels.splines import spline_derivatives

Array = NDArray[np.float64]

PIECES = 128
KNOTS = np.linspace(0.0, 1.0, PIECES + 1)
# Powers of u, the highest first, of the quintic with given values, slopes and second derivatives (over u) at 0 and 1.
_HERMITE = np.array(
    [
        [-6.0, -3.0, -0.5, 6.0, -3.0, 0.5],
        [15.0, 8.0, 1.5, -15.0, 7.0, -1.0],
        [-10.0, -6.0, -1.5, 10.0, -4.0, 0.5],
        [0.0, 0.0, 0.5, 0.0, 0.0, 0.0],
        [0.0, 1.0, 0.0, 0.0, 0.0, 0.0],
        [1.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    ]
)
_SCALES = float(PIECES) ** np.arange(5.0, -1.0, -1.0)


class DrawnShape:
    """A deviation, and the piecewise quintic that has its values and first two derivatives at 129 phases.

    Between them it is off by a few nanometres at most.

    Attributes:
        deviation: The shape itself.
    """

    def __init__(self, deviation: Deviation):
        self.deviation = deviation

    def positions(self, phases: Array) -> Array:
        """The deviation at phases in [0, 1] [m]. Shape (n,) to (n, 3)."""
        out = np.empty((4, len(phases), self.deviation.dims))
        if not self.deviation.terms:
            return np.zeros((len(phases), self.deviation.dims))
        spline_derivatives(KNOTS, self._coefficients, phases, out)
        positions: Array = out[0]
        return positions

    @cached_property
    def _coefficients(self) -> Array:
        """Powers of the phase since each knot, the highest first. Shape (6, PIECES, 3)."""
        rows = np.stack([values / PIECES**order for order, values in enumerate(self.deviation.evaluate(KNOTS))])
        ends = np.concatenate([rows[:, :-1], rows[:, 1:]])
        powers: Array = np.ascontiguousarray(np.tensordot(_SCALES[:, None] * _HERMITE, ends, axes=1))
        return powers


STRAIGHT = DrawnShape(Deviation((), 3))
"""No shape at all."""
