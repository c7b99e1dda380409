"""From the middle of a trajectory to rest, and a little back after a contact."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.execution.stopping import slow_to_stop
from lmp.schema.robot import RobotDescription
from lmp.schema.trajectory import JointTrajectory, Segment

BACK_OFF = 0.01
"""How far the tool goes back from where it pressed on something [m]: more than pads give way under the largest forces."""


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


def posture_before(
    trajectory: JointTrajectory, t: float, segment: Segment, joint_names: tuple[str, ...]
) -> NDArray[np.float64]:
    """Where the tool was a little before an instant [s], in the segment at the earliest [rad]. Shape (dof,)."""
    rows = np.flatnonzero((trajectory.times >= segment.start - 1e-9) & (trajectory.times <= t + 1e-9))
    away = np.linalg.norm(trajectory.tool_path[rows] - trajectory.tool_path[rows[-1]], axis=1)
    far = rows[away >= BACK_OFF]
    row = far[-1] if far.size else rows[0]
    posture: NDArray[np.float64] = trajectory.positions[row, [trajectory.joint_names.index(name) for name in joint_names]]
    return posture
