"""The joints' way in time: the quintic spline through the postures of a look-ahead, from a moving start to rest."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import make_interp_spline

from lmp.primitives.kernels.splines import spline_derivatives, spline_peaks

Array = NDArray[np.float64]


@dataclass(frozen=True)
class JointCurve:
    """Joint positions over a time; four continuous derivatives.

    Attributes:
        knots: Shares of the duration between which it is one polynomial, from 0 to 1. Shape (m + 1,).
        coefficients: Highest power of the share since a knot first [rad]. Shape (6, m, dof).
        duration: [s].
    """

    knots: Array
    coefficients: Array
    duration: float

    @classmethod
    def through(cls, qs: Array, velocity: Array, acceleration: Array, duration: float) -> JointCurve:
        """Through postures that are evenly spaced in time, from a moving start to rest at the last one.

        Args:
            qs: Shape (m + 1, dof), m >= 6 [rad].
            velocity: At the first one [rad/s]. Shape (dof,).
            acceleration: At the first one [rad/s^2]. Shape (dof,).
            duration: From the first to the last one [s].
        """
        knots, matrix = _interpolation(len(qs) - 1)
        given = np.concatenate([qs, velocity[None] * duration, acceleration[None] * duration**2])
        coefficients = (matrix @ given).reshape(6, len(qs) - 1, qs.shape[1])
        return cls(knots, coefficients, duration)

    @classmethod
    def straight(cls, q: Array, velocity: Array, duration: float) -> JointCurve:
        """On from a posture with a constant velocity. Shape (dof,) each [rad], [rad/s]."""
        coefficients = np.zeros((6, 1, len(q)))
        coefficients[4, 0], coefficients[5, 0] = velocity * duration, q
        return cls(np.array([0.0, 1.0]), coefficients, duration)

    def at(self, times: Array) -> Array:
        """Positions [rad] and three derivatives in time after times since the beginning [s]. Shape (n,) to (4, n, dof)."""
        shares = np.minimum(np.maximum(times / self.duration, 0.0), 1.0)
        out = np.empty((4, len(shares), self.coefficients.shape[2]))
        spline_derivatives(self.knots, self.coefficients, shares, out)
        scale = 1.0 / self.duration
        out[1] *= scale
        out[2] *= scale**2
        out[3] *= scale**3
        return out

    def peaks(self) -> Array:
        """Largest velocity, acceleration and jerk of each joint at any instant, not only at samples. Shape (3, dof)."""
        peaks = np.empty((3, self.coefficients.shape[2]))
        spline_peaks(self.knots, self.coefficients, peaks)
        peaks /= np.array([[self.duration], [self.duration**2], [self.duration**3]])
        return peaks


@functools.lru_cache(maxsize=8)
def _interpolation(pieces: int) -> tuple[Array, Array]:
    """Knots, and the matrix from postures, start velocity and start acceleration to coefficients, highest power first.

    At the end velocity and acceleration are zero.
    """
    knots = np.linspace(0.0, 1.0, pieces + 1)
    unit, still = np.eye(pieces + 3), np.zeros(pieces + 3)
    ends = ([(1, unit[-2]), (2, unit[-1])], [(1, still), (2, still)])
    spline = make_interp_spline(knots, unit[: pieces + 1], k=5, bc_type=ends)
    factorials = np.array([1.0, 1.0, 2.0, 6.0, 24.0, 120.0])
    powers = np.stack([spline(knots[:-1], order) / factorials[order] for order in range(5, -1, -1)])
    powers[5] = unit[:pieces]  # What is given is met exactly, not to rounding.
    powers[4, 0], powers[3, 0] = unit[-2], unit[-1] / 2.0
    matrix = powers.reshape(-1, pieces + 3)
    for constant in (knots, matrix):
        constant.setflags(write=False)
    return knots, matrix
