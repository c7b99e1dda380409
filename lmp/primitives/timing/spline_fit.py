"""Least-squares fits of quintic splines as matrices: they depend on the phases alone, so that a fit is a product."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BSpline

Array = NDArray[np.float64]

DEGREE = 5
_KEPT = 128
"""How many sets of phases and pieces are kept; each takes up to 134 kB with 65 waypoints."""


@functools.lru_cache(maxsize=_KEPT)
def fit_matrices(phases: bytes, pieces: int) -> tuple[Array, Array, Array]:
    """Knots, and what waypoints have to be multiplied with for the polynomials' coefficients and for the deviations.

    First and last three control points are the end waypoints, which makes q' = q'' = 0 there.

    Args:
        phases: Strictly increasing from 0 to 1, as bytes. Shape (n,).
        pieces: Number of evenly spaced pieces [count].

    Returns:
        Knots (pieces + 1,); for the coefficients, highest power first, (6 * pieces, n); for the distances of the curve
        from the waypoints (n, n).
    """
    p = np.frombuffer(phases)
    knots = np.concatenate([np.zeros(DEGREE), np.linspace(0.0, 1.0, pieces + 1), np.ones(DEGREE)])
    design = BSpline.design_matrix(p, knots, DEGREE).toarray()
    control = np.zeros((design.shape[1], len(p)))
    control[:3, 0], control[-3:, -1] = 1.0, 1.0
    free = slice(3, len(control) - 3)
    control[free] = np.linalg.lstsq(design[:, free], np.eye(len(p)) - design @ control, rcond=None)[0]
    starts = knots[DEGREE : DEGREE + pieces]
    curve, factorials = BSpline(knots, control, DEGREE), np.array([1.0, 1.0, 2.0, 6.0, 24.0, 120.0])
    powers = np.stack([curve(starts, order) / factorials[order] for order in range(DEGREE, -1, -1)])
    powers[-1, 0], powers[-3:-1, 0] = np.eye(len(p))[0], 0.0
    matrices = knots[DEGREE:-DEGREE].copy(), powers.reshape(-1, len(p)), design @ control - np.eye(len(p))
    for matrix in matrices:
        matrix.setflags(write=False)
    return matrices
