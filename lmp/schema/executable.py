"""The one form that may move a robot: a checked trajectory for its joints, compiled on what was seen."""

from __future__ import annotations

import numpy as np

from lmp.errors import NotExecutable
from lmp.schema.robot import RobotDescription
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict

ROUND_OFF = 1e-6
"""Distance beyond its range that a joint may be told to go [rad]."""
SHARES = (1.01, 1.05)
"""Largest shares of the limits of velocity and acceleration, told by differences of samples [dimensionless]."""


def require_executable(candidate: object, robot: RobotDescription) -> JointTrajectory:
    """The candidate itself, if it may be executed on this robot.

    What is compiled keeps the limits; that is looked at once more here, since a trajectory may have been changed since.

    Raises:
        NotExecutable: It is a Verdict, not a trajectory, predicted, made for other joints, or beyond this robot's limits.
    """
    joint_names = robot.joint_names
    if isinstance(candidate, Verdict):
        raise NotExecutable(
            f"This is a Verdict, not a motion: {candidate} Correct the primitive and compile it again; nothing was moved."
        )
    if not isinstance(candidate, JointTrajectory):
        raise NotExecutable(
            f"Only a checked JointTrajectory can be executed, as `compile` returns it; this is a {type(candidate).__name__}."
        )
    if candidate.predicted:
        raise NotExecutable(
            f"This {candidate.skill!r} trajectory was compiled on a predicted scene. "
            "Carry out what comes before it, perceive, and compile it again."
        )
    if set(candidate.joint_names) != set(joint_names):
        raise NotExecutable(
            f"The trajectory is for the joints {', '.join(candidate.joint_names)}; the robot has {', '.join(joint_names)}."
        )
    _within_limits(candidate, robot)
    return candidate


def _within_limits(trajectory: JointTrajectory, robot: RobotDescription) -> None:
    """Refuses a trajectory whose own samples leave the joint ranges or pass the limits of velocity or acceleration."""
    columns = [trajectory.joint_names.index(name) for name in robot.joint_names]
    q, steps = trajectory.positions[:, columns], np.diff(trajectory.times)[:, None]
    lower, upper, velocity, acceleration = (
        np.array([getattr(joint, name) for joint in robot.joints]) for name in ("lower", "upper", "velocity", "acceleration")
    )
    speeds = np.diff(q, axis=0) / steps
    beyond = {
        "its range": np.maximum(lower - q, q - upper).max(axis=0) > ROUND_OFF,
        "its velocity limit": np.abs(np.vstack([speeds, trajectory.velocities[:, columns]])).max(axis=0) > SHARES[0] * velocity,
    }
    if len(speeds) > 1:
        changes = np.abs(np.diff(speeds, axis=0) / (0.5 * (steps[1:] + steps[:-1]))).max(axis=0)
        beyond["its acceleration limit"] = changes > SHARES[1] * acceleration
    for limit, passed in beyond.items():
        if passed.any():
            name = robot.joint_names[int(np.argmax(passed))]
            raise NotExecutable(
                f"The trajectory leads {name} beyond {limit}: it is not as it was compiled, or was compiled for another robot. "
                "Compile it again; nothing was moved."
            )
