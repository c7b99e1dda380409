"""Watches a motion tick by tick, and says what was seen when it has to be stopped."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lmp.execution.monitoring.watches import CHATTER, LASTING, ForceWatch, GripWatch, displaced
from lmp.schema.evidence import Evidence, Signal, Touch
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import Scene
from lmp.schema.trajectory import JointTrajectory, Segment

_SAME_INSTANT = 1e-9
"""Round-off within which an instant is a segment's end [s]."""


class Monitor:
    """The watches over the segments of one trajectory.

    Args:
        trajectory: The trajectory; its segments say what to watch.
        robot: The robot.
        rate_hz: Ticks a second.
        max_tracking_error: Largest distance of a joint from its command [rad].
        tells_width: False for a robot that only repeats the width that it was told.
    """

    def __init__(
        self,
        trajectory: JointTrajectory,
        robot: RobotDescription,
        rate_hz: float,
        max_tracking_error: float,
        tells_width: bool = True,
    ):
        self.trajectory, self.joint_names, self.max_tracking_error = trajectory, robot.joint_names, max_tracking_error
        self._grip = GripWatch(len(robot.finger_links), math.ceil(CHATTER * rate_hz), tells_width)
        self._force = ForceWatch(math.ceil(LASTING * rate_hz - _SAME_INSTANT))
        self._looked = self._taken = 0

    def look(self, t: float, look: Callable[[], Scene]) -> Evidence | None:
        """To be called before the tick that reaches `t` [s]: looks if a segment begins that expects objects in their places."""
        while self._looked < len(self.trajectory.segments) and self.trajectory.segments[self._looked].start < t - _SAME_INSTANT:
            segment = self.trajectory.segments[self._looked]
            self._looked += 1
            found = displaced(segment, look()) if segment.expects else None
            if found is not None:
                return found
        return None

    def tick(self, t: float, error: NDArray[np.float64], touch: Touch | None, width: float) -> Evidence | None:
        """Return what is wrong after a tick; None if nothing is.

        Args:
            t: Time in the motion that it reached [s].
            error: Distance of each joint from its command [rad]. Shape (dof,).
            touch: What the gripper feels; None if it cannot feel.
            width: Distance between the fingers [m].
        """
        segment = self.segment_at(t)
        self._grip.shut_at = self._closed_to(t)
        self._grip.see(segment.carries or segment.takes, segment.carries is not None, touch, width)
        return self._pressing(t, segment, touch) or self._gripping(t, segment) or self._tracking(t, segment, error)

    def segment_at(self, t: float) -> Segment:
        """The segment at an instant [s]; the earlier one where two meet."""
        segments = self.trajectory.segments
        return next((segment for segment in segments if t <= segment.end + _SAME_INSTANT), segments[-1])

    def evidence(self, signal: Signal, t: float, value: float, limit: float, unit: Any, **about: str | None) -> Evidence:
        """Return what was seen at an instant [s]."""
        return Evidence(signal=signal, value=value, limit=limit, unit=unit, t=t, segment=self.segment_at(t).name, **about)

    def _pressing(self, t: float, segment: Segment, touch: Touch | None) -> Evidence | None:
        limit = segment.force_limit
        if touch is None or not self._force.see(touch.force, limit) or limit is None:
            return None
        return self.evidence("contact_force", t, touch.force, limit, "N", about=touch.link, other=touch.against)

    def _gripping(self, t: float, segment: Segment) -> Evidence | None:
        grip, taken = self._grip, self._just_taken(t)
        if not grip.lost:
            return None
        if taken is not None or (segment.takes is not None and grip.shut):
            return self.evidence("grip_empty", t, *grip.measure(), about=taken or segment.takes, other=grip.other)
        if segment.carries is not None:
            return self.evidence("grip_lost", t, *grip.measure(), about=segment.carries, other=grip.other)
        return None

    def _just_taken(self, t: float) -> str | None:
        """The object that has to be held from just now on: the last segment that takes one has ended since the last tick."""
        taken = None
        for segment in self.trajectory.segments[self._taken :]:
            if t < segment.end - _SAME_INSTANT:
                break
            self._taken += 1
            taken = segment.takes
        return taken

    def _tracking(self, t: float, segment: Segment, error: NDArray[np.float64]) -> Evidence | None:
        worst = int(np.argmax(error))
        if error[worst] <= self.max_tracking_error:
            return None
        away = float(error[worst])
        return self.evidence("tracking_error", t, away, self.max_tracking_error, "rad", about=self.joint_names[worst])

    def _closed_to(self, t: float) -> float:
        """The width that the fingers were last told to go to [m]; 0 before any command."""
        told = [event for event in self.trajectory.gripper if event.t <= t + _SAME_INSTANT and event.action == "close"]
        return told[-1].width if told else 0.0
