"""A compiled primitive: matrices that turn parameters into samples, for one candidate or a batch in one product."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Rollout:
    """Positions, velocities and accelerations at fixed instants as linear maps of the parameters.

    Attributes:
        parameters: Names of the parameters, in the order of the columns: start state, goal, then weights.
        times: Instants [s]. Shape (n,).
        position, velocity, acceleration: Maps from the parameters. Shape (n, len(parameters)).
    """

    parameters: tuple[str, ...]
    times: Array
    position: Array
    velocity: Array
    acceleration: Array

    def __post_init__(self) -> None:
        shape = (len(self.times), len(self.parameters))
        for name in ("times", "position", "velocity", "acceleration"):
            array = np.array(getattr(self, name), dtype=np.float64)
            if name != "times" and array.shape != shape:
                raise SetupFault(f"{name} has shape {array.shape}; {shape} is needed.")
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    def __call__(self, values: Array) -> tuple[Array, Array, Array]:
        """Roll out one primitive or a batch.

        Args:
            values: One row a parameter, one column a dimension. Shape (parameters, dims) or (batch, parameters, dims).

        Returns:
            Positions, velocities, accelerations. Shape (n, dims) or (batch, n, dims) each.

        Raises:
            SetupFault: If the shape is another.
        """
        values = np.asarray(values, dtype=np.float64)
        if values.ndim not in (2, 3) or values.shape[-2] != len(self.parameters):
            raise SetupFault(
                f"Parameters of shape {values.shape} came; the shape has to be ({len(self.parameters)}, dims), "
                f"rows {', '.join(self.parameters)}, or a batch of these."
            )
        # The batch goes beside the dimensions, so that it is one matrix product and not one for each candidate.
        columns = np.moveaxis(values, -2, 0)
        flat = columns.reshape(len(self.parameters), -1)
        rolled = []
        for matrix in (self.position, self.velocity, self.acceleration):
            samples = (matrix @ flat).reshape(len(self.times), *columns.shape[1:])
            rolled.append(np.moveaxis(samples, 0, -2))
        return rolled[0], rolled[1], rolled[2]


def weight_names(count: int) -> tuple[str, ...]:
    """Names of `count` weights."""
    return tuple(f"weight {index}" for index in range(count))
