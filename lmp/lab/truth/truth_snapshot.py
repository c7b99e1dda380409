"""The world at one instant for the judge of truth: poses and contacts from the world, shapes from the scene file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lmp.errors import UnknownName
from lmp.schema.episode import WorldObject
from lmp.schema.pose import Pose
from lmp.schema.scene_file import FLOOR, SceneFile
from lmp.schema.shape import Articulated, Box, Cavity
from lmp.sims.planar import Polygon, convex_hull, depth_inside
from lmp.sims.scenes.built_shape import BuiltShape
from lmp.sims.scenes.ready_shapes import build_shape
from lmp.sims.solids import corner_points

ROBOT = "robot"
FAR = 20.0
"""Farther than this from the scene nobody looks for its floor [m]."""


@dataclass(frozen=True)
class TrueObject:
    """One object where it is.

    Attributes:
        points: Its corner points in the world [m]. Shape (n, 3).
        outline: Seen from above [m]. Shape (m, 2).
        hollows: Its cavities, each with its frame in the world.
        touching: What it touches.
        joints: Positions of its joints by name [m] or [rad].
    """

    name: str
    pose: Pose
    points: NDArray[np.float64]
    outline: Polygon
    hollows: tuple[tuple[Cavity, Pose], ...]
    touching: frozenset[str]
    held: bool
    joints: Mapping[str, float] = field(default_factory=dict)

    @property
    def middle(self) -> NDArray[np.float64]:
        """Middle of the box around it in its own frame, in the world [m]: it turns with the object. Shape (3,)."""
        own = self.pose.inverse().apply(self.points)
        middle: NDArray[np.float64] = self.pose.apply((own.min(axis=0) + own.max(axis=0)) / 2)
        return middle

    @property
    def bottom(self) -> float:
        return float(self.points[:, 2].min())

    @property
    def top(self) -> float:
        return float(self.points[:, 2].max())

    @property
    def rests(self) -> bool:
        """True if something other than the robot carries it."""
        return not self.held and ROBOT not in self.touching and bool(self.touching)

    def reach(self, direction: NDArray[np.float64]) -> float:
        """Extent along a level direction, from the world's origin [m]. Shape (2,), unit length."""
        return float((self.points[:, :2] @ direction).max())

    def covers(self, point: NDArray[np.float64]) -> bool:
        """True if a point lies over its outline. Shape (2,)."""
        return depth_inside(self.outline, point) >= 0.0


class Snapshot:
    """All objects by name.

    Args:
        scene: The scene file: shapes and hollows.
        objects: As the world reports them.
    """

    def __init__(self, scene: SceneFile, objects: Iterable[WorldObject]):
        shapes = {spec.name: build_shape(spec) for spec in scene.objects}
        self.scene = scene
        self.categories = {spec.name: spec.category for spec in scene.objects}
        self.colours = {spec.name: spec.colour for spec in scene.objects}
        self.movable = frozenset(spec.name for spec in scene.objects if spec.role == "movable")
        self.ranges = {
            name: {joint.name: (joint.lower, joint.upper) for joint in built.shape.joints}
            for name, built in shapes.items()
            if isinstance(built.shape, Articulated)
        }
        self._objects = _supports(scene)
        self.supports = frozenset(self._objects)
        self._base, self._away = np.array(scene.T_world_base.position[:2]), _away(scene.T_world_base)
        for item in objects:
            # What came after the scene was made is taken as the box that the world says is around it.
            built = shapes.get(item.name, BuiltShape(Box(size=item.size)))
            self._objects[item.name] = _true_object(item, built)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the scene file's objects, whether or not they are still there."""
        return tuple(self.categories)

    def find(self, name: str) -> TrueObject | None:
        """The object, or None if it is gone.

        Raises:
            UnknownName: The scene file has no such object, and nothing of that name came later.
        """
        if name not in self._objects and name not in self.categories:
            raise UnknownName("object", name, (*sorted(self.supports), *self.categories))
        return self._objects.get(name)

    @property
    def objects(self) -> tuple[TrueObject, ...]:
        """All objects that are there, without the furniture, also those that the scene file does not list."""
        return tuple(item for name, item in self._objects.items() if name not in self.supports)

    @property
    def lowest(self) -> float:
        """Height of the lowest place where objects stand [m]."""
        return min(self._objects[name].top for name in self.supports)

    def along(self, forward: float, left: float) -> NDArray[np.float64]:
        """A level displacement that far away from the robot and to its left, in the world [m]. Shape (2,)."""
        x, y = self._away
        return np.array([forward * x - left * y, forward * y + left * x])

    def place(self, forward: float, left: float) -> NDArray[np.float64]:
        """The place that far in front of the robot's base and to its left, in the world [m]. Shape (2,)."""
        spot: NDArray[np.float64] = self._base + self.along(forward, left)
        return spot

    def from_base(self, point: NDArray[np.float64]) -> float:
        """Level distance of a point from the robot's base [m]. Shape (2,)."""
        return float(np.hypot(*(point - self._base)))


