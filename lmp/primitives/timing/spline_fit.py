"""Least-squares fits of quintic splines; as matrices, which depend on the phases alone, so that a fit is a product."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BSpline

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
