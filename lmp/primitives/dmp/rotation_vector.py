"""Rotation vectors: exponential, logarithm, and how their rates become angular velocities (left Jacobian).

Sola, Deray and Atchuthan, "A micro Lie theory for state estimation in robotics", arXiv 1812.01537, eq. 132 to 146.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_SMALL = 0.05  # Below this angle the series, four terms of it, is more exact than the quotients [rad].


def exp_rotation(vectors: Array) -> Array:
    """Rotation matrices of rotation vectors [rad]. Shape (..., 3) to (..., 3, 3)."""
    e = np.asarray(vectors, dtype=np.float64)
    angle = np.linalg.norm(e, axis=-1)
    sine, cosine, _ = _quotients(angle)
    cross = _cross_matrix(e)
    rotations: Array = np.eye(3) + sine[..., None, None] * cross + cosine[..., None, None] * (cross @ cross)
    return rotations


def log_rotation(rotation: Array) -> Array:
    """The shorter rotation vector of a rotation matrix [rad]; of the two at half a turn, a fixed one. Shape (3, 3) to (3,)."""
    r = np.asarray(rotation, dtype=np.float64)
    skew = np.array([r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1]]) / 2.0
    sine, cosine = float(np.linalg.norm(skew)), (float(np.trace(r)) - 1.0) / 2.0
    angle = float(np.arctan2(sine, cosine))
    if cosine > -0.9:
        # angle / sin(angle), which is 1 + angle^2 / 6 near no rotation.
        vector: Array = skew * (angle / sine if sine > 1e-4 else 1.0 + sine**2 / 6.0)
        return vector
    # Near half a turn the skew part vanishes; the symmetric part cos 1 + (1 - cos) n n^T gives the axis up to its sign.
    outer = ((r + r.T) / 2.0 - cosine * np.eye(3)) / (1.0 - cosine)
    axis = outer[int(np.argmax(np.diag(outer)))]
    axis = axis / np.linalg.norm(axis)
    shorter: Array = angle * (-axis if axis @ skew < 0.0 else axis)
    return shorter


def angular_velocity(e: Array, rate: Array) -> Array:
    """Angular velocity of exp([e]) in the frame of e, from e and its rate. Shape (..., 3), (..., 3) to (..., 3)."""
    _, cosine, third = _quotients(np.linalg.norm(e, axis=-1))
    once = np.cross(e, rate)
    result: Array = rate + cosine[..., None] * once + third[..., None] * np.cross(e, once)
    return result


def angular_acceleration(e: Array, rate: Array, second: Array) -> Array:
    """Angular acceleration of exp([e]): the rate of `angular_velocity`. Shape (3,) three times to (3,)."""
    angle = np.linalg.norm(e, axis=-1)
    _, _, third = _quotients(angle)
    cosine_rate, third_rate = _quotient_rates(angle)
    along = np.sum(e * rate, axis=-1)
    once = np.cross(e, rate)
    turning: Array = (cosine_rate * along)[..., None] * once + (third_rate * along)[..., None] * np.cross(e, once)
    turning = turning + third[..., None] * np.cross(rate, once)
    return angular_velocity(e, second) + turning


def rates_of_vector(e: Array, velocity: Array, acceleration: Array) -> tuple[Array, Array]:
    """First and second rate of a rotation vector, from angular velocity and acceleration. Shape (3,) each."""
    jacobian: Array = np.stack([angular_velocity(e, column) for column in np.eye(3)], axis=-1)
    rate = np.asarray(np.linalg.solve(jacobian, velocity), dtype=np.float64)
    without = angular_acceleration(e, rate, np.zeros(3))
    second = np.asarray(np.linalg.solve(jacobian, acceleration - without), dtype=np.float64)
    return rate, second


def _cross_matrix(e: Array) -> Array:
    zero = np.zeros(e.shape[:-1])
    x, y, z = e[..., 0], e[..., 1], e[..., 2]
    rows = np.array([[zero, -z, y], [z, zero, -x], [-y, x, zero]])
    matrices: Array = np.moveaxis(rows, (0, 1), (-2, -1))
    return matrices


def _quotients(angle: Array) -> tuple[Array, Array, Array]:
    """Return sin a / a, (1 - cos a) / a^2, (a - sin a) / a^3."""
    a = np.asarray(angle, dtype=np.float64)
    small, s = a < _SMALL, np.where(a < _SMALL, 1.0, a)
    q = a * a
    sine = np.where(small, 1 - q / 6 * (1 - q / 20 * (1 - q / 42 * (1 - q / 72))), np.sin(s) / s)
    cosine = np.where(small, 0.5 * (1 - q / 12 * (1 - q / 30 * (1 - q / 56))), (1 - np.cos(s)) / s**2)
    third = np.where(small, (1 - q / 20 * (1 - q / 42 * (1 - q / 72))) / 6, (s - np.sin(s)) / s**3)
    return sine, cosine, third


def _quotient_rates(angle: Array) -> tuple[Array, Array]:
    """Derivatives of the last two quotients with respect to a, divided by a."""
    a = np.asarray(angle, dtype=np.float64)
    small, s = a < _SMALL, np.where(a < _SMALL, 1.0, a)
    q = a * a
    cosine = np.where(small, -1 / 12 + q / 180 - q**2 / 6720, (s * np.sin(s) - 2 * (1 - np.cos(s))) / s**4)
    third = np.where(small, -1 / 60 + q / 1260 - q**2 / 60480, (3 * np.sin(s) - 2 * s - s * np.cos(s)) / s**5)
    return cosine, third
