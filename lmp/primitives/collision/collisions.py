"""The robot as convex pieces that move with its joints, and the scenes that it may meet."""

from __future__ import annotations

from typing import Any

import numpy as np
import pinocchio as pin
from numpy.typing import ArrayLike, NDArray

from lmp.errors import BadFile
from lmp.primitives.arm.kinematics import TOOL_FRAME, robot_model
from lmp.primitives.collision.convex_pieces import Piece, convex_geometry, object_pieces, placed_piece
from lmp.primitives.collision.scene_collisions import SceneCollisions
from lmp.robots.robot_file import urdf_path
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import Scene
from lmp.schema.shape import Shape

Array = NDArray[np.float64]


class CollisionModel:
    """The robot as convex hulls of its collision meshes, and the scenes that it may meet.

    Attributes:
        description: The robot.
        links: Names of the links that have a shape.
        fixed: Those that no joint moves.
        self_pairs: Pairs of links that must not touch, as indices into `links`.
    """

    def __init__(self, description: RobotDescription):
        self.description = description
        self._model = robot_model(description)
        self._data = self._model.createData()
        geometry = _load_geometry(self._model, description)
        self._pieces: list[Piece] = []
        self._frames: list[int] = []
        self._names: list[str] = []
        for shape in geometry.geometryObjects:
            self._names.append(self._model.frames[shape.parentFrame].name)
            self._frames.append(shape.parentJoint)
            self._pieces.append(placed_piece(convex_geometry(shape.geometry), shape.placement.homogeneous))
        self.links = tuple(dict.fromkeys(self._names))
        self.fixed = frozenset(name for name, joint in zip(self._names, self._frames, strict=True) if joint == 0)
        ignored = {frozenset(pair) for pair in description.ignored_pairs}
        self.self_pairs = tuple(
            (a, b)
            for a in range(len(self.links))
            for b in range(a + 1, len(self.links))
            if frozenset((self.links[a], self.links[b])) not in ignored and not {self.links[a], self.links[b]} <= self.fixed
        )
        self._arm = [self._model.joints[self._model.getJointId(name)].idx_q for name in description.joint_names]
        self._fingers = [self._model.joints[self._model.getJointId(name)].idx_q for name in description.gripper.joints]
        self._neutral = pin.neutral(self._model)

    def with_scene(self, scene: Scene, held: str | None = None, T_tool_object: ArrayLike | None = None) -> SceneCollisions:
        """The robot among the objects of a scene.

        Args:
            scene: Its objects stand still.
            held: The object that moves with the tool instead.
            T_tool_object: Where the hand holds it; where the scene has it at the scene's joint positions if not given.
                Shape (4, 4).
        """
        if held is not None:
            thing = scene.get(held)
            T_tool_object = self._grasp(scene, thing.pose.matrix) if T_tool_object is None else np.asarray(T_tool_object)
        return SceneCollisions(self, scene, held, None if T_tool_object is None else np.asarray(T_tool_object))

    def robot_pieces(self) -> list[tuple[int, int, Piece]]:
        """Index into `links`, joint and piece of everything that the robot is made of, in the order of the links."""
        owners = [self.links.index(name) for name in self._names]
        return sorted(zip(owners, self._frames, self._pieces, strict=True), key=lambda entry: entry[0])

    def held_pieces(self, shape: Shape, T_tool_object: Array) -> list[tuple[int, Piece]]:
        """Joint and piece of an object in the hand."""
        tool = self._model.frames[self._model.getFrameId(TOOL_FRAME)]
        T_joint_object = tool.placement.homogeneous @ T_tool_object
        return [(tool.parentJoint, piece.moved(T_joint_object)) for piece in object_pieces(shape)]

    def joint_frames(self, qs: Array, gripper_widths: Array) -> tuple[Array, Array]:
        """Rotation and translation of every joint's frame. Shapes (n, dof), (n,) to (n, joints, 3, 3), (n, joints, 3)."""
        count = self._model.njoints
        rotations, translations = np.empty((len(qs), count, 3, 3)), np.empty((len(qs), count, 3))
        whole = self._neutral.copy()
        for index, (q, width) in enumerate(zip(qs, gripper_widths, strict=True)):
            whole[self._arm] = q
            whole[self._fingers] = width / 2
            pin.forwardKinematics(self._model, self._data, whole)
            for joint, placement in enumerate(self._data.oMi):
                rotations[index, joint] = placement.rotation
                translations[index, joint] = placement.translation
        return rotations, translations

    def _grasp(self, scene: Scene, T_world_object: Array) -> Array:
        whole = self._neutral.copy()
        whole[self._arm] = scene.robot.positions
        pin.framesForwardKinematics(self._model, self._data, whole)
        T_world_tool = self._data.oMf[self._model.getFrameId(TOOL_FRAME)].homogeneous
        grasp: Array = np.linalg.inv(T_world_tool) @ T_world_object
        return grasp


def _load_geometry(model: Any, description: RobotDescription) -> Any:
    path = urdf_path(description)
    folders = [str(folder) for folder in path.parents[:3]]
    try:
        # Into a model of ours: the one that Pinocchio makes by itself is never freed.
        return pin.buildGeomFromUrdf(model, str(path), pin.GeometryType.COLLISION, pin.GeometryModel(), folders)
    except (ValueError, RuntimeError) as error:
        raise BadFile(str(path), [f"Its meshes cannot be loaded: {' '.join(str(error).split())}."]) from error
