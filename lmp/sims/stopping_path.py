"""The ticks from the middle of a trajectory to rest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.schema.robot import RobotDescription
from lmp.schema.trajectory import JointTrajectory
from lmp.stopping import slow_to_stop


def stopping_path(trajectory: JointTrajectory, t: float, robot: RobotDescription, rate_hz: float) -> NDArray[np.float64]:
    """Positions of the robot's joints, one a tick, from the instant after `t` [s] to rest on the path [rad]. Shape (n, dof)."""
    limits = {joint.name: joint for joint in robot.joints}
    stop = slow_to_stop(
        trajectory.times,
        trajectory.positions,
        trajectory.velocities,
        trajectory.accelerations,
        t,
        acceleration_limits=np.array([limits[name].acceleration for name in trajectory.joint_names]),
        jerk_limits=np.array([limits[name].jerk for name in trajectory.joint_names]),
        rate_hz=rate_hz,
    )
    path: NDArray[np.float64] = stop.positions[1:, [trajectory.joint_names.index(name) for name in robot.joint_names]]
    return path
