"""Rates of a rotation vector e and of the rotation exp([e]) that it stands for, in both directions, to second order.

The angular velocity is J e' with the left Jacobian J = I + a [e] + b [e]^2, a = (1 - cos t) / t^2, b = (t - sin t) / t^3 and
t = |e|; its inverse is I - [e] / 2 + c [e]^2 with c = (1 - (t / 2) cot(t / 2)) / t^2, which exists up to t < 2 pi.

Sola, Deray and Atchuthan, "A micro Lie theory for state estimation in robotics", arXiv 1812.01537, eq. 145 and 146.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import inner
from lmp.primitives.kernels.orientation import quotients, turning

Array = NDArray[np.float64]

_SMALL = 0.05  # Below this angle the series, to which four terms are enough, is more exact than the quotients [rad].


@inner
def turning_change(e: Array, rate: Array, second: Array, out: Array) -> None:
    """Angular acceleration of exp([e]) in the frame of e, the rate of `turning`. Shape (3,) each."""
    turning(e, second, out)
    angle = math.sqrt(e[0] ** 2 + e[1] ** 2 + e[2] ** 2)
    _, _, third = quotients(angle)
    first_change, second_change = _quotient_changes(angle)
    along = e[0] * rate[0] + e[1] * rate[1] + e[2] * rate[2]
    x, y, z = e[1] * rate[2] - e[2] * rate[1], e[2] * rate[0] - e[0] * rate[2], e[0] * rate[1] - e[1] * rate[0]
    u, v = first_change * along, second_change * along
    out[0] += u * x + v * (e[1] * z - e[2] * y) + third * (rate[1] * z - rate[2] * y)
    out[1] += u * y + v * (e[2] * x - e[0] * z) + third * (rate[2] * x - rate[0] * z)
    out[2] += u * z + v * (e[0] * y - e[1] * x) + third * (rate[0] * y - rate[1] * x)


@inner
def rates_of_turning(e: Array, velocity: Array, acceleration: Array, rate: Array, second: Array) -> None:
    """Fills the first two rates of e from angular velocity and acceleration. Shape (3,) each."""
    _without_jacobian(e, velocity, rate)
    for axis in range(3):
        second[axis] = 0.0
    x, y, z = acceleration[0], acceleration[1], acceleration[2]
    rest = np.empty(3)
    turning_change(e, rate, second, rest)
    rest[0], rest[1], rest[2] = x - rest[0], y - rest[1], z - rest[2]
    _without_jacobian(e, rest, second)


@inner
def _without_jacobian(e: Array, velocity: Array, out: Array) -> None:
    """The inverse of the left Jacobian times a vector. Shape (3,) each."""
    square = e[0] ** 2 + e[1] ** 2 + e[2] ** 2
    angle = math.sqrt(square)
    if angle < _SMALL:
        factor = 1.0 / 12.0 + square * (1.0 / 720.0 + square * (1.0 / 30240.0 + square / 1209600.0))
    else:
        factor = (1.0 - 0.5 * angle / math.tan(0.5 * angle)) / square
    x = e[1] * velocity[2] - e[2] * velocity[1]
    y = e[2] * velocity[0] - e[0] * velocity[2]
    z = e[0] * velocity[1] - e[1] * velocity[0]
    out[0] = velocity[0] - 0.5 * x + factor * (e[1] * z - e[2] * y)
    out[1] = velocity[1] - 0.5 * y + factor * (e[2] * x - e[0] * z)
    out[2] = velocity[2] - 0.5 * z + factor * (e[0] * y - e[1] * x)


@inner
def _quotient_changes(angle: float) -> tuple[float, float]:
    """Derivatives of (1 - cos t) / t^2 and (t - sin t) / t^3 with respect to t, divided by t."""
    q = angle * angle
    if angle < _SMALL:
        first = -1.0 / 12.0 + q * (1.0 / 180.0 - q * (1.0 / 6720.0 - q / 453600.0))
        return first, -1.0 / 60.0 + q * (1.0 / 1260.0 - q * (1.0 / 60480.0 - q / 4989600.0))
    s, c = math.sin(angle), math.cos(angle)
    return (angle * s - 2.0 * (1.0 - c)) / (q * q), (3.0 * s - 2.0 * angle - angle * c) / (q * q * angle)
