"""By how much durations are too short for quintics of joints, for many durations at once."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import INTEGER, array, filled, inner, kernel
from lmp.primitives.kernels.quintic import quintic_at

Array = NDArray[np.float64]

SAMPLES = 20
"""Intervals at whose ends a quintic is looked at [count]."""


@kernel(INTEGER, array(2), array(1), array(2), array(1), filled(1))
def joint_needs(joints: Array, q_goal: Array, limits: Array, durations: Array, out: Array) -> int:
    """Factors by which durations fall short of the limits of velocity and acceleration.

    Args:
        joints: Present positions, velocities, accelerations [rad, s]. Shape (3, dof).
        q_goal: Where the joints come to rest [rad]. Shape (dof,).
        limits: Of velocity and acceleration. Shape (2 or more, dof).
        durations: [s]. Shape (k,).
        out: Filled. Shape (k,).
    """
    parameters, curve = np.empty((4, len(q_goal))), np.empty((3, len(q_goal)))
    for index in range(len(durations)):
        duration = durations[index]
        for joint in range(len(q_goal)):
            parameters[0, joint], parameters[3, joint] = joints[0, joint], q_goal[joint]
            parameters[1, joint] = joints[1, joint] * duration
            parameters[2, joint] = joints[2, joint] * duration * duration
        out[index] = _need(parameters, limits, duration, curve)
    return len(durations)


@inner
def _need(parameters: Array, limits: Array, duration: float, curve: Array) -> float:
    """The factor for one duration."""
    velocity, acceleration = 0.0, 0.0
    for sample in range(SAMPLES + 1):
        quintic_at(parameters, 0.0, sample / SAMPLES, curve)
        for joint in range(curve.shape[1]):
            velocity = max(velocity, abs(curve[1, joint]) / limits[0, joint])
            acceleration = max(acceleration, abs(curve[2, joint]) / limits[1, joint])
    return max(velocity, math.sqrt(acceleration)) / duration
