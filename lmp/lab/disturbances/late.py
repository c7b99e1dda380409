"""The robot does what it is told some time later."""

from __future__ import annotations

from collections import deque

import numpy as np

from lmp.lab.disturbances.robot_in_front import RobotInFront
from lmp.stages import Disturbable, Perceiver, Robot

ROUND_OFF = 1e-9


class Late:
    """Every command reaches the robot after a while.

    Args:
        world: Tells the time.
        amount: The lag [s].
        rng: Not used.
    """

    def __init__(self, world: Disturbable, amount: float, rng: np.random.Generator):
        self.world, self.amount = world, amount
        self.words = f"The robot lags its commands by {amount * 1000:.0f} ms."

    def robot(self, robot: Robot) -> Robot:
        """The robot that lags."""
        return _LateRobot(robot, self)

    def perceiver(self, perceiver: Perceiver) -> Perceiver:
        """The perceiver as it is."""
        return perceiver


class _LateRobot(RobotInFront):
    """Sends on what is due; until something is, the robot is told to stay where it is."""

    def __init__(self, behind: Robot, late: Late):
        super().__init__(behind)
        self._late = late
        self._waiting: deque[tuple[float, dict[str, float]]] = deque()
        self._last: dict[str, float] = {}

    def send_action(self, action: dict[str, float]) -> dict[str, float]:
        now = self._late.world.observe().time
        due: dict[str, float] = {}
        self._waiting.append((now + self._late.amount, dict(action)))
        while self._waiting and self._waiting[0][0] <= now + ROUND_OFF:
            due |= self._waiting.popleft()[1]
        if not self._last:
            state = self.behind.get_observation()
            self._last = dict(zip(state.joint_names, state.positions, strict=True))
        joints = {name: due.get(name, self._last[name]) for name in self._last}
        self._last = joints
        return self.behind.send_action({**joints, **due})
