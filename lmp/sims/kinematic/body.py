"""An object of the kinematic world: its description, its present pose, and its outline there."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.schema.pose import Pose
from lmp.schema.scene import SceneObject
from lmp.schema.shape import Shape
from lmp.sims.planar import Polygon, convex_hull, depth_inside
from lmp.sims.solids import part_points

_SNAP = math.radians(15.0)
"""An object that is let go within this tilt lies down on its face [rad]."""


class Body:
    """One object that can be moved.

    Attributes:
        description: What it is; its pose and contacts are those of the start.
        T_world_body: Where it is. Shape (4, 4).
    """

    def __init__(self, description: SceneObject):
        self.description = description
        self._T_world_body = description.pose.matrix
        self.shape = description.shape

    @property
    def name(self) -> str:
        return self.description.name

    @property
    def shape(self) -> Shape:
        """Its shape, joints at their present values."""
        return self._shape

    @shape.setter
    def shape(self, shape: Shape) -> None:
        self._shape = shape
        self._parts = part_points(shape)
        self._points = np.concatenate(self._parts)
        self.T_world_body = self._T_world_body

    @property
    def T_world_body(self) -> NDArray[np.float64]:
        return self._T_world_body

    @T_world_body.setter
    def T_world_body(self, matrix: NDArray[np.float64]) -> None:
        self._T_world_body = matrix
        self._placed = self._points @ matrix[:3, :3].T + matrix[:3, 3]
        self._outline: Polygon | None = None

    @property
    def pose(self) -> Pose:
        return Pose.from_matrix(self.T_world_body)

    @property
    def bottom(self) -> float:
        """Height of its lowest point [m]."""
        return float(self._placed[:, 2].min())

    @property
    def top(self) -> float:
        """Height of its highest point [m]."""
        return float(self._placed[:, 2].max())

    @property
    def outline(self) -> Polygon:
        """Seen from above [m]. Shape (m, 2)."""
        if self._outline is None:
            self._outline = convex_hull(self._placed[:, :2])
        return self._outline

    @property
    def parts(self) -> tuple[NDArray[np.float64], ...]:
        """Corner points of each convex piece in the world [m]. Shapes (n, 3)."""
        rotation, position = self.T_world_body[:3, :3], self.T_world_body[:3, 3]
        return tuple(part @ rotation.T + position for part in self._parts)

    @property
    def upright(self) -> bool:
        return bool(self.T_world_body[2, 2] > math.cos(_SNAP))

    def shift(self, displacement: NDArray[np.float64]) -> None:
        """Moves it without turning it [m]. Shape (3,)."""
        moved = self.T_world_body.copy()
        moved[:3, 3] += displacement
        self.T_world_body = moved

    def lie_flat(self) -> None:
        """Takes out a small tilt, as contact with a level face does."""
        axis = int(np.argmax(np.abs(self.T_world_body[2, :3])))
        steepest = self.T_world_body[2, axis]
        if abs(steepest) < math.cos(_SNAP):
            return
        up = np.array([0.0, 0.0, math.copysign(1.0, steepest)])
        tilted = self.T_world_body[:3, axis]
        cross, cosine = np.cross(tilted, up), float(tilted @ up)
        skew = np.array([[0, -cross[2], cross[1]], [cross[2], 0, -cross[0]], [-cross[1], cross[0], 0]])
        level = self.T_world_body.copy()
        level[:3, :3] = (np.eye(3) + skew + skew @ skew / (1.0 + cosine)) @ level[:3, :3]
        self.T_world_body = level

    def opening(self) -> tuple[Polygon, float] | None:
        """The cavity's opening seen from above, and the height of its floor [m]; None if it has none or is tipped over."""
        cavity = self.description.cavity
        if cavity is None or not self.upright:
            return None
        if cavity.round:
            angles = 2 * np.pi * np.arange(48) / 48
            rim = cavity.half_x * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        else:
            rim = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]]) * [cavity.half_x, cavity.half_y]
        world = self.pose.apply(np.column_stack([rim, np.full(len(rim), cavity.floor)]))
        return convex_hull(world[:, :2]), float(world[:, 2].mean())

    def takes(self, other: Body) -> bool:
        """True if the other object's outline fits through the opening where it is."""
        found = self.opening()
        return found is not None and all(depth_inside(found[0], point) >= -1e-4 for point in other.outline)
