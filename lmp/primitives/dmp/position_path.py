"""The path of the tool point: minimum jerk from start to goal and what its shape adds, or that of another preset."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault
from lmp.primitives.dmp.path_matrices import path_matrices
from lmp.schema.motion import Bulges, Weights

Array = NDArray[np.float64]


class PositionPath:
    """A primitive as a function of the phase; it does not depend on the duration.

    In the default preset velocity and acceleration are zero at both ends, and the ends are met whatever the shape.

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
        ends = np.stack([self.start, self.goal])
        if shape is None:
            self._matrices: Callable[[Array], Array] = partial(path_matrices, counts=())
            self._values = ends
            return
        from lmp.primitives.dmp.bulges import BadShape, deviation_of, shape_complaint  # Most paths are straight.

        if isinstance(shape, Weights) and shape.preset != "default":
            from lmp.primitives.dmp.preset_paths import preset_matrices

            complaint = shape_complaint(shape)
            if complaint is not None:
                raise BadShape(complaint)
            weights = np.array([shape.x, shape.y, shape.z]).T
            self._matrices = partial(preset_matrices, shape.preset, count=len(weights))
            self._values = np.concatenate([ends, weights if rotation is None else weights @ rotation.T])
        else:
            deviation = deviation_of(shape) if rotation is None else deviation_of(shape).turned(rotation)
            self._matrices = partial(path_matrices, counts=deviation.counts)
            self._values = np.concatenate([ends, *deviation.terms])

    def evaluate(self, phases: Array) -> tuple[Array, Array, Array]:
        """Positions [m] and their first two derivatives with respect to phase [m]. Shape (n,) to (n, 3) each.

        Divide the derivatives by the duration, and by its square, for velocity and acceleration.

        Raises:
            SetupFault: If a phase lies outside [0, 1].
        """
        path = self._matrices(phases) @ self._values
        return path[0], path[1], path[2]

    def positions(self, phases: Array) -> Array:
        """Positions alone [m]. Shape (n,) to (n, 3).

        Raises:
            SetupFault: If a phase lies outside [0, 1].
        """
        positions: Array = self._matrices(phases)[0] @ self._values
        return positions


def _point(name: str, value: Array) -> Array:
    point = np.array(value, dtype=np.float64)
    if point.shape != (3,) or not np.isfinite(point).all():
        raise SetupFault(f"{name} {value!r} came; it has to be three finite numbers x, y, z [m].")
    point.setflags(write=False)
    return point
