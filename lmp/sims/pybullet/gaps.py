"""Free distances between bodies, from the engine's collision shapes."""

from __future__ import annotations

from collections.abc import Mapping

from lmp.schema.pose import Pose
from lmp.schema.shape import Box
from lmp.sims.pybullet.engine import Engine


def gaps(engine: Engine, names: Mapping[int, str], uid: int, within: float) -> dict[str, float]:
    """Distance of a body to each named thing that is nearer than `within` [m]; negative where they overlap."""
    found = {}
    for other, name in names.items():
        points = engine.getClosestPoints(bodyA=uid, bodyB=other, distance=within) if other != uid else ()
        if points:
            found[name] = min(point[8] for point in points)
    return found


def free_room(engine: Engine, names: Mapping[int, str], box: Box, pose: Pose, within: float) -> dict[str, float]:
    """Distance of a box that is not there to each named thing that is nearer than `within` [m]; negative if it overlaps."""
    shape = engine.createCollisionShape(engine.GEOM_BOX, halfExtents=[edge / 2 for edge in box.size])
    found = {}
    for uid, name in names.items():
        points = engine.getClosestPoints(
            bodyA=uid,
            bodyB=-1,
            distance=within,
            collisionShapeB=shape,
            collisionShapePositionB=pose.position,
            collisionShapeOrientationB=pose.quat_xyzw,
        )
        if points:
            found[name] = min(point[8] for point in points)
    engine.removeCollisionShape(shape)
    return found
