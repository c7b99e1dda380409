"""The commands that may be sent to a controller: positions within limits, one step at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.errors import RobotFault
from lmp.schema.robot import RobotDescription

JUMP = 5.0
"""A step of more than this many times what the speed limit allows is a mistake, not a motion [dimensionless]."""


class Guard:
    """Clips positions to the joint limits and steps to the speed limits; refuses jumps.

    Args:
        description: The robot.
        rate_hz: Ticks a second.
    """

    def __init__(self, description: RobotDescription, rate_hz: float):
        self._names = description.joint_names
        self._lower = np.array([joint.lower for joint in description.joints])
        self._upper = np.array([joint.upper for joint in description.joints])
        self._step = np.array([joint.velocity for joint in description.joints]) / rate_hz

    def allowed(self, asked: NDArray[np.float64], present: NDArray[np.float64]) -> NDArray[np.float64]:
        """The part of a command that may be sent [rad]. Shapes (dof,).

        Raises:
            RobotFault: The command is a jump; nothing of it may be sent.
        """
        within = np.clip(asked, self._lower, self._upper)
        excess = np.abs(within - present) / self._step
        if excess.max() > JUMP:
            worst = int(np.argmax(excess))
            raise RobotFault(
                f"{self._names[worst]} was to jump by {abs(within[worst] - present[worst]):.3f} rad in one tick; "
                f"its speed limit allows {self._step[worst]:.3f} rad. Nothing was sent."
            )
        return np.clip(within, present - self._step, present + self._step)
