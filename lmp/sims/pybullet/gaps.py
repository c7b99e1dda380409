"""Free distances between bodies, and of the robot in other postures, from the engine's collision shapes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from lmp.schema.pose import Pose
from lmp.schema.robot import RobotDescription
from lmp.schema.shape import Box
from lmp.sims.pybullet.engine import Engine
from lmp.sims.pybullet.pybullet_robot import PyBulletRobot


class Gaps:
    """Measures in one engine.

    Args:
        engine: The engine.
    """

    def __init__(self, engine: Engine):
        self._engine = engine
        # The engine cannot give such shapes back in silence, so that each is made once.
        self._shapes: dict[tuple[float, float, float], int] = {}

    def of_body(self, names: Mapping[int, str], uid: int, within: float) -> dict[str, float]:
        """Distance of a body to each named object that is nearer than `within` [m]; negative where they overlap."""
        found = {}
        for other, name in names.items():
            points = self._engine.getClosestPoints(bodyA=uid, bodyB=other, distance=within) if other != uid else ()
            if points:
                found[name] = min(point[8] for point in points)
        return found

    def of_box(self, names: Mapping[int, str], box: Box, pose: Pose, within: float) -> dict[str, float]:
        """Distance of a box that is not there to each named object nearer than `within` [m]; negative if it overlaps."""
        found = {}
        for uid, name in names.items():
            points = self._engine.getClosestPoints(
                bodyA=uid,
                bodyB=-1,
                distance=within,
                collisionShapeB=self._shape(box),
                collisionShapePositionB=pose.position,
                collisionShapeOrientationB=pose.quat_xyzw,
            )
            if points:
                found[name] = min(point[8] for point in points)
        return found

    def _shape(self, box: Box) -> int:
        if box.size not in self._shapes:
            half = [edge / 2 for edge in box.size]
            self._shapes[box.size] = self._engine.createCollisionShape(self._engine.GEOM_BOX, halfExtents=half)
        return self._shapes[box.size]


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
