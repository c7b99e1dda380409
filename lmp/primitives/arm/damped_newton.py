"""Damped least squares towards one pose, inside joint ranges: slow, sturdy, used where plain Newton does not serve."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
ToolState = Callable[[Array], tuple[Array, Array, Array]]
"""Joint positions to position, rotation and world-axes Jacobian of the tool."""

ITERATIONS = 100


@dataclass(frozen=True)
class Approach:
    """The best posture found.

    Attributes:
        q: Joint positions [rad]. Shape (dof,).
        error: Position then rotation still missing, in world axes [m, rad]. Shape (6,).
        blocked: Joints that stand at the end of their range and would have to go on. Shape (k,).
        singular_value: Smallest singular value of the Jacobian.
    """

    q: Array
    error: Array
    blocked: NDArray[np.intp]
    singular_value: float

    @property
    def position_error(self) -> float:
        """Distance from the wished position [m]."""
        return float(np.linalg.norm(self.error[:3]))

    @property
    def rotation_error(self) -> float:
        """Angle from the wished orientation [rad]."""
        return float(np.linalg.norm(self.error[3:]))

    @property
    def reached(self) -> bool:
        """Within 1e-6 m and 1e-6 rad."""
        return self.position_error <= 1e-6 and self.rotation_error <= 1e-6


def _rotation_vector(R: Array) -> Array:
    """The rotation vector of a rotation matrix, angle in [0, pi] [rad]. Shape (3, 3) to (3,).

    As `log_rotation` does, in plain floats: a third of the time, and this is the innermost loop.
    Near the identity the sine part alone is exact to first order; near pi the axis comes from the symmetric part.
    """
    x, y, z = R[2, 1] - R[1, 2], R[0, 2] - R[2, 0], R[1, 0] - R[0, 1]
    sine = 0.5 * math.sqrt(x * x + y * y + z * z)
    cosine = 0.5 * (R[0, 0] + R[1, 1] + R[2, 2] - 1.0)
    angle = math.atan2(sine, cosine)
    if sine > 1e-4 or cosine > 0.0:
        scale = 0.5 * (angle / sine if sine > 1e-9 else 1.0)
        return np.array((scale * x, scale * y, scale * z))
    outer = (R + R.T) / 2 - cosine * np.eye(3)
    column = outer[:, int(np.argmax(np.diag(outer)))]
    axis = column / np.linalg.norm(column)
    towards = -1.0 if axis @ (x, y, z) < 0 else 1.0
    return np.array(angle * towards * axis)


def pose_error(position: Array, rotation: Array, T_world_goal: Array) -> Array:
    """What is missing to the goal, in world axes: position [m], then rotation vector [rad]. Shape (6,)."""
    error = np.empty(6)
    error[:3] = T_world_goal[:3, 3] - position
    error[3:] = _rotation_vector(T_world_goal[:3, :3] @ rotation.T)
    return error


def approach(tool_state: ToolState, T_world_goal: Array, seed: Array, lower: Array, upper: Array) -> Approach:
    """The posture in the range that comes nearest to a pose, from a seed.

    Levenberg-Marquardt on the squared error in m and rad; joints at the end of their range whose step points outward
    are held for that step. Damping follows the error (Sugihara, IEEE T-RO 27(5), 2011), so that it vanishes at the goal.
    """
    q = np.clip(seed, lower, upper)
    position, rotation, J = tool_state(q)
    J, error = J.copy(), pose_error(position, rotation, T_world_goal)
    damping = 1e-3
    blocked = np.zeros(len(q), dtype=bool)
    for _ in range(ITERATIONS):
        if error @ error < 1e-20:
            break
        blocked, step = _step(q, J, error, damping, lower, upper)
        candidate = np.clip(q + step, lower, upper)
        position, rotation, J_new = tool_state(candidate)
        error_new = pose_error(position, rotation, T_world_goal)
        if error_new @ error_new < error @ error:
            gained = 1.0 - (error_new @ error_new) / (error @ error)
            q, J, error = candidate, J_new.copy(), error_new
            damping = max(damping / 4, 1e-6)
            if gained < 1e-7:
                break
        else:
            damping *= 6
            if damping > 1e6:
                break
    smallest = float(np.linalg.svd(J, compute_uv=False)[-1])
    return Approach(q, error, np.flatnonzero(blocked), smallest)


def _step(q: Array, J: Array, error: Array, damping: float, lower: Array, upper: Array) -> tuple[NDArray[np.bool_], Array]:
    """The damped step with the joints that must be held for it. Shapes (dof,), (dof,)."""
    held = np.zeros(len(q), dtype=bool)
    weight = damping * float(error @ error) + 1e-12
    step = np.zeros_like(q)
    for _ in range(len(q)):
        free = J[:, ~held]
        step = np.zeros_like(q)
        step[~held] = free.T @ np.linalg.solve(free @ free.T + weight * np.eye(6), error)
        step *= min(1.0, 0.5 / max(float(np.abs(step).max()), 1e-12))
        outward = ((q <= lower) & (step < 0)) | ((q >= upper) & (step > 0))
        if not (outward & ~held).any():
            break
        held |= outward
    return held, step
