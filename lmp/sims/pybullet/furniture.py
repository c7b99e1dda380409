"""The bodies that stand still: the floor, and the furniture that objects stand on."""

from __future__ import annotations

from lmp.schema.pose import Pose
from lmp.schema.scene_file import FLOOR, SceneFile, SupportSpec
from lmp.sims.pybullet.engine import Engine
from lmp.sims.scenes.supports import floor_height

FLOOR_RGBA = (0.90, 0.91, 0.93, 1.0)
LEG = 0.06
"""Thickness of the legs [m]."""


def add_furniture(engine: Engine, scene: SceneFile, base: Pose) -> dict[int, str]:
    """Adds floor and supports; names by the engine's numbers of what objects stand on, the floor only without supports."""
    floor = _add_floor(engine, scene, base)
    names = {_add_support(engine, support, scene): support.name for support in scene.supports}
    return names or {floor: FLOOR}


def _add_support(engine: Engine, support: SupportSpec, scene: SceneFile) -> int:
    pose = scene.T_world_scene @ support.T_scene_support
    half = (support.size[0] / 2, support.size[1] / 2, support.thickness / 2)
    top = engine.createCollisionShape(engine.GEOM_BOX, halfExtents=half)
    seen = engine.createVisualShape(engine.GEOM_BOX, halfExtents=half, rgbaColor=(*support.rgb, 1.0))
    uid: int = engine.createMultiBody(0.0, top, seen, pose.position, pose.quat_xyzw)
    engine.changeDynamics(uid, -1, lateralFriction=support.friction, rollingFriction=0.0, spinningFriction=0.0, restitution=0.0)
    length = support.centre[2] - support.thickness - scene.floor
    if support.legs and length > LEG:
        rgba = (*(0.6 * value for value in support.rgb), 1.0)
        leg = engine.createVisualShape(engine.GEOM_BOX, halfExtents=(LEG / 2, LEG / 2, length / 2), rgbaColor=rgba)
        for x in (-1, 1):
            for y in (-1, 1):
                foot = Pose(position=(x * (half[0] - LEG), y * (half[1] - LEG), -half[2] - length / 2))
                place = pose @ foot
                engine.createMultiBody(0.0, -1, leg, place.position, place.quat_xyzw)
    return uid


def _add_floor(engine: Engine, scene: SceneFile, base: Pose) -> int:
    """A floor without an edge, so that nothing falls for ever; only its middle is drawn."""
    half = (4.0, 4.0, 0.1)
    uid: int = engine.createMultiBody(
        0.0,
        engine.createCollisionShape(engine.GEOM_PLANE, planeNormal=(0.0, 0.0, 1.0)),
        engine.createVisualShape(
            engine.GEOM_BOX, halfExtents=half, rgbaColor=FLOOR_RGBA, visualFramePosition=(0.0, 0.0, -half[2])
        ),
        (base.position[0], base.position[1], floor_height(scene)),
    )
    engine.changeDynamics(uid, -1, lateralFriction=0.8, restitution=0.0)
    return uid
