"""The transformation system of a movement primitive, solved exactly.

In the phase p = t / tau it does not depend on the duration:

    y'' = alpha (beta (g - y) - y') + k f(p)        y' = dy/dp

(Ijspeert et al., Neural Computation 25(2), 2013, section 2.1, in time over tau). The state x = (y, y') obeys
x' = A x + b u, so that from one instant to the next x(p + h) = exp(A h) x(p) + integral_0^h exp(A (h - s)) b u(p + s) ds.
The exponential is closed form; the integral is Gauss quadrature on panels that are refined until nothing changes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault
from lmp.primitives.dmp.basis import Basis
from lmp.primitives.dmp.phase import checked_phases

Array = NDArray[np.float64]

NODES, NODE_WEIGHTS = (array for array in np.polynomial.legendre.leggauss(10))
NODES, NODE_WEIGHTS = (NODES + 1.0) / 2.0, NODE_WEIGHTS / 2.0
"""Gauss-Legendre rule on [0, 1]."""

CHUNK = 2048
"""Phases evaluated at once; bounds the memory."""


@dataclass(frozen=True)
class TransformationSystem:
    """The linear second-order system.

    Attributes:
        alpha: Damping [dimensionless].
        beta: Stiffness over damping [dimensionless]; alpha / 4 is critical damping.
    """

    alpha: float
    beta: float

    def __post_init__(self) -> None:
        if not (self.alpha > 0.0 and self.beta > 0.0):
            raise SetupFault(f"alpha {self.alpha} and beta {self.beta} came; both have to be positive.")

    @property
    def stiffness(self) -> float:
        """Static force per displacement [dimensionless]."""
        return self.alpha * self.beta

    def transition(self, lengths: Array) -> Array:
        """exp(A h) of (y, y') over phase intervals h. Shape (...,) to (..., 2, 2).

        A + alpha/2 squares to D = alpha^2/4 - alpha beta times the identity, so the series of the exponential is
        a cosine and a sine (D < 0), their hyperbolic kin (D > 0), or 1 and h (D = 0, critical damping).
        """
        h = np.asarray(lengths, dtype=np.float64)
        discriminant = self.alpha**2 / 4.0 - self.stiffness
        root = np.sqrt(abs(discriminant))
        if root * np.max(np.abs(h), initial=0.0) < 1e-8:
            even, odd = np.ones_like(h), h
        elif discriminant > 0.0:
            even, odd = np.cosh(root * h), np.sinh(root * h) / root
        else:
            even, odd = np.cos(root * h), np.sin(root * h) / root
        half = self.alpha / 2.0
        rows = np.array([[even + half * odd, odd], [-self.stiffness * odd, even - half * odd]])
        matrices: Array = np.moveaxis(np.exp(-half * h) * rows, (0, 1), (-2, -1))
        return matrices

    def acceleration(self, states: Array, forcing: Array) -> Array:
        """Accelerations y'' of states about the goal under a forcing. Shapes (n, 2, m) and (n, m) to (n, m)."""
        result: Array = forcing - self.stiffness * states[:, 0] - self.alpha * states[:, 1]
        return result


class ForcedResponse:
    """The system's motion from rest at 0 under each basis function alone: columns that any weights combine.

    Attributes:
        system: The transformation system.
        basis: The forcing's basis functions.
        gain: Factor k on the forcing.
        grid: Borders of the panels on which the quadrature is exact. Shape (m + 1,).
    """

    def __init__(self, system: TransformationSystem, basis: Basis, gain: float):
        self.system, self.basis, self.gain = system, basis, gain
        self.grid, self._states = self._refined()

    def forcing(self, phases: Array) -> Array:
        """Forcing k f_i(p) of each basis function. Shape (n,) to (n, count)."""
        values: Array = self.gain * self.basis.evaluate(phases)
        return values

    def matrices(self, phases: Array) -> tuple[Array, Array, Array]:
        """Position, velocity and acceleration with respect to phase, for a unit weight of each basis function.

        Exact at any phases, whatever their spacing: every sample starts from the nearest panel before it.

        Args:
            phases: In [0, 1], in any order. Shape (n,).

        Returns:
            Three matrices. Shape (n, count).

        Raises:
            SetupFault: If a phase lies outside [0, 1].
        """
        p = checked_phases(phases)
        states = np.empty((len(p), 2, self.basis.count))
        for first in range(0, len(p), CHUNK):
            part = slice(first, first + CHUNK)
            panel = np.clip(np.searchsorted(self.grid, p[part], side="right") - 1, 0, len(self.grid) - 2)
            rest = p[part] - self.grid[panel]
            states[part] = self.system.transition(rest) @ self._states[panel] + self._integral(self.grid[panel], rest)
        return states[:, 0], states[:, 1], self.system.acceleration(states, self.forcing(p))

    def _integral(self, starts: Array, lengths: Array) -> Array:
        """Effect of the forcing over intervals. Shapes (n,), (n,) to (n, 2, count)."""
        offsets = lengths[:, None] * NODES
        impulse = self.system.transition(lengths[:, None] - offsets)[..., 1]
        forcing = self.forcing((starts[:, None] + offsets).ravel()).reshape(*offsets.shape, -1)
        weighted = impulse * (lengths[:, None] * NODE_WEIGHTS)[..., None]
        result: Array = np.swapaxes(weighted, 1, 2) @ forcing
        return result

    def _on(self, grid: Array) -> Array:
        """States at the grid by the exact recursion. Shape (m + 1, 2, count)."""
        lengths = np.diff(grid)
        steps, increments = self.system.transition(lengths), self._integral(grid[:-1], lengths)
        states = np.zeros((len(grid), 2, self.basis.count))
        for index in range(len(lengths)):
            states[index + 1] = steps[index] @ states[index] + increments[index]
        return states

    def _refined(self) -> tuple[Array, Array]:
        """The coarsest grid of panels, breakpoints among its nodes, on which halving changes nothing but rounding."""
        grid = np.unique(np.concatenate([np.linspace(0.0, 1.0, 33), np.array(self.basis.breakpoints)]))
        states = self._on(grid)
        for _ in range(8):
            finer = np.sort(np.concatenate([grid, (grid[:-1] + grid[1:]) / 2.0]))
            finer_states = self._on(finer)
            change = np.abs(finer_states[::2] - states).max(axis=(0, 2))
            if (change <= 4e-15 * np.abs(states).max(axis=(0, 2))).all():
                return grid, states
            grid, states = finer, finer_states
        raise SetupFault("The forcing's basis functions are too narrow to be integrated; widen them (lower sharpness).")
