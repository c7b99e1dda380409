"""The path of the tool point: minimum jerk from start to goal, plus what its shape adds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault
from lmp.primitives.dmp.path_matrices import path_matrices
from lmp.schema.motion import Bulges, Weights

Array = NDArray[np.float64]


class PositionPath:
    """The default preset as a function of the phase; it does not depend on the duration.

    At both ends velocity and acceleration are zero, and the ends are met whatever the shape.

    Args:
        start: Where it starts [m]. Shape (3,).
        goal: Where it ends [m]. Shape (3,).
        shape: Bulges or weights; None is the straight line.
        rotation: Turns the shape's axes into those of start and goal, such as the robot's into the world's. Shape (3, 3).

    Raises:
        SetupFault: If start or goal are not three finite numbers.
        BadShape: If no path has the shape.
    """

    def __init__(self, start: Array, goal: Array, shape: Bulges | Weights | None = None, rotation: Array | None = None):
        self.start, self.goal = (_point(name, value) for name, value in (("start", start), ("goal", goal)))
        self._counts: tuple[int, ...] = ()
        self._values = np.stack([self.start, self.goal])
        if shape is not None:
            from lmp.primitives.dmp.bulges import deviation_of  # Most paths are straight.

            deviation = deviation_of(shape) if rotation is None else deviation_of(shape).turned(rotation)
            self._counts = deviation.counts
            self._values = np.concatenate([self._values, *deviation.terms])

    def evaluate(self, phases: Array) -> tuple[Array, Array, Array]:
        """Positions [m] and their first two derivatives with respect to phase [m]. Shape (n,) to (n, 3) each.

        Divide the derivatives by the duration, and by its square, for velocity and acceleration.

        Raises:
            SetupFault: If a phase lies outside [0, 1].
        """
        path = path_matrices(phases, self._counts) @ self._values
        return path[0], path[1], path[2]

    def positions(self, phases: Array) -> Array:
        """Positions alone [m]. Shape (n,) to (n, 3).

        Raises:
            SetupFault: If a phase lies outside [0, 1].
        """
        positions: Array = path_matrices(phases, self._counts)[0] @ self._values
        return positions


def _point(name: str, value: Array) -> Array:
    point = np.array(value, dtype=np.float64)
    if point.shape != (3,) or not np.isfinite(point).all():
        raise SetupFault(f"{name} {value!r} came; it has to be three finite numbers x, y, z [m].")
    point.setflags(write=False)
    return point
