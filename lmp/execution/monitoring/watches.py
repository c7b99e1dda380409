"""Watches of a motion: the grip, the contact force, and objects that are no longer where they were."""

from __future__ import annotations

import numpy as np

from lmp.schema.evidence import Evidence, Touch
from lmp.schema.scene import Scene
from lmp.schema.trajectory import Segment


def displaced(segment: Segment, scene: Scene) -> Evidence | None:
    """The first object that is not where the segment expects it; None if all are.

    An object that the scene does not have any more is reported as seen 0 times, with 1 as the least [dimensionless].
    """
    for expected in segment.expects:
        if expected.object not in scene:
            return Evidence(
                signal="displacement",
                value=0.0,
                limit=1.0,
                unit="1",
                t=segment.start,
                segment=segment.name,
                about=expected.object,
            )
        way = np.array(scene.get(expected.object).pose.position) - np.array(expected.position)
        distance = float(np.linalg.norm(way))
        if distance > expected.tolerance:
            return Evidence(
                signal="displacement",
                value=distance,
                limit=expected.tolerance,
                unit="m",
                t=segment.start,
                segment=segment.name,
                about=expected.object,
            )
    return None


FAR = 4.0
"""A force this many times over the limit counts at once [dimensionless]."""
LASTING = 0.0125
"""How long a force over the limit has to last to count [s]: three ticks at 240 Hz, a solver's spike lasts one."""


class ForceWatch:
    """Counts the ticks in which a force is over its limit.

    Args:
        ticks: How many of them in a row count.
    """

    def __init__(self, ticks: int):
        self.ticks, self._over = ticks, 0

    def see(self, force: float, limit: float | None) -> bool:
        """One tick; whether the force is too large [N]. Without a limit nothing is."""
        self._over = self._over + 1 if limit is not None and force > limit else 0
        return limit is not None and (self._over >= self.ticks or force > FAR * limit)


CHATTER = 0.03
"""How long a finger may be off what it holds before it counts as lost [s].

In PyBullet it never was for a single tick, in 496 segments that carry something (benchmarks/contact_forces.py); real pads
chatter, and an object that falls for so long has fallen by 5 mm.
"""
SHUT = 1e-3
"""Fingers that are this near to where they were told to close hold nothing [m]."""
KEPT = 0.5
"""Share of the width that has to be left while they carry [dimensionless]: what is gone lets them shut, while soft objects,
and leaning ones such as a bowl's rim (in PyBullet from 8 to 6 mm), only give way.
"""


class GripWatch:
    """Counts since when an object has not been in the gripper.

    Args:
        fingers: How many fingers the gripper has.
        ticks: Ticks without the object that are forgiven.
        tells_width: False for a robot that only repeats the width that it was told.
    """

    def __init__(self, fingers: int, ticks: int, tells_width: bool = True):
        self.fingers, self.ticks, self.tells_width = fingers, ticks, tells_width
        self.touch: Touch | None = None
        self.width, self.shut_at = 0.0, 0.0
        self._name: str | None = None
        self._carried_at: float | None = None
        self._off = 0

    def see(self, name: str | None, carried: bool, touch: Touch | None, width: float) -> None:
        """One tick in which an object has to be, or is to come, into the gripper.

        Args:
            name: The object; None for nothing.
            carried: True if it is to be in the gripper already, false while the fingers close on it.
            touch: What the gripper feels; None if it cannot feel.
            width: Distance between the fingers [m].
        """
        if name != self._name:
            self._name, self._off, self._carried_at = name, 0, None
        self.touch, self.width = touch, width
        if name is None:
            return
        if carried and self._carried_at is None:
            self._carried_at = width
        self._off = 0 if self._has(name) else self._off + 1

    @property
    def lost(self) -> bool:
        """True if the object has been out of the gripper for longer than contacts chatter."""
        return self._off > self.ticks

    @property
    def shut(self) -> bool:
        """True if the fingers are where they were told to close."""
        return self.tells_width and self.width <= self.shut_at + SHUT

    def measure(self) -> tuple[float, float, str]:
        """Return what was measured, what is allowed, and the unit: the share of fingers that touch, or the width."""
        if self.touch is not None:
            return self.touch.fingers.get(self._name or "", 0) / self.fingers, 1.0, "1"
        return self.width, self._least_width, "m"

    @property
    def other(self) -> str | None:
        """The object that is in the gripper instead."""
        found = None if self.touch is None else self.touch.gripped
        return None if found == self._name else found

    @property
    def _least_width(self) -> float:
        return max(self.shut_at + SHUT, KEPT * (self._carried_at or 0.0))

    def _has(self, name: str) -> bool:
        if self.touch is not None:
            return self.touch.gripped == name or self.touch.fingers.get(name, 0) >= self.fingers
        return not self.tells_width or self.width > self._least_width
