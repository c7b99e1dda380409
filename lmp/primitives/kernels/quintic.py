"""The quintic from a state to rest at the goal (minimum jerk; Flash and Hogan, J. Neuroscience 5(7), 1985)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import inner

Array = NDArray[np.float64]


@inner
def quintic_at(parameters: Array, begin: float, p: float, out: Array) -> None:
    """Position, first and second derivative with respect to phase: fills `out` (3, dims).

    `parameters` are rows y0, y0', y0'' at the phase `begin`, and g; shape (4, dims).
    """
    length = 1.0 - begin
    u = (p - begin) / length
    rest = 1.0 - u
    way = u**3 * (10.0 + u * (6.0 * u - 15.0))
    speed = u + u**3 * (u * (8.0 - 3.0 * u) - 6.0)
    bend = u**2 * (0.5 + u * (u * (1.5 - 0.5 * u) - 1.5))
    way_1, way_2 = 30.0 * u**2 * rest**2, 60.0 * u * rest * (1.0 - 2.0 * u)
    speed_1, speed_2 = 1.0 + u**2 * (u * (32.0 - 15.0 * u) - 18.0), u * (u * (96.0 - 60.0 * u) - 36.0)
    bend_1, bend_2 = u * (1.0 + u * (u * (6.0 - 2.5 * u) - 4.5)), 1.0 + u * (u * (18.0 - 10.0 * u) - 9.0)
    for d in range(out.shape[1]):
        y, v, a = parameters[0, d], parameters[1, d] * length, parameters[2, d] * length**2
        left = parameters[3, d] - y
        out[0, d] = y + left * way + v * speed + a * bend
        out[1, d] = (left * way_1 + v * speed_1 + a * bend_1) / length
        out[2, d] = (left * way_2 + v * speed_2 + a * bend_2) / length**2
