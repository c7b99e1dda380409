"""The supports of objects in a scene file: its furniture, or the floor where it has none."""

from __future__ import annotations

from lmp.schema.pose import Pose
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import SceneObject
from lmp.schema.scene_file import FLOOR, SceneFile
from lmp.schema.shape import Box

FLOOR_SIZE = (8.0, 8.0, 0.1)
"""Edges of the floor where it is an object of the scene [m]."""


def support_objects(scene: SceneFile) -> tuple[SceneObject, ...]:
    """The supports where they are in the world; the floor, if there are none."""
    if not scene.supports:
        base = scene.T_scene_base or Pose()
        pose = Pose(position=(base.position[0], base.position[1], scene.floor - FLOOR_SIZE[2] / 2))
        floor = Box(size=FLOOR_SIZE)
        return (SceneObject(name=FLOOR, category=FLOOR, pose=scene.T_world_scene @ pose, shape=floor, role="support"),)
    return tuple(
        SceneObject(
            name=spec.name,
            category=spec.category,
            pose=scene.T_world_scene @ spec.T_scene_support,
            shape=Box(size=(*spec.size, spec.thickness)),
            role="support",
        )
        for spec in scene.supports
    )


def floor_height(scene: SceneFile) -> float:
    """Height of the floor in the world [m]."""
    return scene.T_world_scene.position[2] + scene.floor


def standing_in(scene: SceneFile, robot: RobotDescription) -> tuple[SceneFile, RobotDescription]:
    """Scene and robot that agree about where the base is: where the scene says it, else where the robot file does."""
    scene = scene.with_base(robot)
    return scene, robot.model_copy(update={"base": scene.T_world_base})
