"""Robots behind controllers that take one position a tick, and behind those that take whole trajectories."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lmp.errors import RobotFault
from lmp.execution.hardware.controller import PositionController, TrajectoryController
from lmp.execution.hardware.goal import tick_trajectory
from lmp.execution.hardware.wrapped_robot import WrappedRobot
from lmp.schema.robot import RobotDescription
from lmp.schema.trajectory import JointTrajectory


class PositionRobot(WrappedRobot):
    """A robot that is sent one position a tick."""

    def __init__(self, controller: PositionController, description: RobotDescription, rate_hz: float, **options: Any):
        super().__init__(controller, description, rate_hz, **options)
        self._positions = controller

    def _send(self, goal: NDArray[np.float64]) -> None:
        self._positions.send(goal)


class TrajectoryRobot(WrappedRobot):
    """A robot that is handed whole trajectories by `follow`, and single ticks as trajectories of one period.

    `lmp.execution.hardware.TrajectoryExecutor` carries out a checked trajectory with it in one piece.
    """

    def __init__(self, controller: TrajectoryController, description: RobotDescription, rate_hz: float, **options: Any):
        super().__init__(controller, description, rate_hz, **options)
        self._trajectories = controller

    def follow(self, trajectory: JointTrajectory) -> None:
        """Hands a trajectory over and returns when the controller has carried it out.

        Raises:
            RobotFault: It is disconnected, or the controller failed.
        """
        if not self._connected:
            raise RobotFault(f"The robot {self.description.name!r} is disconnected; call connect() first.")
        order = [trajectory.joint_names.index(name) for name in self.description.joint_names]
        self._guarded(lambda: self._trajectories.follow(trajectory))
        self._q = trajectory.positions[-1, order]
        self._v = np.zeros(len(self._q))

    def grip(self, width: float, force: float) -> None:
        """A gripper command [m], [N]."""
        self._grip({"gripper": width, "gripper_force": force})

    def cancel(self) -> None:
        """Asks the controller to stop where it is, if it can."""
        self._guarded(self._trajectories.cancel)

    def _send(self, goal: NDArray[np.float64]) -> None:
        self._trajectories.follow(tick_trajectory(self.description.joint_names, self._q, goal, 1.0 / self.rate_hz))
