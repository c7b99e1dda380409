"""Minimum-jerk curves: the quintic between two states (Flash and Hogan, J. Neuroscience 5(7), 1985)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault

Array = NDArray[np.float64]

# Powers of u that y0, y0', y0'' and g contribute: the quintic with that start state which ends at g at rest, unit length.
_QUINTIC = np.array(
    [
        [1.0, 0.0, 0.0, -10.0, 15.0, -6.0],
        [0.0, 1.0, 0.0, -6.0, 8.0, -3.0],
        [0.0, 0.0, 0.5, -1.5, 1.5, -0.5],
        [0.0, 0.0, 0.0, 10.0, -15.0, 6.0],
    ]
)

# The same for the curve and its first two derivatives, rows and columns exchanged. Shape (3, 6, 4).
_DERIVATIVES = np.zeros((3, 6, 4))
for _order in range(3):
    for _power in range(_order, 6):
        _DERIVATIVES[_order, _power - _order] = math.perm(_power, _order) * _QUINTIC[:, _power]


@dataclass(frozen=True)
class MinimumJerk:
    """A quintic from a state (position, velocity, acceleration with respect to phase) to rest at the goal at phase 1.

    Attributes:
        parameters: Rows y0, y0', y0'', g; derivatives with respect to phase. Shape (4, dims).
        begin: Phase at which the start state holds [dimensionless].
    """

    parameters: Array
    begin: float = 0.0

    def __post_init__(self) -> None:
        parameters = np.array(self.parameters, dtype=np.float64)
        if parameters.ndim != 2 or len(parameters) != 4:
            raise SetupFault(f"Parameters of shape {parameters.shape} came; the shape has to be (4, dims): y0, y0', y0'', g.")
        if not 0.0 <= self.begin < 1.0:
            raise SetupFault(f"A begin at phase {self.begin} came; it has to lie in [0, 1).")
        parameters.setflags(write=False)
        object.__setattr__(self, "parameters", parameters)

    @property
    def goal(self) -> Array:
        """Position at its end. Shape (dims,)."""
        goal: Array = self.parameters[3]
        return goal

    def evaluate(self, phases: Array) -> tuple[Array, Array, Array]:
        """Positions, first and second derivatives with respect to phase. Shape (n,) to (n, dims) each."""
        position, velocity, acceleration = minimum_jerk_matrices(phases, self.begin)
        return position @ self.parameters, velocity @ self.parameters, acceleration @ self.parameters


def minimum_jerk_matrices(phases: Array, begin: float = 0.0) -> tuple[Array, Array, Array]:
    """Matrices that turn (y0, y0', y0'', g) into position and its first two derivatives with respect to phase.

    Args:
        phases: In [begin, 1]. Shape (n,).
        begin: Phase of the start state [dimensionless].

    Returns:
        Three matrices. Shape (n, 4).
    """
    length = 1.0 - begin
    u = (np.asarray(phases, dtype=np.float64) - begin) / length
    matrices = np.vander(u, 6, increasing=True) @ _DERIVATIVES
    if length != 1.0:
        # A start velocity or acceleration in phase counts length, or its square, in u.
        matrices *= np.array([1.0, length, length**2, 1.0])
        matrices /= np.array([1.0, length, length**2])[:, None, None]
    return matrices[0], matrices[1], matrices[2]
