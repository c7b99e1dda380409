"""Ranks grasps by how near they come to where and how an object is requested to be taken."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.handling.grasps import Grasp
from lmp.schema.verdict import VIOLATIONS, Violation, ViolationKind

Array = NDArray[np.float64]

LENGTH, ANGLE = 0.01, math.radians(10)
"""A grasp this far from the requested point [m] ranks like one turned this far from the requested direction [rad]."""
MOST = 2.0
"""So many of these are still what was requested [dimensionless]."""
NOT_AS_REQUESTED = VIOLATIONS.register(
    ViolationKind(
        "not_as_requested", "no free grasp comes near to the requested point or direction of the fingers", about="request"
    )
)


@dataclass(frozen=True)
class RequestedGrasp:
    """Requested point and direction of a grasp.

    Attributes:
        point: Where on it; None leaves it open [m]. Shape (3,).
        yaw: Heading in the world of the line from finger to finger, either way round; None leaves it open [rad].
    """

    point: Array | None = None
    yaw: float | None = None

    def ranked(self, grasps: Sequence[Grasp]) -> list[Grasp] | Violation:
        """The grasps that are as requested, the nearest first; among equals in the order that they come in."""
        if not grasps or (self.point is None and self.yaw is None):
            return list(grasps)
        nearest = sorted(grasps, key=lambda grasp: round(self._away(grasp) / LENGTH + self._turned(grasp) / ANGLE, 2))
        met = [grasp for grasp in nearest if self._away(grasp) <= _most(grasp) and self._turned(grasp) <= MOST * ANGLE]
        return met or self._unmet(nearest[0])

    def _unmet(self, grasp: Grasp) -> Violation:
        """The violation where even the nearest grasp is not as requested."""
        away, turned = self._away(grasp), self._turned(grasp)
        if away > _most(grasp):
            return NOT_AS_REQUESTED(
                message=f"The nearest free grasp is {away * 1000:.0f} mm from the requested point.",
                value=away,
                limit=_most(grasp),
                unit="m",
                hint="Ask for a point that the fingers can reach, or leave `at` out.",
            )
        return NOT_AS_REQUESTED(
            message=f"The nearest free grasp is {math.degrees(turned):.0f} deg off the requested direction of the fingers.",
            value=turned,
            limit=MOST * ANGLE,
            unit="rad",
            hint="Ask for another direction, or leave `yaw` out.",
        )

    def _away(self, grasp: Grasp) -> float:
        """Horizontal distance to the requested point: the gripper comes from above, so heights say nothing [m]."""
        return 0.0 if self.point is None else float(np.linalg.norm(grasp.T_world_tool[:2, 3] - self.point[:2]))

    def _turned(self, grasp: Grasp) -> float:
        """Angle to the requested direction; half a turn changes nothing but which finger is where [rad]."""
        if self.yaw is None:
            return 0.0
        axis = grasp.T_world_tool[:2, 1]
        return abs(math.remainder(math.atan2(axis[1], axis[0]) - self.yaw, math.pi))


def _most(grasp: Grasp) -> float:
    """Distance from the requested point up to which a grasp is what was requested [m].

    What is pointed at is seen on the surface of what comes between the fingers, not in its middle.
    """
    return MOST * LENGTH + grasp.width / 2
