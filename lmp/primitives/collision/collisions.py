"""The robot as convex pieces that move with its joints, and the scenes that it may meet."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial
from itertools import combinations

import numpy as np
import pinocchio as pin
from numpy.typing import ArrayLike, NDArray

from lmp.errors import BadFile
from lmp.primitives.arm.joint_tree import JointTree
from lmp.primitives.arm.kinematics import TOOL_FRAME, robot_model
from lmp.primitives.collision.convex_pieces import Piece
from lmp.primitives.collision.given_postures import checked_pose, many_postures, many_widths, one_posture, one_width
from lmp.primitives.collision.link_pieces import collision_piece
from lmp.primitives.collision.named_pairs import part_body
from lmp.primitives.collision.packed_bodies import PackedBodies
from lmp.primitives.collision.scene_collisions import SceneCollisions
from lmp.robots.robot_file import robot_urdf
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.shape import Articulated, Compound, Shape

Array = NDArray[np.float64]
Integers = NDArray[np.int64]


class CollisionModel:
    """The robot as convex hulls of its collision meshes, and the scenes that it may meet.

    Attributes:
        description: The robot.
        tree: Its joints.
        links: Names of the links that have a shape.
        joints: Number of the joint that moves each of them, 0 where none does. Shape (links,).
        fixed: Those that no joint moves.
        self_pairs: Pairs of links that must not touch, as indices into `links`; without those that move together, and
            those that the robot file leaves out. Shape (k, 2).
        common: Number of the lowest joint above two others, by their numbers. Shape (joints, joints).
    """

    def __init__(self, description: RobotDescription):
        self.description = description
        model = robot_model(description)
        self.tree = JointTree.of(model, description, TOOL_FRAME)
        shapes = _link_shapes(model, description)
        self.links = tuple(shapes)
        self._finger_pieces = [shapes[name] for name in description.finger_links if name in shapes]
        self.joints = np.array([joint for joint, _ in shapes.values()], dtype=np.int64)
        self.fixed = frozenset(name for name, joint in zip(self.links, self.joints, strict=True) if joint == 0)
        self._slides = _slides(self.tree, description)
        self._robot = PackedBodies.of(self.tree, self._slides, list(shapes.values()))
        left_out = {frozenset(pair) for pair in (*description.ignored_pairs, *description.distant_pairs)}
        self.self_pairs = np.array(
            [
                (a, b)
                for a, b in combinations(range(len(self.links)), 2)
                if frozenset((self.links[a], self.links[b])) not in left_out and self.joints[a] != self.joints[b]
            ],
            dtype=np.int64,
        ).reshape(-1, 2)
        self.common = _common(self.tree.parents)
        self._arm, self._fingers = _slice(self.tree.arm), _slice(self.tree.fingers)
        self._dof = len(self.tree.arm)
        self._finger_positions = lru_cache(maxsize=64)(partial(_finger_positions, description))

    def with_scene(self, scene: Scene, held: str | None = None, T_tool_object: ArrayLike | None = None) -> SceneCollisions:
        """The robot among the objects of a scene.

        Args:
            scene: Its objects stand still.
            held: The object that moves with the tool instead.
            T_tool_object: Where the gripper holds it; where the scene has it at the scene's joint positions if not given.
                Shape (4, 4).

        Raises:
            UnknownName: The scene has no object of the name `held`.
            ValueError: `T_tool_object` is no finite (4, 4).
        """
        robot = self._robot
        if held is not None:
            thing = scene.get(held)
            if T_tool_object is None:
                grasp = self._grasp(scene, thing.pose.matrix)
            else:
                grasp = checked_pose("T_tool_object", T_tool_object)
            robot = robot.holding(self.tree, self._slides, thing.shape, self.tree.T_joint_tool @ grasp)
        standing = [body for thing in scene.objects if thing.name != held for body in _standing(thing)]
        bodies = robot.among([(shape, T_world_body) for _, shape, T_world_body in standing])
        return SceneCollisions(self, bodies, held, tuple(name for name, _, _ in standing))

    def finger_hulls(self, width: float) -> tuple[Array, ...]:
        """Corner points of each convex piece of the fingers in the tool's frame, so far apart [m]. Shapes (n, 3).

        Raises:
            ValueError: The gripper has no such width.
        """
        R, p = self.tree.placements(self.posture_values(np.zeros(self._dof), width))
        T_world_joints = np.tile(np.eye(4), (len(p[0]), 1, 1))
        T_world_joints[:, :3, :3], T_world_joints[:, :3, 3] = R[0], p[0]
        T_tool_world = np.linalg.inv(T_world_joints[self.tree.tool] @ self.tree.T_joint_tool)
        return tuple(
            points @ T[:3, :3].T + T[:3, 3]
            for joint, pieces in self._finger_pieces
            for T in (T_tool_world @ T_world_joints[joint],)
            for points in (piece.outline for piece in pieces)
        )

    def alone(self) -> SceneCollisions:
        """The robot in an empty world."""
        return SceneCollisions(self, self._robot, None, ())

    def joint_values(self, qs: ArrayLike, gripper_width: ArrayLike) -> Array:
        """Values of all joints by number [rad, m].

        Args:
            qs: Joint positions of the arm [rad]. Shape (n, dof).
            gripper_width: Distance between the fingers, one number or one a sample [m]. Shape () or (n,).

        Raises:
            ValueError: They have other shapes, n is 0, they are not finite, or the gripper has no such width.
        """
        qs = many_postures(qs, self._dof)
        values = np.zeros((len(qs), len(self.tree.parents)))
        values[:, self._arm] = qs
        values[:, self.tree.fingers] = self.description.finger_positions(many_widths(gripper_width, len(qs), self.description))
        return values

    def posture_values(self, q: ArrayLike, gripper_width: float) -> Array:
        """The same for one posture. Shape (dof,) to (1, joints).

        Raises:
            ValueError: As for `joint_values`.
        """
        values = np.zeros((1, len(self.tree.parents)))
        values[0, self._arm] = one_posture(q, self._dof)
        width = gripper_width if isinstance(gripper_width, float) else one_width(gripper_width, self.description)
        fingers = self._finger_positions(width)
        if self._fingers is not None:
            values[0, self._fingers] = fingers
        return values

    def _grasp(self, scene: Scene, T_world_object: Array) -> Array:
        R, p = self.tree.placements(self.tree.values(scene.robot.positions_of(self.description.joint_names))[None])
        T_world_joint = np.eye(4)
        T_world_joint[:3, :3], T_world_joint[:3, 3] = R[0, self.tree.tool], p[0, self.tree.tool]
        grasp: Array = np.linalg.inv(T_world_joint @ self.tree.T_joint_tool) @ T_world_object
        return grasp


def _standing(thing: SceneObject) -> list[tuple[str, Shape, Array]]:
    """Name, shape and pose of the bodies that an object is: itself, or its parts where joints join them."""
    shape, T_world_object = thing.shape, thing.pose.matrix
    if not isinstance(shape, Articulated):
        return [(thing.name, shape, T_world_object)]
    return [
        (part_body(thing.name, part.name), Compound.model_construct(parts=shape.pieces_of(part.name)), T_world_object)
        for part in shape.parts
    ]


def _link_shapes(model: pin.Model, description: RobotDescription) -> dict[str, tuple[int, list[Piece]]]:
    """Joint and pieces of each link that has a shape: every piece of the URDF, or a complaint."""
    urdf = robot_urdf(description)
    shapes: dict[str, tuple[int, list[Piece]]] = {}
    for frame in model.frames:
        collisions = urdf.tree.links[frame.name].findall("collision") if frame.type == pin.FrameType.BODY else []
        if collisions:
            placement = frame.placement.homogeneous
            pieces = [collision_piece(element, urdf.path).moved(placement) for element in collisions]
            shapes[frame.name] = (frame.parentJoint, pieces)
    if not shapes:
        raise BadFile(str(urdf.path), ["no link has a <collision>: nothing could tell what the robot touches."])
    return shapes


def _finger_positions(description: RobotDescription, width: float) -> Array:
    """Positions of the finger joints at a width that the gripper has [rad] or [m]. Shape (fingers,)."""
    return description.finger_positions(one_width(width, description))


def _slice(numbers: Integers) -> Integers | slice | None:
    """Numbers that follow each other as a slice, which is quicker; None where there are none."""
    if not len(numbers):
        return None
    first = int(numbers[0])
    return slice(first, first + len(numbers)) if (np.diff(numbers) == 1).all() else numbers


def _slides(tree: JointTree, description: RobotDescription) -> dict[int, float]:
    """Largest distance of each joint that slides from its zero [m]."""
    arm = {int(tree.arm[index]): max(abs(j.lower), abs(j.upper)) for index, j in enumerate(description.joints)}
    ways = np.abs(description.finger_positions([0.0, description.max_width])).max(axis=0)
    fingers = {int(joint): float(way) for joint, way in zip(tree.fingers, ways, strict=True)}
    return {joint: way for joint, way in (arm | fingers).items() if tree.prismatic[joint]}


def _common(parents: Sequence[int] | Integers) -> Integers:
    """The lowest joint above two others, which may be one of them. Shape (joints, joints)."""
    above: list[set[int]] = []
    for joint, parent in enumerate(parents):
        above.append({joint} | (above[parent] if joint else set()))
    return np.array([[max(one & other) for other in above] for one in above], dtype=np.int64)
