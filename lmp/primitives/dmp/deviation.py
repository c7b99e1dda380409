"""Deviations from the straight path: forced motions of the transformation system that begin and end at nothing.

Weights force the system without decay; what they leave at the ends is taken away by the smallest correction, measured by
the integral of its squared acceleration. So position, velocity and acceleration of a deviation are zero at both ends for
any weights, and the map from weights to deviation stays linear: one matrix.
"""

from __future__ import annotations

from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.dmp.basis import smooth_basis
from lmp.primitives.dmp.dmp import NODE_WEIGHTS, NODES, ForcedResponse, TransformationSystem
from lmp.primitives.dmp.matrix_cache import MatrixCache
from lmp.primitives.kernels.forced_motion import PANELS, forced_motion

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

SYSTEM = TransformationSystem(alpha=25.0, beta=6.25)
"""The default preset's critically damped system (the constants of Ijspeert et al. 2013)."""

FREQUENCY = SYSTEM.alpha / 2.0
"""Its natural frequency [1 / phase]."""

COUNT = 20
"""Functions of the correction and of bulges: with fewer, an early bulge swings back; with more, jerk grows at the ends."""

_RESPONSES: MatrixCache[Array] = MatrixCache(64_000_000)


@lru_cache(maxsize=33)
def response(count: int) -> ForcedResponse:
    """Responses to `count` evenly spaced weights in metres of static displacement: gain = stiffness."""
    return ForcedResponse(SYSTEM, smooth_basis(count), SYSTEM.stiffness)


@lru_cache(maxsize=33)
def borders(count: int) -> Array:
    """Position and velocity of the unit responses at the borders of the kernels' panels. Shape (PANELS + 1, 2, count)."""
    position, velocity, _ = response(count).matrices(np.linspace(0.0, 1.0, PANELS + 1))
    return np.stack([position, velocity], axis=1)


@lru_cache(maxsize=1)
def metric_root() -> Array:
    """R with |R c|^2 = integral over the phase of the squared acceleration of coefficients c. Shape (COUNT, COUNT)."""
    grid = response(COUNT).grid
    lengths = np.diff(grid)
    nodes = (grid[:-1, None] + lengths[:, None] * NODES).ravel()
    weights = (lengths[:, None] * NODE_WEIGHTS).ravel()
    root: Array = np.linalg.qr(np.sqrt(weights)[:, None] * response(COUNT).matrices(nodes)[2]).R
    return root


@lru_cache(maxsize=33)
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
    root = metric_root()
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


def response_matrices(phases: Array, count: int) -> Array:
    """Unit responses of `count` functions and their first two derivatives; kept for the phases that were asked for last.

    Args:
        phases: In [0, 1]. Shape (n,).
        count: Number of functions.

    Returns:
        Read-only. Shape (3, n, count).
    """
    phases = np.ascontiguousarray(phases, dtype=np.float64)

    def made() -> Array:
        matrices = np.empty((len(phases), 3, count))
        forced_motion(np.eye(count), np.array([count]), borders(count), FREQUENCY, phases, matrices)
        matrices = np.ascontiguousarray(matrices.transpose(1, 0, 2))
        matrices.setflags(write=False)
        return matrices

    return _RESPONSES.get((count, phases.tobytes()), made)


def deviation_matrices(phases: Array, count: int) -> tuple[Array, Array, Array]:
    """Deviation, first and second derivative with respect to phase, of unit weights. Shape (n,) to (n, count) each."""
    position, velocity, acceleration = response_matrices(phases, count) + response_matrices(phases, COUNT) @ correction(count)
    return position, velocity, acceleration


class Deviation:
    """A deviation as a curve over the phase, in any number of dimensions: a sum of forced responses.

    Args:
        terms: Coefficients [m] or [rad], shape (count, dims), each of which forces the system through `count` functions.
            Together they have to leave nothing at the ends.
        dims: Number of dimensions.
    """

    def __init__(self, terms: tuple[Array, ...], dims: int):
        self.terms, self.dims = terms, dims

    @classmethod
    def from_weights(cls, weights: Array) -> Deviation:
        """The deviation of weights of static displacement, corrected at its ends. Shape (count, dims)."""
        return cls((weights, correction(len(weights)) @ weights), weights.shape[1])

    @property
    def counts(self) -> tuple[int, ...]:
        """Functions of each term."""
        return tuple(len(term) for term in self.terms)

    @cached_property
    def driven(self) -> tuple[Array, Integers, Array]:
        """All terms as the kernels take them: weights, counts and borders (see `forced_motion`)."""
        if not self.terms:
            return np.empty((0, self.dims)), np.empty(0, dtype=np.int64), np.zeros((2, 2, self.dims))
        states = sum(borders(len(term)).reshape(-1, len(term)) @ term for term in self.terms)
        return np.concatenate(self.terms, dtype=np.float64), np.array(self.counts), np.reshape(states, (-1, 2, self.dims))

    def turned(self, rotation: Array) -> Deviation:
        """The same deviation with its axes turned. Shape (dims, dims)."""
        return Deviation(tuple(term @ rotation.T for term in self.terms), self.dims)

    def evaluate(self, phases: Array) -> tuple[Array, Array, Array]:
        """Deviation, first and second derivative with respect to phase. Shape (n,) to (n, dims) each."""
        total = np.zeros((3, len(phases), self.dims))
        for coefficients in self.terms:
            total += response_matrices(phases, len(coefficients)) @ coefficients
        return total[0], total[1], total[2]

    def forcing(self, phases: Array) -> Array:
        """Forcing of the transformation system, which drives it. Shape (n,) to (n, dims)."""
        total = np.zeros((len(phases), self.dims))
        for coefficients in self.terms:
            total += response(len(coefficients)).forcing(phases) @ coefficients
        return total
