"""A critically damped system from rest, driven by evenly spaced Gaussians: its state at any phase, exactly.

y'' = w^2 (f(p) - y) - 2 w y' with f the normalised sum of the weights' Gaussians, w the natural frequency. From the nearest
panel before a phase the system goes on by its exponential and a Gauss quadrature of the forcing; the states at the panels'
borders are given. Neighbouring Gaussians exp(-(u - i)^2), u the phase counted in their distances, are a constant and a ratio
apart, and the seventh neighbour of the nearest one is below rounding: one exponential makes all of them.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import INTEGER, REAL, array, filled, inner, kernel

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

PANELS = 512
"""Panels of the phase; on one of them four nodes integrate up to 32 Gaussians to rounding."""

_NODE_COUNT = 4


def _radau(count: int) -> tuple[Array, Array]:
    """The Gauss-Radau rule on [0, 1] whose last node is 1: exact up to degree 2 count - 2."""
    polynomial = np.polynomial.Legendre.basis(count - 1) - np.polynomial.Legendre.basis(count)
    nodes = np.sort(polynomial.roots().real)
    nodes[-1] = 1.0
    powers = np.arange(count)
    return (nodes + 1.0) / 2.0, np.linalg.solve(((nodes + 1.0) / 2.0) ** powers[:, None], 1.0 / (powers + 1.0))


_NODES, _WEIGHTS = _radau(_NODE_COUNT)

_REACH = 6
_FALL = np.exp(-(np.arange(_REACH + 1.0) ** 2))


@inner
def add_forcing(weights: Array, first: int, count: int, p: float, part: Array, out: Array) -> None:
    """Adds to `out` (dims,) the sum of `count` rows of weights from `first` on, each times its normalised Gaussian.

    `part` is working memory of shape (dims,).
    """
    place = p * (count - 1)
    near = min(int(place + 0.5), count - 1)
    ratio = math.exp(2.0 * (place - near))
    row = first + near
    total = 1.0
    for d in range(len(out)):
        part[d] = weights[row, d]
    size = 1.0
    for k in range(1, min(_REACH, count - 1 - near) + 1):
        size *= ratio
        total += _FALL[k] * size
        for d in range(len(out)):
            part[d] += _FALL[k] * size * weights[row + k, d]
    ratio, size = 1.0 / ratio, 1.0
    for k in range(1, min(_REACH, near) + 1):
        size *= ratio
        total += _FALL[k] * size
        for d in range(len(out)):
            part[d] += _FALL[k] * size * weights[row - k, d]
    total = 1.0 / total
    for d in range(len(out)):
        out[d] += total * part[d]


@inner
def forcing_at(weights: Array, counts: Integers, p: float, work: Array) -> None:
    """The forcing of several bases together, in `work[0]`: the first `counts[0]` rows of weights are the first one's.

    `work` has shape (2, dims).
    """
    work[0] = 0.0
    first = 0
    for index in range(len(counts)):
        add_forcing(weights, first, counts[index], p, work[1], work[0])
        first += counts[index]


@inner
def forced_state(weights: Array, counts: Integers, borders: Array, frequency: float, p: float, work: Array, out: Array) -> None:
    """Position, first and second derivative with respect to phase: fills `out` (3, dims); `work` has shape (2, dims)."""
    panels = len(borders) - 1
    panel = min(int(p * panels), panels - 1)
    begin = panel / panels
    length = p - begin
    decay = math.exp(-frequency * length)
    for d in range(out.shape[1]):
        y, v = borders[panel, 0, d], borders[panel, 1, d]
        out[0, d] = decay * ((1.0 + frequency * length) * y + length * v)
        out[1, d] = decay * ((1.0 - frequency * length) * v - frequency**2 * length * y)
    for node in range(_NODE_COUNT):
        left = length * (1.0 - _NODES[node])
        push = length * _WEIGHTS[node] * frequency**2 * math.exp(-frequency * left)
        forcing_at(weights, counts, begin + length * _NODES[node], work)
        for d in range(out.shape[1]):
            out[0, d] += push * left * work[0, d]
            out[1, d] += push * (1.0 - frequency * left) * work[0, d]
    # The last node was the phase itself.
    for d in range(out.shape[1]):
        out[2, d] = frequency**2 * (work[0, d] - out[0, d]) - 2.0 * frequency * out[1, d]


@kernel(INTEGER, array(2), array(1, INTEGER), array(3), REAL, array(1), filled(3))
def forced_motion(weights: Array, counts: Integers, borders: Array, frequency: float, phases: Array, out: Array) -> int:
    """The motion at many phases.

    Args:
        weights: Rows of all bases, one after the other [m] or [rad]. Shape (sum of counts, dims).
        counts: Gaussians of each basis; neighbours are one over count - 1 apart, a single one is constant. Shape (k,).
        borders: Position and velocity at evenly spaced phases from 0 to 1. Shape (panels + 1, 2, dims).
        frequency: Natural frequency [1 / phase].
        phases: In [0, 1]. Shape (n,).
        out: Positions, first and second derivatives with respect to phase. Shape (n, 3, dims).
    """
    work = np.empty((2, weights.shape[1]))
    for index in range(len(phases)):
        forced_state(weights, counts, borders, frequency, phases[index], work, out[index])
    return len(phases)
