"""What a motion has led to so far: posture, fingers, what is in the hand, where things stand."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.arm.kinematics import Kinematics
from lmp.primitives.collision.collisions import CollisionModel
from lmp.primitives.collision.scene_collisions import SceneCollisions
from lmp.primitives.moves import Contacts, Grip
from lmp.schema.pose import Pose
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import Scene

Array = NDArray[np.float64]

PARTS = frozenset({"fingers", "hand", "robot"})


class Arm:
    """A robot's models, made once and shared by everything that is compiled for it.

    Attributes:
        robot: The robot.
        kinematics: Its kinematics.
        collisions: Its collision model.
        rate_hz: Samples a second of what is compiled [1/s].
    """

    def __init__(self, robot: RobotDescription, rate_hz: float):
        self.robot, self.rate_hz = robot, rate_hz
        self.kinematics = Kinematics(robot)
        self.collisions = CollisionModel(robot)


@dataclass(frozen=True)
class MotionState:
    """The state at the end of a part of a motion.

    Attributes:
        q: Joint positions [rad]. Shape (dof,).
        T_world_tool: Shape (4, 4).
        t: Time in the motion [s].
        width: Distance of the fingers [m]; on its way to `width_goal` if they still move.
        width_goal: Where the fingers are told to be [m].
        scene: Where things stand now.
        held: Object that moves with the tool.
        T_tool_held: Its pose in the tool's frame. Shape (4, 4).
        obstacles: Distances in this scene with this object in the hand.
    """

    q: Array
    T_world_tool: Array
    t: float
    width: float
    width_goal: float
    scene: Scene
    held: str | None
    T_tool_held: Array | None
    obstacles: SceneCollisions

    @classmethod
    def first(cls, arm: Arm, scene: Scene) -> MotionState:
        """The state that a scene shows."""
        q = np.array(scene.robot.positions)
        T_world_tool = arm.kinematics.forward(q)
        held = scene.held
        T_tool_held = None if held is None else np.linalg.inv(T_world_tool) @ held.pose.matrix
        name = None if held is None else held.name
        obstacles = arm.collisions.with_scene(scene, name, T_tool_held)
        width = min(scene.robot.gripper_width, arm.robot.max_width)
        return cls(q, T_world_tool, 0.0, width, width, scene, name, T_tool_held, obstacles)

    def taking(self, arm: Arm, name: str) -> MotionState:
        """With an object of the scene moving with the tool from now on."""
        T_tool_held: Array = np.linalg.inv(self.T_world_tool) @ self.scene.get(name).pose.matrix
        obstacles = arm.collisions.with_scene(self.scene, name, T_tool_held)
        return replace(self, held=name, T_tool_held=T_tool_held, obstacles=obstacles)

    def leaving(self, arm: Arm) -> MotionState:
        """With the held object left where it is now."""
        if self.held is None or self.T_tool_held is None:
            return self
        pose = Pose.from_matrix(self.T_world_tool @ self.T_tool_held)
        thing = self.scene.get(self.held).model_copy(update={"pose": pose, "held": False})
        scene = self.scene.replacing(thing)
        return replace(self, scene=scene, held=None, T_tool_held=None, obstacles=arm.collisions.with_scene(scene))

    def after(self, arm: Arm, grip: Grip) -> MotionState:
        """With what a grip takes or lets go."""
        if grip.takes is not None:
            return self.taking(arm, grip.takes)
        return self.leaving(arm) if grip.lets_go else self

    def allowed(self, pairs: Contacts) -> Contacts:
        """The pairs whose names mean something in this scene."""
        return tuple(pair for pair in pairs if all(name in PARTS or name in self.scene for name in pair))
