"""Convex pieces of the robot and of objects, where they are, and how far apart: the door to coal."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, assert_never

import coal
import numpy as np
import pinocchio as pin
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import ConvexHull, QhullError

from lmp.primitives.arm.kinematics import TOOL_FRAME, robot_model
from lmp.primitives.collision.scene_collisions import SceneCollisions
from lmp.robots.robot_file import urdf_path
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import Scene
from lmp.schema.shape import Box, Cylinder, Mesh, Shape, Sphere, solid_parts

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Piece:
    """A convex piece, placed in a frame that moves with a joint or stands in the world.

    Attributes:
        geometry: What coal calculates with.
        rotation, translation: `T_frame_piece`. Shapes (3, 3), (3,) [m].
        centre, half: The box around it in the piece's own frame [m]. Shapes (3,), (3,).
    """

    geometry: Any
    rotation: Array
    translation: Array
    centre: Array
    half: Array

    def moved(self, T: Array) -> Piece:
        """The piece in the frame in which `T` places its present frame. Shape (4, 4)."""
        translation = T[:3, :3] @ self.translation + T[:3, 3]
        return Piece(self.geometry, T[:3, :3] @ self.rotation, translation, self.centre, self.half)


class Placed:
    """A piece at a place, for distance queries."""

    def __init__(self, piece: Piece):
        self._geometry = piece.geometry
        self._transform = coal.Transform3s(np.ascontiguousarray(piece.rotation), np.ascontiguousarray(piece.translation))

    def place(self, rotation: Array, translation: Array) -> None:
        """Moves it. Shapes (3, 3), (3,) [m]."""
        self._transform.setRotation(rotation)
        self._transform.setTranslation(translation)

    def distance(self, other: Placed) -> float:
        """Distance to another, negative by the depth of penetration [m]."""
        _RESULT.clear()
        value: float = coal.distance(self._geometry, self._transform, other._geometry, other._transform, _REQUEST, _RESULT)
        return value


_REQUEST, _RESULT = coal.DistanceRequest(), coal.DistanceResult()


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
            self._pieces.append(_piece(_convex(shape.geometry), shape.placement.homogeneous))
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

    def object_pieces(self, shape: Shape) -> tuple[Piece, ...]:
        """The convex pieces of an object in its own frame."""
        return object_pieces(shape)

    def place(self, piece: Piece) -> Placed:
        """A piece, ready for distance queries."""
        return Placed(piece)

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


@lru_cache(maxsize=512)
def object_pieces(shape: Shape) -> tuple[Piece, ...]:
    """The convex pieces of an object in its own frame."""
    return tuple(_piece(_solid(part.shape), part.pose.matrix) for part in solid_parts(shape))


def _load_geometry(model: Any, description: RobotDescription) -> Any:
    path = urdf_path(description)
    folders = [str(folder) for folder in path.parents[:3]]
    return pin.buildGeomFromUrdf(model, str(path), pin.GeometryType.COLLISION, None, folders)


def _convex(geometry: Any) -> Any:
    return _hull(np.array(geometry.vertices())) if isinstance(geometry, coal.BVHModelBase) else geometry


def _solid(shape: Box | Cylinder | Sphere | Mesh) -> Any:
    match shape:
        case Box(size=size):
            return coal.Box(*size)
        case Cylinder(radius=radius, height=height):
            return coal.Cylinder(radius, height)
        case Sphere(radius=radius):
            return coal.Sphere(radius)
        case Mesh(vertices=vertices):
            return _hull(np.array(vertices))
        case _:
            assert_never(shape)


def _hull(points: Array) -> Any:
    """The convex hull of points; flat ones are thickened by a tenth of a millimetre on each side. Shape (n, 3)."""
    try:
        hull = ConvexHull(points)
    except QhullError:
        corners = 1e-4 * np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
        points = (points[:, None] + corners).reshape(-1, 3)
        hull = ConvexHull(points)
    number = np.full(len(points), -1)
    number[hull.vertices] = np.arange(len(hull.vertices))
    corners, triangles = coal.StdVec_Vec3s(), coal.StdVec_Triangle()
    for point in points[hull.vertices]:
        corners.append(point)
    for simplex, normal in zip(hull.simplices, hull.equations[:, :3], strict=True):
        a, b, c = points[simplex]
        outward = np.cross(b - a, c - a) @ normal > 0
        triangles.append(coal.Triangle(*(int(corner) for corner in number[simplex if outward else simplex[::-1]])))
    return coal.Convex(corners, triangles)


def _piece(geometry: Any, T_frame_piece: Array) -> Piece:
    geometry.computeLocalAABB()
    box = geometry.aabb_local
    lower, upper = np.array(box.min_), np.array(box.max_)
    return Piece(geometry, T_frame_piece[:3, :3], T_frame_piece[:3, 3], (lower + upper) / 2, (upper - lower) / 2)
