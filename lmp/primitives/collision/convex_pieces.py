"""Convex pieces of links and objects, where they are, and how far apart: the door to coal."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, assert_never

import coal
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, QhullError

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


@lru_cache(maxsize=512)
def object_pieces(shape: Shape) -> tuple[Piece, ...]:
    """The convex pieces of an object in its own frame."""
    return tuple(placed_piece(_solid(part.shape), part.pose.matrix) for part in solid_parts(shape))


def convex_geometry(geometry: Any) -> Any:
    """A mesh's convex hull; other geometry as it is."""
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


def placed_piece(geometry: Any, T_frame_piece: Array) -> Piece:
    """A geometry as a piece at a place in its frame. Shape (4, 4)."""
    geometry.computeLocalAABB()
    box = geometry.aabb_local
    lower, upper = np.array(box.min_), np.array(box.max_)
    return Piece(geometry, T_frame_piece[:3, :3], T_frame_piece[:3, 3], (lower + upper) / 2, (upper - lower) / 2)
