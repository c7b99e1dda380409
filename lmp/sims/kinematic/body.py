"""An object of the kinematic world: its description, its present pose, and its outline there."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.schema.pose import Pose
from lmp.schema.scene import SceneObject
from lmp.schema.shape import Articulated, Shape
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
        self._owners = _owners(shape)
        self.T_world_body = self._T_world_body

    @property
    def T_world_body(self) -> NDArray[np.float64]:
        return self._T_world_body

    @T_world_body.setter
    def T_world_body(self, matrix: NDArray[np.float64]) -> None:
        self._T_world_body = matrix
        self._placed = self._points @ matrix[:3, :3].T + matrix[:3, 3]
        self._outline: Polygon | None = None
        self._pieces: tuple[tuple[str | None, Polygon, float], ...] | None = None

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

    @property
    def piece_outlines(self) -> tuple[tuple[str | None, Polygon, float], ...]:
        """The part of each convex piece (None where it is rigid), its outline from above, and its top [m]."""
        if self._pieces is None:
            pieces = zip(self._owners, self.parts, strict=True)
            self._pieces = tuple((owner, convex_hull(points[:, :2]), float(points[:, 2].max())) for owner, points in pieces)
        return self._pieces

    def openings(self) -> list[tuple[Polygon, float]]:
        """The openings of its upright hollows seen from above, and the heights of their floors [m]."""
        found = []
        for cavity in self.description.cavities:
            T = self._T_body_part(cavity.part)
            frame = None if T is None else self.T_world_body @ T @ cavity.pose.matrix
            if frame is None or frame[2, 2] <= math.cos(_SNAP):
                continue
            if cavity.round:
                angles = 2 * np.pi * np.arange(48) / 48
                rim = cavity.half_x * np.stack([np.cos(angles), np.sin(angles)], axis=1)
            else:
                rim = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]]) * [cavity.half_x, cavity.half_y]
            local = np.column_stack([rim, np.full(len(rim), cavity.floor)])
            world = local @ frame[:3, :3].T + frame[:3, 3]
            found.append((convex_hull(world[:, :2]), float(world[:, 2].mean())))
        return found

    def _T_body_part(self, part: str | None) -> NDArray[np.float64] | None:
        if part is None or not isinstance(self.shape, Articulated):
            return np.eye(4)
        return self.shape.T_object_part(part)


def fits(outline: Polygon, opening: Polygon) -> bool:
    """True if an outline fits through an opening where it is."""
    return all(depth_inside(opening, point) >= -1e-4 for point in outline)


def _owners(shape: Shape) -> tuple[str | None, ...]:
    """The part of each convex piece of a shape; None where it is rigid."""
    if not isinstance(shape, Articulated):
        return (None,) * len(part_points(shape))
    return tuple(part.name for part in shape.parts for _ in shape.pieces_of(part.name))
