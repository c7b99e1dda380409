"""State that a motion has led to so far: posture, fingers, what is in the gripper, where objects stand."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault, UnknownName, need
from lmp.meaning.directions import directions
from lmp.primitives.arm.kinematics import Kinematics
from lmp.primitives.arm.serial_chain import SerialChain
from lmp.primitives.collision.collisions import CollisionModel
from lmp.primitives.collision.named_pairs import named_pairs, part_body
from lmp.primitives.collision.scene_collisions import SceneCollisions
from lmp.primitives.moves import Contacts, Drag, Grip
from lmp.schema.pose import Pose
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.shape import Articulated, Compound, Part, solid_parts

Array = NDArray[np.float64]

SAME_BASE = 1e-4
"""Largest difference of two poses of the base that are the same [m], [dimensionless]."""
PARTS = frozenset({"fingers", "hand", "robot"})


class Arm:
    """A robot's models, made once and shared by everything that is compiled for it.

    Attributes:
        robot: The robot.
        kinematics: Its kinematics.
        collisions: Its collision model.
        rate_hz: Samples a second of what is compiled [1/s].

    Raises:
        SetupFault: It is no robot, or the rate is not above 0 and finite.
    """

    def __init__(self, robot: RobotDescription, rate_hz: float):
        need("robot", robot, RobotDescription, "a RobotDescription, as `load_robot` returns it")
        if isinstance(rate_hz, bool) or not isinstance(rate_hz, int | float | np.integer) or not 0.0 < rate_hz < math.inf:
            raise SetupFault(f"rate_hz takes samples a second, above 0 and finite, got {rate_hz!r:.80}.")
        self.robot, self.rate_hz = robot, rate_hz
        self.kinematics = Kinematics(robot)
        self.collisions = CollisionModel(robot)

    @cached_property
    def chain(self) -> SerialChain:
        """The chain that moves, as the kernels take it."""
        return SerialChain.of(self.collisions.tree)


@dataclass(frozen=True)
class MotionState:
    """The state at the end of a part of a motion.

    Attributes:
        q: Joint positions [rad]. Shape (dof,).
        T_world_tool: Shape (4, 4).
        t: Time in the motion [s].
        width: Distance of the fingers [m]; on its way to `width_goal` if they still move.
        width_goal: Where the fingers are told to be [m].
        scene: Where objects stand now.
        held: Object that moves with the tool.
        T_tool_held: Its pose in the tool's frame. Shape (4, 4).
        obstacles: Distances in this scene with this object in the gripper.
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
        """The state that a scene shows.

        Raises:
            SetupFault: It is no scene, or it has the robot's base elsewhere.
        """
        need("scene", scene, Scene, "a Scene")
        _on_its_base(scene, arm.robot)
        q = scene.robot.positions_of(arm.robot.joint_names)
        T_world_tool = arm.kinematics.forward(q)
        held = scene.held
        T_tool_held = None if held is None else np.linalg.inv(T_world_tool) @ held.pose.matrix
        name = None if held is None else held.name
        obstacles = arm.collisions.with_scene(scene, name, T_tool_held)
        width = min(scene.robot.gripper_width, arm.robot.max_width)
        return cls(q, T_world_tool, 0.0, width, width, scene, name, T_tool_held, obstacles)

    @property
    def R_world_robot(self) -> Array:
        """From the robot's frame, in which shapes of paths are said, to the world. Shape (3, 3)."""
        return directions(self.scene).T_world_viewer.rotation

    def taking(self, arm: Arm, name: str) -> MotionState:
        """With an object of the scene moving with the tool from now on."""
        T_tool_held: Array = np.linalg.inv(self.T_world_tool) @ self.scene.get(name).pose.matrix
        obstacles = arm.collisions.with_scene(self.scene, name, T_tool_held)
        return replace(self, held=name, T_tool_held=T_tool_held, obstacles=obstacles)

    def dragging(self, arm: Arm, drag: Drag) -> MotionState:
        """With what is pushed, and what rides on it, moving with the tool, for as long as one move lasts."""
        from lmp.primitives.handling.riding import part_alone, riders  # Only a push drags something.

        thing = self.scene.get(drag.object)
        parts = _parts_of(thing, drag)
        riding = riders(self.scene, thing.name, parts)
        body = thing.name if drag.joint is None else part_body(thing.name, thing.joint(drag.joint).child)
        pieces = list(solid_parts((thing if parts is None else part_alone(thing, parts)).shape))
        for rider in (self.scene.get(name) for name in riding):
            T_thing_rider = thing.pose.inverse() @ rider.pose
            pieces += [Part(pose=T_thing_rider @ piece.pose, shape=piece.shape) for piece in solid_parts(rider.shape)]
        load = SceneObject(
            name=body, category=thing.category, pose=thing.pose, shape=Compound.model_construct(parts=tuple(pieces))
        )
        rest = [other for other in self.scene.objects if other.name not in (thing.name, *riding)]
        if isinstance(thing.shape, Articulated) and parts is not None:
            still = [part.name for part in thing.shape.parts if part.name not in parts]
            rest.append(part_alone(thing, still))
        scene = self.scene.model_copy(update={"objects": (*rest, load)})
        return replace(self, scene=scene).taking(arm, body)

    def dragged(self, arm: Arm, drag: Drag, q: Array, T_world_tool: Array) -> MotionState:
        """With the arm at the end of a push, and what was pushed, with what rides on it, where that has brought it."""
        from lmp.primitives.handling.riding import joint_moved, moved, riders

        motion = T_world_tool @ np.linalg.inv(self.T_world_tool)
        if drag.joint is not None:
            scene = joint_moved(self.scene, drag.object, drag.joint, drag.value)
        else:
            scene = moved(self.scene, (drag.object, *riders(self.scene, drag.object)), motion)
        obstacles = arm.collisions.with_scene(scene)
        return replace(self, q=q, T_world_tool=T_world_tool, scene=scene, obstacles=obstacles)

    def leaving(self, arm: Arm) -> MotionState:
        """With the held object left where it is now."""
        if self.held is None or self.T_tool_held is None:
            return self
        pose = Pose.from_matrix(self.T_world_tool @ self.T_tool_held)
        thing = self.scene.get(self.held).model_copy(update={"pose": pose, "held_by": None})
        scene = self.scene.replacing(thing)
        return replace(self, scene=scene, held=None, T_tool_held=None, obstacles=arm.collisions.with_scene(scene))

    def after(self, arm: Arm, grip: Grip) -> MotionState:
        """With what a grip takes or lets go."""
        if grip.takes is not None:
            return self.taking(arm, grip.takes)
        return self.leaving(arm) if grip.lets_go else self

    def allowed(self, pairs: Contacts) -> Contacts:
        """The pairs whose names mean something in this scene; a skill names what may not be there."""
        return tuple(pair for pair in pairs if all(self._means(name) for name in pair))

    def known(self, pairs: Contacts) -> Contacts:
        """The pairs, where every name has to mean something: a person's own, who may have misspelt one.

        Raises:
            UnknownName: A name is neither of the scene nor of the robot.
            SetupFault: They are no pairs of names.
        """
        try:
            named = named_pairs(pairs)
        except ValueError as error:
            raise SetupFault(f"What may touch: {error}.") from None
        for name in (name for pair in named for name in pair):
            if not self._means(name):
                raise UnknownName("body", name, {*PARTS, *self.obstacles.bodies})
        return named

    def _means(self, name: str) -> bool:
        return name in PARTS or self.obstacles.has(name)


def _parts_of(thing: SceneObject, drag: Drag) -> tuple[str, ...] | None:
    """The parts that a drag takes along; None for the whole object."""
    if drag.joint is None or not isinstance(thing.shape, Articulated):
        return None
    return thing.shape.moved_by(thing.joint(drag.joint).name)


def _on_its_base(scene: Scene, robot: RobotDescription) -> None:
    """Refuses a scene in which the arm stands elsewhere than its kinematics have it: every goal would be off by as much."""
    off = np.abs(scene.T_world_base.matrix - robot.base.matrix).max()
    if off > SAME_BASE:
        here, there = (
            "({:.4f}, {:.4f}, {:.4f}) m, heading {:.4f} rad".format(*pose.position, pose.yaw)
            for pose in (scene.T_world_base, robot.base)
        )
        raise SetupFault(
            f"The scene has the robot's base at {here}; the robot {robot.name!r} is described with its base at {there}. "
            "Take the description that the world gives, `world.robot.description`, or say the same base in both."
        )
