"""The forms that may move a robot: a checked trajectory for its joints, compiled on what was seen, or a closed loop of such."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from lmp.errors import NotExecutable
from lmp.schema.evidence import Evidence
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import Scene
from lmp.schema.trajectory import JointTrajectory, Segment
from lmp.schema.verdict import Verdict

ROUND_OFF = 1e-6
"""Distance beyond its range that a joint may be told to go [rad]."""
SHARES = (1.01, 1.05)
"""Largest shares of the limits of velocity and acceleration, told by differences of samples [dimensionless]."""


@dataclass(frozen=True)
class UnderWay:
    """A motion at the tick at which a closed loop is asked.

    Attributes:
        t: Time in the motion [s].
        trajectory: What was commanded up to now, and the rest that is followed unless a chunk replaces it.
        joints: Commanded positions, velocities and accelerations in the order of the trajectory's joints [rad, s].
            Shape (3, dof).
        scene: What is seen now.
    """

    t: float
    trajectory: JointTrajectory
    joints: NDArray[np.float64]
    scene: Scene

    @property
    def ended(self) -> bool:
        """True if the arm has been commanded to rest at the end of what is followed."""
        return self.t >= self.trajectory.duration


@runtime_checkable
class ClosedLoop(Protocol):
    """A motion that is made while it goes on: chunks from observations, each checked and at rest at its end.

    Attributes:
        first: What is followed until the first chunk; a checked trajectory from rest to rest.
        rate_hz: How often it looks in a segment in which it does [Hz].
    """

    first: JointTrajectory
    rate_hz: float

    def looks_in(self, segment: Segment) -> bool:
        """True if it is to be asked while a segment lasts, and not only at its own end."""

    def chunk(self, now: UnderWay) -> JointTrajectory | Evidence | None:
        """What replaces the rest of the motion from now on, with times since now.

        It goes on from the commanded positions, velocities and accelerations, has passed a look ahead, and ends at rest.
        None keeps the rest as it is: at the end of the motion, that it is over. Evidence stops the arm on its path: there is
        no chunk that could be followed.
        """


Motion = JointTrajectory | ClosedLoop
"""A motion that can be executed: known to its end, or made from observations while it goes on."""


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
    """Refuses a trajectory whose own samples leave the joint ranges or pass the limits of velocity or acceleration.

    One that begins beyond a range may lead back in, never farther out.
    """
    columns = [trajectory.joint_names.index(name) for name in robot.joint_names]
    q, steps = trajectory.positions[:, columns], np.diff(trajectory.times)[:, None]
    lower, upper, velocity, acceleration = (
        np.array([getattr(joint, name) for joint in robot.joints]) for name in ("lower", "upper", "velocity", "acceleration")
    )
    speeds = np.diff(q, axis=0) / steps
    outside = np.maximum(np.maximum(lower - q, q - upper), 0.0)
    beyond = {
        "its range": (outside - np.minimum.accumulate(outside, axis=0)).max(axis=0) > ROUND_OFF,
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
