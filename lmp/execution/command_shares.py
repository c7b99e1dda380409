"""How much of the joints' speed and acceleration limits the commands use that were really sent."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.schema.robot import RobotDescription


class CommandShares:
    """Differences of the sent positions at the tick rate: what the arm is asked for, stops and blends included.

    Args:
        robot: The robot, with its limits.
        rate_hz: Ticks a second.
        start: Where the command stood before the first tick [rad]. Shape (dof,).

    Attributes:
        velocity: Largest share of a velocity limit so far [dimensionless].
        acceleration: Largest share of an acceleration limit so far [dimensionless].
    """

    def __init__(self, robot: RobotDescription, rate_hz: float, start: NDArray[np.float64]):
        self._velocities = np.array([joint.velocity for joint in robot.joints])
        self._accelerations = np.array([joint.acceleration for joint in robot.joints])
        self._rate, self._last, self._speed = rate_hz, start, np.zeros_like(start)
        self.velocity = self.acceleration = 0.0

    def sent(self, positions: NDArray[np.float64]) -> None:
        """A tick was sent [rad]. Shape (dof,)."""
        speed = (positions - self._last) * self._rate
        change = (speed - self._speed) * self._rate
        self.velocity = max(self.velocity, float((np.abs(speed) / self._velocities).max()))
        self.acceleration = max(self.acceleration, float((np.abs(change) / self._accelerations).max()))
        self._last, self._speed = positions, speed
