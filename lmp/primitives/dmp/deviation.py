"""Deviations from the straight path: forced motions of the transformation system that begin and end at nothing.

Weights force the system without decay; what they leave at the ends is taken away by the smallest correction, measured by
the integral of its squared acceleration. So position, velocity and acceleration of a deviation are zero at both ends for
any weights, and the map from weights to deviation stays linear: one matrix.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.dmp.basis import smooth_basis
from lmp.primitives.dmp.dmp import NODE_WEIGHTS, NODES, ForcedResponse, TransformationSystem

Array = NDArray[np.float64]

SYSTEM = TransformationSystem(alpha=25.0, beta=6.25)
"""The default preset's critically damped system (the constants of Ijspeert et al. 2013)."""

COUNT = 20
"""Functions of the correction and of bulges: with fewer, an early bulge swings back; with more, jerk grows at the ends."""


@lru_cache(maxsize=33)
def response(count: int) -> ForcedResponse:
    """Responses to `count` evenly spaced weights in metres of static displacement: gain = stiffness."""
    return ForcedResponse(SYSTEM, smooth_basis(count), SYSTEM.stiffness)


@lru_cache(maxsize=1)
def _metric_root() -> Array:
    """R with |R c|^2 = integral over the phase of the squared acceleration of coefficients c. Shape (COUNT, COUNT)."""
    grid = response(COUNT).grid
    lengths = np.diff(grid)
    nodes = (grid[:-1, None] + lengths[:, None] * NODES).ravel()
    weights = (lengths[:, None] * NODE_WEIGHTS).ravel()
    root: Array = np.linalg.qr(np.sqrt(weights)[:, None] * response(COUNT).matrices(nodes)[2]).R
    return root


def end_conditions(count: int) -> Array:
    """Start acceleration, end position, end velocity, end acceleration of unit weights. Shape (4, count).

    Start position and velocity are zero for any weights.
    """
    position, velocity, acceleration = response(count).matrices(np.array([0.0, 1.0]))
    return np.stack([acceleration[0], position[1], velocity[1], acceleration[1]])


def smoothest(conditions: Array, values: Array) -> Array:
    """The coefficients of least squared acceleration that meet linear conditions.

    Args:
        conditions: Rows of the conditions on the coefficients. Shape (m, COUNT), m < COUNT.
        values: What they have to give. Shape (m, k).

    Returns:
        Coefficients. Shape (COUNT, k).
    """
    root = _metric_root()
    reduced = np.linalg.solve(root.T, conditions.T).T
    coefficients = np.zeros((COUNT, values.shape[1]))
    for _ in range(2):  # The second pass takes away the rounding of the first.
        missing = values - conditions @ coefficients
        coefficients += np.linalg.solve(root, np.linalg.lstsq(reduced, missing, rcond=None)[0])
    return coefficients


@lru_cache(maxsize=33)
def correction(count: int) -> Array:
    """From `count` weights to the coefficients that take away what they leave at the ends. Shape (COUNT, count)."""
    return smoothest(end_conditions(COUNT), -end_conditions(count))


def response_matrices(phases: Array, count: int) -> tuple[Array, Array, Array]:
    """Unit responses of `count` functions; kept for the phases that were asked for last. Shape (n, count) each."""
    return _response_matrices(count, np.ascontiguousarray(phases, dtype=np.float64).tobytes())


@lru_cache(maxsize=32)
def _response_matrices(count: int, phases: bytes) -> tuple[Array, Array, Array]:
    matrices = response(count).matrices(np.frombuffer(phases, dtype=np.float64))
    for matrix in matrices:
        matrix.setflags(write=False)
    return matrices


def deviation_matrices(phases: Array, count: int) -> tuple[Array, Array, Array]:
    """Deviation, first and second derivative with respect to phase, of unit weights. Shape (n,) to (n, count) each."""
    pairs = zip(response_matrices(phases, count), response_matrices(phases, COUNT), strict=True)
    position, velocity, acceleration = (plain + corrected @ correction(count) for plain, corrected in pairs)
    return position, velocity, acceleration


class Deviation:
    """A deviation as a curve over the phase, in any number of dimensions: a sum of forced responses.

    Args:
        terms: Coefficients [m] or [rad], shape (count, dims), each of which forces the system through `count` functions.
            Together they have to leave nothing at the ends.
        dims: Number of dimensions.
    """

    def __init__(self, terms: tuple[Array, ...], dims: int):
        self._terms, self.dims = terms, dims

    @classmethod
    def from_weights(cls, weights: Array) -> Deviation:
        """The deviation of weights of static displacement, corrected at its ends. Shape (count, dims)."""
        return cls((weights, correction(len(weights)) @ weights), weights.shape[1])

    def evaluate(self, phases: Array) -> tuple[Array, Array, Array]:
        """Deviation, first and second derivative with respect to phase. Shape (n,) to (n, dims) each."""
        sums = tuple(np.zeros((len(phases), self.dims)) for _ in range(3))
        for coefficients in self._terms:
            for total, matrix in zip(sums, response_matrices(phases, len(coefficients)), strict=True):
                total += matrix @ coefficients
        return sums[0], sums[1], sums[2]

    def forcing(self, phases: Array) -> Array:
        """What drives it: the forcing of the transformation system. Shape (n,) to (n, dims)."""
        total = np.zeros((len(phases), self.dims))
        for coefficients in self._terms:
            total += response(len(coefficients)).forcing(phases) @ coefficients
        return total
