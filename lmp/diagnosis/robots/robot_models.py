"""The models of a robot that its checks look through."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.arm.kinematics import Kinematics
from lmp.primitives.collision.collisions import CollisionModel
from lmp.primitives.collision.scene_collisions import SceneCollisions
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import RobotState, Scene, SceneObject, Workspace

Array = NDArray[np.float64]


@dataclass(frozen=True)
class RobotModels:
    """A robot's kinematics, and its distances from itself.

    Attributes:
        robot: The robot.
        kinematics: Its kinematics.
        collisions: Its collision model.
        alone: Its distances from itself, but for the ignored pairs.
        naked: The same with no pair ignored.
    """

    robot: RobotDescription
    kinematics: Kinematics
    collisions: CollisionModel
    alone: SceneCollisions
    naked: SceneCollisions

    @classmethod
    def of(cls, robot: RobotDescription) -> RobotModels:
        """The models of a robot.

        Raises:
            BadFile: The URDF or its meshes cannot be loaded.
        """
        collisions = CollisionModel(robot)
        bare = CollisionModel(robot.model_copy(update={"ignored_pairs": (), "distant_pairs": ()}))
        scene = scene_of(robot)
        return cls(robot, Kinematics(robot), collisions, collisions.with_scene(scene), bare.with_scene(scene))


def scene_of(robot: RobotDescription, *objects: SceneObject) -> Scene:
    """The robot in its rest posture among objects."""
    still = (0.0,) * len(robot.joints)
    state = RobotState(joint_names=robot.joint_names, positions=robot.rest, velocities=still, gripper_width=robot.max_width)
    return Scene(
        objects=objects,
        T_world_base=robot.base,
        robot=state,
        workspace=Workspace(lower=(-5.0, -5.0, -5.0), upper=(5.0, 5.0, 5.0)),
    )
