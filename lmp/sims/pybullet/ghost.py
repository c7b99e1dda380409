"""The robot alone in an engine of its own, to measure where it would be in other postures without touching the world."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.schema.pose import Pose
from lmp.schema.robot import RobotDescription
from lmp.schema.shape import Box
from lmp.sims.pybullet.engine import Engine
from lmp.sims.pybullet.gaps import Gaps
from lmp.sims.pybullet.pybullet_robot import PyBulletRobot


class Ghost:
    """A robot that goes anywhere at once.

    Args:
        description: The robot.
        rate_hz: Control ticks a second of the world; nothing is stepped here.
    """

    def __init__(self, description: RobotDescription, rate_hz: float):
        self._engine = Engine(False, rate_hz)
        self._robot = PyBulletRobot(self._engine, description, rate_hz, lambda: None)
        self._gaps = Gaps(self._engine)

    def free_room(self, box: Box, pose: Pose, postures: NDArray[np.float64], within: float) -> float:
        """Least distance of the robot from a box over some postures [m]; at most `within`.

        Args:
            box: The box.
            pose: `T_world_box`.
            postures: Joint positions in the order of the robot file [rad]. Shape (n, dof).
            within: Farther is not measured [m].
        """
        least, names = within, {self._robot.uid: "robot"}
        for posture in postures:
            self._robot.jump(posture)
            least = min(least, self._gaps.of_box(names, box, pose, within).get("robot", within))
        return least

    def close(self) -> None:
        """Ends the engine; a second time does nothing."""
        self._engine.close()
