"""What is missing from one pose to another, and the pose half way."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import inner
from lmp.primitives.kernels.rotation_vector import rotation_vector

Array = NDArray[np.float64]


@inner
def pose_error(R: Array, p: Array, T_world_goal: Array, turn: Array, error: Array) -> float:
    """Position [m], then rotation vector [rad] to a goal in world axes; returns the squared length of both together.

    Shapes (3, 3), (3,), (4, 4); `turn` is working memory of shape (3, 3), `error` is filled, shape (6,).
    """
    for row in range(3):
        error[row] = T_world_goal[row, 3] - p[row]
        a, b, c = T_world_goal[row, 0], T_world_goal[row, 1], T_world_goal[row, 2]
        for column in range(3):
            turn[row, column] = a * R[column, 0] + b * R[column, 1] + c * R[column, 2]
    rotation_vector(turn, error[3:])
    square = 0.0
    for row in range(6):
        square += error[row] * error[row]
    return square


@inner
def is_within(error: Array, position: float, rotation: float) -> bool:
    """Whether what is missing is at most a distance [m] and an angle [rad]. Shape (6,)."""
    distance = error[0] * error[0] + error[1] * error[1] + error[2] * error[2]
    angle = error[3] * error[3] + error[4] * error[4] + error[5] * error[5]
    return bool(distance <= position * position and angle <= rotation * rotation)


@inner
def half_way(T_a: Array, T_b: Array, turn: Array, out: Array) -> None:
    """The pose half way: mean position, half the turn. Shapes (4, 4) twice; `turn` (3, 3) is working memory; (4, 4)."""
    for row in range(3):
        out[row, 3] = 0.5 * (T_a[row, 3] + T_b[row, 3])
        for column in range(3):
            total = 0.0
            for k in range(3):
                total += T_b[row, k] * T_a[column, k]
            turn[row, column] = total
    half = out[3, :3]  # The last row lends its place to the rotation vector.
    rotation_vector(turn, half)
    x, y, z = 0.5 * half[0], 0.5 * half[1], 0.5 * half[2]
    squared = x * x + y * y + z * z
    angle = math.sqrt(squared)
    s = math.sin(angle) / angle if angle > 1e-9 else 1.0
    c = (1.0 - math.cos(angle)) / squared if angle > 1e-4 else 0.5
    for column in range(3):
        a, b, d = T_a[0, column], T_a[1, column], T_a[2, column]
        along = x * a + y * b + z * d
        out[0, column] = a + s * (y * d - z * b) + c * (x * along - squared * a)
        out[1, column] = b + s * (z * a - x * d) + c * (y * along - squared * b)
        out[2, column] = d + s * (x * b - y * a) + c * (z * along - squared * d)
        out[3, column] = 0.0
    out[3, 3] = 1.0
