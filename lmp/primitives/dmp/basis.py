"""Basis functions over the phase of a movement primitive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault

Array = NDArray[np.float64]


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
