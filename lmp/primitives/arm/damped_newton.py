"""Damped least squares towards poses, inside joint ranges: slow, sturdy, used where plain Newton does not serve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.arm.serial_chain import SerialChain
from lmp.primitives.kernels.damped_newton import CLOSE_POSITION, CLOSE_ROTATION, approach_poses

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Approach:
    """The best posture found from one seed.

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
        """Distance from the requested position [m]."""
        return float(np.linalg.norm(self.error[:3]))

    @property
    def rotation_error(self) -> float:
        """Angle from the requested orientation [rad]."""
        return float(np.linalg.norm(self.error[3:]))

    @property
    def reached(self) -> bool:
        """Within 0.1 mm and 2 mrad."""
        return self.position_error <= CLOSE_POSITION and self.rotation_error <= CLOSE_ROTATION


@dataclass(frozen=True)
class Approaches:
    """Results for k poses from s seeds each, of which the first `tried` were used; the rest is 0.

    Attributes:
        tried: Shape (k,).
        qs: Joint positions [rad]. Shape (k, s, dof).
        errors: Position then rotation still missing, in world axes [m, rad]. Shape (k, s, 6).
        held: 1 for joints that stand at the end of their range and would have to go on. Shape (k, s, dof).
        singular_values: Smallest singular values of the Jacobian. Shape (k, s).
    """

    tried: NDArray[np.int64]
    qs: Array
    errors: Array
    held: NDArray[np.int64]
    singular_values: Array

    def of(self, pose: int) -> list[Approach]:
        """Those of one pose, in the order of its seeds."""
        return [
            Approach(
                self.qs[pose, seed],
                self.errors[pose, seed],
                np.flatnonzero(self.held[pose, seed]),
                float(self.singular_values[pose, seed]),
            )
            for seed in range(self.tried[pose])
        ]

    @property
    def reached(self) -> NDArray[np.bool_]:
        """True for those that bring the tool to its pose. Shape (k, s)."""
        used = np.arange(self.qs.shape[1]) < self.tried[:, None]
        position, rotation = np.linalg.norm(self.errors[..., :3], axis=2), np.linalg.norm(self.errors[..., 3:], axis=2)
        close: NDArray[np.bool_] = used & (position <= CLOSE_POSITION) & (rotation <= CLOSE_ROTATION)
        return close


def approaches(chain: SerialChain, T_world_goal: Array, seeds: Array, ranges: Array, always: int) -> Approaches:
    """The postures in the ranges that come nearest to poses, each from several seeds.

    Args:
        chain: The arm.
        T_world_goal: Shape (k, 4, 4).
        seeds: Shape (k, s, dof).
        ranges: Lower, then upper ends [rad]. Shape (2 or more, dof).
        always: How many seeds are used in any case; those after them only as long as none has reached the pose.
    """
    k, s, dof = seeds.shape
    found = Approaches(
        np.empty(k, np.int64), np.zeros((k, s, dof)), np.zeros((k, s, 6)), np.zeros((k, s, dof), np.int64), np.zeros((k, s))
    )
    poses, begin = (np.ascontiguousarray(given, dtype=np.float64) for given in (T_world_goal, seeds))
    outputs = (found.tried, found.qs, found.errors, found.held, found.singular_values)
    approach_poses(chain.links, chain.prismatic, ranges, poses, begin, always, *outputs)
    return found
