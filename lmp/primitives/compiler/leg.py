"""One compiled move of a motion: joint samples at the control rate, what happens at the fingers, and what may touch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.checks.checks import SegmentClearance
from lmp.primitives.moves import Contacts
from lmp.primitives.timing.arm_timing import TimedPath
from lmp.schema.trajectory import Expected, GripperEvent, Segment


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
            force_limit=self.force_limit,
        )

    @property
    def stretch(self) -> float:
        """Factor by which the requested duration grew [dimensionless]."""
        return 1.0 if self.requested is None else max(1.0, self.timed.duration / self.requested)
