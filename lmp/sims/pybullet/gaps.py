"""Free distances between bodies, from the engine's collision shapes."""

from __future__ import annotations

from collections.abc import Mapping

from lmp.schema.pose import Pose
from lmp.schema.shape import Box
from lmp.sims.pybullet.engine import Engine


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
