"""The world at one instant for the judge of truth: poses and contacts from the world, shapes from the scene file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.errors import UnknownName
from lmp.schema.episode import WorldObject
from lmp.schema.pose import Pose
from lmp.schema.scene_file import TABLE, SceneFile
from lmp.schema.shape import Box, Cavity
from lmp.sims.planar import Polygon, convex_hull, depth_inside
from lmp.sims.scenes.ready_shapes import build_shape
from lmp.sims.solids import corner_points

ROBOT = "robot"


@dataclass(frozen=True)
class Thing:
    """One object where it is.

    Attributes:
        points: Its corner points in the world [m]. Shape (n, 3).
        outline: Seen from above [m]. Shape (m, 2).
        touching: What it touches.
    """

    name: str
    pose: Pose
    points: NDArray[np.float64]
    outline: Polygon
    cavity: Cavity | None
    touching: frozenset[str]
    held: bool

    @property
    def middle(self) -> NDArray[np.float64]:
        """Middle of the box around it in the world [m]. Shape (3,)."""
        middle: NDArray[np.float64] = (self.points.min(axis=0) + self.points.max(axis=0)) / 2
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

    def low(self, axis: int) -> float:
        """Its smallest coordinate along a world axis [m]."""
        return float(self.points[:, axis].min())

    def high(self, axis: int) -> float:
        """Its largest coordinate along a world axis [m]."""
        return float(self.points[:, axis].max())

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
        self.movable = frozenset(spec.name for spec in scene.objects if spec.movable)
        self._things: dict[str, Thing] = {TABLE: _table(scene)}
        for thing in objects:
            # What came after the scene was made is taken as the box that the world says is around it.
            shape, cavity = shapes.get(thing.name, (Box(size=thing.size), None))
            pose = Pose(position=thing.position, quat_xyzw=thing.quaternion)
            points = pose.apply(corner_points(shape))
            outline = convex_hull(points[:, :2])
            self._things[thing.name] = Thing(thing.name, pose, points, outline, cavity, frozenset(thing.touching), thing.held)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the scene file's objects, whether or not they are still there."""
        return tuple(self.categories)

    def find(self, name: str) -> Thing | None:
        """The object, or None if it is gone.

        Raises:
            UnknownName: The scene file has no such object, and nothing of that name came later.
        """
        if name not in self._things and name not in self.categories:
            raise UnknownName("object", name, (TABLE, *self.categories))
        return self._things.get(name)

    @property
    def things(self) -> tuple[Thing, ...]:
        """All objects that are there, without the table, also those that the scene file does not list."""
        return tuple(thing for name, thing in self._things.items() if name != TABLE)


def _table(scene: SceneFile) -> Thing:
    (cx, cy), (sx, sy) = scene.table.centre, scene.table.size
    outline = np.array(
        [[cx - sx / 2, cy - sy / 2], [cx + sx / 2, cy - sy / 2], [cx + sx / 2, cy + sy / 2], [cx - sx / 2, cy + sy / 2]]
    )
    points = np.column_stack([np.tile(outline, (2, 1)), np.repeat([0.0, -scene.table.thickness], 4)])
    return Thing(TABLE, Pose(position=(cx, cy, 0.0)), points, outline, None, frozenset(), False)