def _true_object(item: WorldObject, built: BuiltShape) -> TrueObject:
    pose, shape = Pose(position=item.position, quat_xyzw=item.quaternion), built.shape
    hollows = [(cavity, np.eye(4)) for cavity in built.cavities]
    if isinstance(shape, Articulated):
        shape = shape.with_values(dict(item.joints))
        parts = {part.name: shape.T_object_part(part.name) for part in shape.parts}
        hollows = [(cavity, T) for cavity in built.cavities if (T := parts.get(cavity.part or "")) is not None]
    points = pose.apply(corner_points(shape))
    return TrueObject(
        item.name,
        pose,
        points,
        convex_hull(points[:, :2]),
        tuple((cavity, Pose.from_matrix(pose.matrix @ T) @ cavity.pose) for cavity, T in hollows),
        frozenset(item.touching),
        item.held,
        dict(item.joints),
    )


def _supports(scene: SceneFile) -> dict[str, TrueObject]:
    """The supports of the scene's objects, by name: its furniture; the floor, where it has none."""
    found = {}
    for spec in scene.supports:
        x, y, z = scene.T_world_scene.apply(np.array(spec.centre))
        turn, (width, depth) = scene.T_world_scene.yaw + spec.yaw, spec.size
        outline = _rectangle((float(x), float(y)), turn, width, depth)
        points = np.column_stack([np.tile(outline, (2, 1)), np.repeat([z, z - spec.thickness], 4)])
        pose = Pose.from_yaw((float(x), float(y), float(z)), turn)
        found[spec.name] = TrueObject(spec.name, pose, points, outline, (), frozenset(), False)
    if not found:
        x, y, z = (float(value) for value in scene.T_world_scene.apply(np.array([0.0, 0.0, scene.floor])))
        outline = _rectangle((x, y), 0.0, 2 * FAR, 2 * FAR)
        points = np.column_stack([np.tile(outline, (2, 1)), np.repeat([z, z - 0.1], 4)])
        found[FLOOR] = TrueObject(FLOOR, Pose(position=(x, y, z)), points, outline, (), frozenset(), False)
    return found


def _rectangle(middle: tuple[float, float], turn: float, width: float, depth: float) -> Polygon:
    corners = np.array([[-width, -depth], [width, -depth], [width, depth], [-width, depth]]) / 2
    c, s = np.cos(turn), np.sin(turn)
    outline: Polygon = corners @ np.array([[c, s], [-s, c]]) + np.array(middle)
    return outline


def _away(base: Pose) -> NDArray[np.float64]:
    """The level direction in which a robot faces: that of its base's x axis; of its z axis, if x is steep. Shape (2,)."""
    ahead = base.rotation[:2, 0] if np.hypot(*base.rotation[:2, 0]) >= 0.5 else base.rotation[:2, 2]
    unit: NDArray[np.float64] = ahead / np.hypot(*ahead)
    return unit
