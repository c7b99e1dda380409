"""Joint splines through the waypoints of a path, and their fit."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BSpline, PPoly

from lmp.errors import SetupFault
from lmp.primitives.kernels.splines import spline_derivatives

Array = NDArray[np.float64]

DEGREE = 5
MOST_WAYPOINTS = 128
"""Fits of more waypoints than this are not kept as matrices, which grow with the square of their number [count]."""
_KEPT = 128
"""How many sets of phases and pieces are kept; each takes up to 134 kB with 65 waypoints."""


def least_squares(phases: Array, positions: Array, pieces: int) -> tuple[Array, Array, Array]:
    """The quintic spline with evenly spaced knots that is nearest to waypoints.

    First and last three control points are the end waypoints, which makes q' = q'' = 0 there.

    Args:
        phases: Strictly increasing from 0 to 1. Shape (n,).
        positions: Shape (n, dof).
        pieces: Number of pieces [count].

    Returns:
        Knots (pieces + 1,); coefficients, highest power first, (6, pieces, dof); distances from the waypoints (n, dof).
    """
    if len(phases) > MOST_WAYPOINTS:
        return _fitted(phases, positions, pieces)
    knots, powers, deviations = _matrices(phases.tobytes(), pieces)
    return knots, (powers @ positions).reshape(6, pieces, -1), deviations @ positions


@functools.lru_cache(maxsize=_KEPT)
def _matrices(phases: bytes, pieces: int) -> tuple[Array, Array, Array]:
    """Knots, and what waypoints are multiplied with for coefficients (6 * pieces, n) and distances (n, n)."""
    p = np.frombuffer(phases)
    knots, coefficients, deviations = _fitted(p, np.eye(len(p)), pieces)
    return knots, coefficients.reshape(-1, len(p)), deviations


def _fitted(p: Array, q: Array, pieces: int) -> tuple[Array, Array, Array]:
    """The fit itself, for waypoints with any number of columns."""
    knots = np.concatenate([np.zeros(DEGREE), np.linspace(0.0, 1.0, pieces + 1), np.ones(DEGREE)])
    design = BSpline.design_matrix(p, knots, DEGREE).toarray()
    control = np.zeros((design.shape[1], q.shape[1]))
    control[:3], control[-3:] = q[0], q[-1]
    free = slice(3, len(control) - 3)
    control[free] = np.linalg.lstsq(design[:, free], q - design @ control, rcond=None)[0]
    starts = knots[DEGREE : DEGREE + pieces]
    curve, factorials = BSpline(knots, control, DEGREE), np.array([1.0, 1.0, 2.0, 6.0, 24.0, 120.0])
    coefficients = np.stack([curve(starts, order) / factorials[order] for order in range(DEGREE, -1, -1)])
    coefficients[-1, 0], coefficients[-3:-1, 0] = q[0], 0.0
    return knots[DEGREE:-DEGREE].copy(), coefficients, design @ control - q


FEWEST_PIECES = 8


@dataclass(frozen=True)
class JointSpline:
    """A path of all joints over the phase [0, 1].

    Attributes:
        pieces: Polynomials of degree 5, highest power first, in the phase since each knot. Coefficients (6, m, dof).
        deviation: Largest distance from a waypoint that it was fitted to [rad].
    """

    pieces: PPoly
    deviation: float = 0.0

    @property
    def dof(self) -> int:
        """Number of joints."""
        return int(self.pieces.c.shape[2])

    @property
    def knots(self) -> Array:
        """Phases between which it is one polynomial. Shape (m + 1,)."""
        knots: Array = self.pieces.x
        return knots

    def evaluate(self, phases: Array) -> tuple[Array, Array, Array, Array]:
        """Positions [rad] and their first three derivatives with respect to phase. Shape (n,) to (n, dof) each."""
        p = np.ascontiguousarray(phases, dtype=np.float64)
        out = np.empty((4, len(p), self.dof))
        spline_derivatives(self.pieces.x, self.pieces.c, p, out)
        return out[0], out[1], out[2], out[3]


def minimum_jerk_spline(start: Array, goal: Array) -> JointSpline:
    """The straight line in joint space with minimum jerk, exactly.

    Args:
        start: Joint positions [rad]. Shape (dof,).
        goal: Joint positions [rad]. Shape (dof,).

    Raises:
        SetupFault: If the shapes disagree or a number is not finite.
    """
    q0, q1 = np.asarray(start, dtype=np.float64), np.asarray(goal, dtype=np.float64)
    if q0.shape != q1.shape or q0.ndim != 1 or not np.isfinite([q0, q1]).all():
        raise SetupFault(f"Joint positions of shapes {q0.shape} and {q1.shape} came; both have to be (dof,) and finite.")
    shape = np.array([6.0, -15.0, 10.0, 0.0, 0.0, 0.0])
    coefficients = shape[:, None, None] * (q1 - q0)
    coefficients[-1, 0] = q0
    return JointSpline(PPoly(coefficients, np.array([0.0, 1.0])))


def fit_spline(phases: Array, positions: Array, tolerance: float = 1e-5) -> JointSpline:
    """The quintic spline with the fewest evenly spaced knots that passes all waypoints within the tolerance.

    Least squares on few knots averages the noise of inverse kinematics instead of passing through it, which matters at
    the ends, where the waypoints crawl. First and last waypoint are met exactly, with q' = q'' = 0. Four continuous
    derivatives everywhere.

    Args:
        phases: Strictly increasing from 0 to 1. Shape (n,), n >= 8.
        positions: Waypoints [rad]. Shape (n, dof).
        tolerance: Largest distance from a waypoint that is allowed [rad]. Where half as many knots as waypoints cannot
            reach it (waypoints that jump), the finest fit is returned; `deviation` tells.

    Raises:
        SetupFault: If the waypoints do not have that form.
    """
    p, q = _checked_waypoints(phases, positions)
    way = q - q[0]  # Of the same size wherever it begins, and so is its rounding.
    most = max(len(p) // 2, 2)
    pieces = min(FEWEST_PIECES, most)
    while True:
        knots, coefficients, deviations = least_squares(p, way, pieces)
        deviation = float(np.abs(deviations).max())
        if deviation <= tolerance or pieces == most:
            break
        pieces = min(pieces * 3 // 2, most)
    coefficients[-1] += q[0]
    return JointSpline(PPoly(coefficients, knots), deviation)


def _checked_waypoints(phases: Array, positions: Array) -> tuple[Array, Array]:
    p, q = np.asarray(phases, dtype=np.float64), np.asarray(positions, dtype=np.float64)
    if p.ndim != 1 or q.ndim != 2 or len(p) != len(q) or len(p) < 8:
        raise SetupFault(f"Phases {p.shape} and positions {q.shape} came; they have to be (n,) and (n, dof) with n >= 8.")
    if not (np.isfinite(p).all() and np.isfinite(q).all()):
        raise SetupFault("Waypoints have to be finite numbers.")
    if p[0] != 0.0 or p[-1] != 1.0 or (np.diff(p) <= 0.0).any():
        raise SetupFault(f"Phases from {p[0]} to {p[-1]} came; they have to increase strictly from 0 to 1.")
    return p, q
