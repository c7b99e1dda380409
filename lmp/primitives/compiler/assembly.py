"""The legs of a motion, each one compiled move, and their join: one trajectory with its margins, or all that is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.checks.checks import SegmentClearance, check_motion, margins
from lmp.primitives.checks.sampled_motion import SampledMotion
from lmp.primitives.moves import Contacts
from lmp.primitives.timing.arm_timing import TimedPath
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import Scene
from lmp.schema.trajectory import Expected, GripperEvent, JointTrajectory, Segment
from lmp.schema.verdict import Violation


@dataclass(frozen=True)
class Leg:
    """A stretch of a motion, from rest to rest.

    Attributes:
        name: Name of its segment.
        free: Whether its path may be changed to pass an obstacle.
        in_joint_space: Whether it goes straight in joint space, or not at all.
        start: Instant at which it starts [s].
        timed: Its samples, with times since its start.
        goal: Where the tool is to end [m]. Shape (3,).
        events: Gripper commands, by time in the whole motion.
        allowed: Pairs that may touch.
        clearance: How near everything else comes.
        requested: Requested duration [s]; None where none was.
        carries: What is in the gripper while it lasts.
        takes: What is in the gripper from its end on.
        expects: Where objects have to be when it begins.
        follows: What its end moves with.
        force_limit: Largest force beside the grip [N]; None does not watch it.
    """

    name: str
    free: bool
    in_joint_space: bool
    start: float
    timed: TimedPath
    goal: NDArray[np.float64]
    events: tuple[GripperEvent, ...]
    allowed: Contacts
    clearance: SegmentClearance
    requested: float | None = None
    carries: str | None = None
    takes: str | None = None
    expects: tuple[Expected, ...] = ()
    follows: Expected | None = None
    force_limit: float | None = None

    @property
    def segment(self) -> Segment:
        """Its stretch of the trajectory, with what an executor has to watch in it."""
        return Segment(
            name=self.name,
            start=self.start,
            end=self.start + self.timed.duration,
            allowed_contacts=self.allowed,
            carries=self.carries,
            takes=self.takes,
            expects=self.expects,
            follows=self.follows,
            force_limit=self.force_limit,
        )

    @property
    def stretch(self) -> float:
        """Factor by which the requested duration grew [dimensionless]."""
        return 1.0 if self.requested is None else max(1.0, self.timed.duration / self.requested)


STRETCHED = 1.01
"""Stretch of a requested duration from which on it is mentioned [dimensionless]."""


def assembled(
    skill: str, legs: Sequence[Leg], robot: RobotDescription, scene: Scene, label: str, notes: Sequence[str]
) -> JointTrajectory | tuple[Violation, ...]:
    """The trajectory of legs if they pass every check, else all that is wrong with them."""
    motion = sampled(legs)
    violations = check_motion(motion, robot, scene, [leg.clearance for leg in legs])
    if violations:
        return violations
    slower = [
        f"{leg.name} takes {leg.timed.duration:.2f} s in place of {leg.requested:.2f} s, the least within the limits"
        for leg in legs
        if leg.requested is not None and leg.stretch > STRETCHED
    ]
    return JointTrajectory(
        skill=skill,
        joint_names=robot.joint_names,
        times=motion.times,
        positions=motion.positions,
        velocities=motion.velocities,
        accelerations=motion.accelerations,
        tool_path=motion.tool_path,
        gripper=tuple(event for leg in legs for event in leg.events),
        segments=motion.segments,
        margins=margins(motion, robot, [leg.clearance for leg in legs], max(leg.stretch for leg in legs)),
        candidate=label,
        notes=tuple(dict.fromkeys((*notes, *slower)))[:32],
        predicted=scene.predicted,
    )


def sampled(legs: Sequence[Leg]) -> SampledMotion:
    """All legs in one motion; where two meet, the instant is the end of the first."""
    times = np.concatenate([leg.start + leg.timed.times[_first(index) :] for index, leg in enumerate(legs)])

    def joined(name: str) -> NDArray[np.float64]:
        return np.concatenate([getattr(leg.timed, name)[_first(index) :] for index, leg in enumerate(legs)])

    return SampledMotion(
        times=times,
        positions=joined("positions"),
        velocities=joined("velocities"),
        accelerations=joined("accelerations"),
        jerks=joined("jerks"),
        tool_path=joined("tool_path"),
        singular_values=joined("singular_values"),
        segments=tuple(leg.segment for leg in legs),
        ends=np.array([leg.goal for leg in legs]),
        in_joint_space=tuple(leg.in_joint_space for leg in legs),
    )


def _first(index: int) -> int:
    return 0 if index == 0 else 1
