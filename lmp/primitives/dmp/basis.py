"""The phase of a movement primitive and the basis functions over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

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


class Basis(Protocol):
    """Functions of the phase that are smooth between their breakpoints."""

    @property
    def count(self) -> int: ...

    @property
    def breakpoints(self) -> tuple[float, ...]:
        """Phases inside (0, 1) at which a function jumps."""

    def evaluate(self, phases: Array) -> Array:
        """Values at the phases. Shape (n,) to (n, count)."""


@dataclass(frozen=True)
class GaussianBasis:
    """Normalised Gaussians: decay(p) * psi_i(p) / sum_j psi_j(p), psi_i = exp(-sharpness (p - c_i)^2).

    Evenly spaced centres from 0 to 1 (a single function has its centre at 0.5 and is constant).

    Attributes:
        count: Number of functions.
        sharpness: Factor on the squared distance from the centre [dimensionless].
        decay: The functions are multiplied by exp(-decay * p^3) [dimensionless].
    """

    count: int
    sharpness: float
    decay: float = 0.0

    def __post_init__(self) -> None:
        if self.count < 1 or self.sharpness <= 0.0 or self.decay < 0.0:
            raise SetupFault(
                f"count {self.count}, sharpness {self.sharpness}, decay {self.decay} came; "
                "count >= 1, sharpness > 0 and decay >= 0 have to hold."
            )

    @property
    def centres(self) -> Array:
        """Phases of the centres. Shape (count,)."""
        return np.linspace(0.0, 1.0, self.count) if self.count > 1 else np.array([0.5])

    @property
    def breakpoints(self) -> tuple[float, ...]:
        """None: the functions are smooth."""
        return ()

    def evaluate(self, phases: Array) -> Array:
        """Values at the phases. Shape (n,) to (n, count)."""
        p = np.asarray(phases, dtype=np.float64)[:, None]
        exponents = -self.sharpness * (p - self.centres) ** 2
        # The largest exponent cancels in the quotient; taking it out keeps narrow functions from becoming 0 / 0.
        bells = np.exp(exponents - exponents.max(axis=1, keepdims=True))
        values: Array = np.exp(-self.decay * p**3) * bells / bells.sum(axis=1, keepdims=True)
        return values


@dataclass(frozen=True)
class PiecewiseConstantBasis:
    """`count` equal intervals of the phase; each function is 1 on its own, and the last one holds phase 1."""

    count: int

    def __post_init__(self) -> None:
        if self.count < 1:
            raise SetupFault(f"count {self.count} came; count >= 1 has to hold.")

    @property
    def breakpoints(self) -> tuple[float, ...]:
        """Borders between the intervals."""
        return tuple(float(border) for border in np.arange(1, self.count) / self.count)

    def evaluate(self, phases: Array) -> Array:
        """Values at the phases. Shape (n,) to (n, count)."""
        interval = np.searchsorted(np.array(self.breakpoints), np.asarray(phases), side="right")
        return np.eye(self.count)[interval]


def smooth_basis(count: int) -> GaussianBasis:
    """Gaussians without decay whose width fits their spacing: neighbours meet at 0.78 of their height."""
    return GaussianBasis(count, sharpness=float(max(count - 1, 1)) ** 2)
