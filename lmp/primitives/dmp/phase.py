"""The phase of a movement primitive: the share of its duration that has passed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault

Array = NDArray[np.float64]


def phase_at(times: Array, duration: float) -> Array:
    """Phases of instants since the start; held at 0 before it and at 1 after the end.

    Args:
        times: Instants [s]. Shape (n,).
        duration: Duration of the motion [s].

    Returns:
        Phases [dimensionless]. Shape (n,).

    Raises:
        SetupFault: If the duration is not a positive number.
    """
    if not (np.isfinite(duration) and duration > 0.0):
        raise SetupFault(f"A duration of {duration} s came; a motion lasts longer than 0 s.")
    held: Array = np.clip(np.asarray(times, dtype=np.float64) / duration, 0.0, 1.0)
    return held


def phases_inside(times: Array, duration: float) -> Array:
    """Phases of instants that have to lie in the motion. Shape (n,) [s] to (n,).

    Raises:
        SetupFault: If an instant lies outside [0, duration], the shape is another, or the duration is not positive.
    """
    times = np.asarray(times, dtype=np.float64)
    if times.ndim != 1:
        raise SetupFault(f"Instants of shape {times.shape} came; the shape has to be (n,).")
    phases = phase_at(times, duration)
    if times.size and not (times.min() >= 0.0 and times.max() <= duration * (1.0 + 1e-12)):
        raise SetupFault(f"Instants from {times.min()} to {times.max()} s came; they have to lie in [0, {duration}] s.")
    return phases


def phase_rate(error: float, tolerance: float) -> float:
    """Share of its normal speed at which the phase runs while the robot lags behind (phase stopping).

    1 without an error, 0.5 at `tolerance`, towards 0 beyond: the phase stopping of Ijspeert et al., Neural
    Computation 25(2), 2013, with the square of the error, so that small lags cost nothing.

    Args:
        error: Distance between command and robot, in any unit.
        tolerance: Distance at which the phase runs at half speed, in the same unit.

    Raises:
        SetupFault: If the tolerance is not positive.
    """
    if not tolerance > 0.0:
        raise SetupFault(f"A tolerance of {tolerance} came; it has to be positive.")
    return 1.0 / (1.0 + (error / tolerance) ** 2)


def checked_phases(phases: Array) -> Array:
    """The phases as a float array of shape (n,).

    Raises:
        SetupFault: If they are not a list of numbers in [0, 1].
    """
    array = np.asarray(phases, dtype=np.float64)
    if array.ndim != 1:
        raise SetupFault(f"Phases of shape {array.shape} came; the shape has to be (n,).")
    if array.size and not (array.min() >= 0.0 and array.max() <= 1.0):
        raise SetupFault(f"Phases from {array.min()} to {array.max()} came; they have to lie in [0, 1].")
    return array
