"""A motion in progress: its reference in closed form, and the distance from it, which decays by the exact recursion.

The reference r is a quintic plus a forced motion. A command y that follows it under a coupling c, while the phase runs at
`rate`, keeps a distance e = y - r that obeys e'' = c - 2 w e' - w^2 e in time over duration: a linear system with a constant
input, solved for a step of any length by its exponential.

The arrays of a motion are packed into one, since handing over an array costs as much as a good part of a step: `motion`
holds the quintic's rows y0, y0', y0'', g (derivatives with respect to phase), then the forced motion's weights, then
position and velocity at its borders in turns. `counts` and `frequency` are those of `forced_motion`; the quintic's start
state holds at the phase `begin`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import INTEGER, REAL, array, filled, inner, kernel
from lmp.primitives.kernels.forced_motion import forced_state
from lmp.primitives.kernels.quintic import quintic_at

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

STATE_ROWS = 11
"""Rows of `state`: position, velocity, acceleration, the reference and its two derivatives, then working memory."""


@inner
def reference_at(motion: Array, counts: Integers, frequency: float, begin: float, p: float, work: Array, out: Array) -> None:
    """The reference and its first two derivatives with respect to phase: fills `out` (3, dims); `work` is (5, dims)."""
    dims = out.shape[1]
    quintic_at(motion[:4], begin, p, out)
    if len(counts) == 0:
        return
    total = 4
    for index in range(len(counts)):
        total += counts[index]
    borders = motion[total:].reshape(((len(motion) - total) // 2, 2, dims))
    forced_state(motion[4:total], counts, borders, frequency, p, work[3:], work[:3])
    for order in range(3):
        for d in range(dims):
            out[order, d] += work[order, d]


@inner
def distance_after(e: float, slope: float, pull: float, frequency: float, length: float) -> tuple[float, float]:
    """Distance from the reference and its slope after a length of time, from those before it, under a constant pull."""
    held = pull / frequency**2
    decay = math.exp(-frequency * length)
    free = e - held
    position = held + decay * ((1.0 + frequency * length) * free + length * slope)
    return position, decay * ((1.0 - frequency * length) * slope - frequency**2 * length * free)


@kernel(REAL, array(2), array(1, INTEGER), REAL, REAL, REAL, filled(2), REAL, REAL, REAL, array(1))
def advance(
    motion: Array,
    counts: Integers,
    frequency: float,
    duration: float,
    begin: float,
    state: Array,
    phase: float,
    dt: float,
    rate: float,
    coupling: Array,
) -> float:
    """One step of any length; returns the phase after it.

    Args:
        motion: See above. Shape (rows, dims).
        counts: See above.
        frequency: See above [1 / phase].
        duration: At rate 1 [s].
        begin: See above.
        state: Rows position, velocity [1/s], acceleration [1/s^2], then the reference and its first two derivatives with
            respect to phase at `phase`; becomes the state after the step. Shape (STATE_ROWS, dims).
        phase: In [begin, 1].
        dt: Length of the step [s].
        rate: Speed of the phase over its normal one.
        coupling: Extra acceleration, constant over the step [1/s^2]. Shape (dims,).
    """
    dims, length = len(coupling), dt / duration
    after = min(phase + rate * length, 1.0)
    for d in range(dims):
        e, slope = state[0, d] - state[3, d], state[1, d] * duration - rate * state[4, d]
        pull = coupling[d] * duration**2
        state[0, d], state[1, d] = distance_after(e, slope, pull, frequency, length)
        state[2, d] = pull - 2.0 * frequency * state[1, d] - frequency**2 * state[0, d]
    reference_at(motion, counts, frequency, begin, after, state[6:], state[3:6])
    for d in range(dims):
        state[0, d] += state[3, d]
        state[1, d] = (state[1, d] + rate * state[4, d]) / duration
        state[2, d] = (state[2, d] + rate**2 * state[5, d]) / duration**2
    return after


@kernel(INTEGER, array(2), array(1, INTEGER), REAL, REAL, REAL, array(2), REAL, array(1), filled(3))
def foretell(
    motion: Array,
    counts: Integers,
    frequency: float,
    duration: float,
    begin: float,
    state: Array,
    phase: float,
    spans: Array,
    out: Array,
) -> int:
    """Where `advance` will be after spans of time [s] without coupling at rate 1, each counted from now.

    `out` is filled with positions, velocities and accelerations in time; shape (n, 3, dims). The rest is as in `advance`.
    """
    dims = state.shape[1]
    work = np.empty((5, dims))
    for index in range(len(spans)):
        length, rows = spans[index] / duration, out[index]
        reference_at(motion, counts, frequency, begin, min(phase + length, 1.0), work, rows)
        for d in range(dims):
            e, slope = state[0, d] - state[3, d], state[1, d] * duration - state[4, d]
            e, slope = distance_after(e, slope, 0.0, frequency, length)
            rows[0, d] += e
            rows[2, d] = (rows[2, d] - 2.0 * frequency * slope - frequency**2 * e) / duration**2
            rows[1, d] = (rows[1, d] + slope) / duration
    return len(spans)
