"""Ranks grasps by how near they come to where and how an object is requested to be taken."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.handling.grasps import Grasp

Array = NDArray[np.float64]

LENGTH, ANGLE = 0.01, math.radians(10)
"""A grasp this far from the requested point [m] ranks like one turned this far from the requested direction [rad]."""
TOLD = 2.0
"""From so many of these on, the trajectory says that the request was not met [dimensionless]."""


@dataclass(frozen=True)
class RequestedGrasp:
    """Requested point and direction of a grasp.

    Attributes:
        point: Where on it; None leaves it open [m]. Shape (3,).
        yaw: Heading in the world of the line from finger to finger, either way round; None leaves it open [rad].
    """

    point: Array | None = None
    yaw: float | None = None

    def ranked(self, grasps: Sequence[Grasp]) -> list[Grasp]:
        """The grasps that come nearest first; among equals in the order that they come in."""
        if self.point is None and self.yaw is None:
            return list(grasps)
        return sorted(grasps, key=lambda grasp: round(self._away(grasp) / LENGTH + self._turned(grasp) / ANGLE, 2))

    def notes(self, grasp: Grasp) -> tuple[str, ...]:
        """In which way a grasp is not what was requested."""
        away, turned = self._away(grasp), self._turned(grasp)
        found = []
        if away > TOLD * LENGTH:
            found.append(f"taken {away * 1000:.0f} mm from the requested point, where the nearest free grasp is")
        if turned > TOLD * ANGLE:
            found.append(
                f"taken {math.degrees(turned):.0f} deg off the requested direction of the fingers, where a grasp is free"
            )
        return tuple(found)

    def _away(self, grasp: Grasp) -> float:
        """Horizontal distance to the requested point: the gripper comes from above, so heights say nothing [m]."""
        return 0.0 if self.point is None else float(np.linalg.norm(grasp.T_world_tool[:2, 3] - self.point[:2]))

    def _turned(self, grasp: Grasp) -> float:
        """Angle to the requested direction; half a turn changes nothing but which finger is where [rad]."""
        if self.yaw is None:
            return 0.0
        axis = grasp.T_world_tool[:2, 1]
        return abs(math.remainder(math.atan2(axis[1], axis[0]) - self.yaw, math.pi))
