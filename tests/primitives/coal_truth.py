"""Distances of convex pieces by coal: what the kernels are compared with."""

from __future__ import annotations

from typing import Any

import coal
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

from lmp.primitives.collision.convex_pieces import Piece, Solid
from lmp.primitives.kernels.solids import BOX, CYLINDER

_REQUEST, _RESULT = coal.DistanceRequest(), coal.DistanceResult()


def coal_distance(a: Piece, b: Piece) -> float:
    """Signed distance of two pieces in the same frame [m]."""
    _RESULT.clear()
    value: float = coal.distance(geometry(a.solid), _transform(a), geometry(b.solid), _transform(b), _REQUEST, _RESULT)
    return value


def geometry(solid: Solid) -> Any:
    """The solid as coal has it."""
    known = _GEOMETRIES.get(id(solid))
    if known is None:
        known = _GEOMETRIES[id(solid)] = (solid, _made(solid))
    return known[1]


_GEOMETRIES: dict[int, tuple[Solid, Any]] = {}


def _made(solid: Solid) -> Any:
    x, y, z = solid.size
    if solid.kind == CYLINDER:
        return coal.Cylinder(x, 2 * z)
    if solid.kind == BOX and not solid.rounding:
        return coal.Box(2 * x, 2 * y, 2 * z)
    if solid.kind == BOX:
        assert x == y == 0.0
        return coal.Capsule(solid.rounding, 2 * z) if z else coal.Sphere(solid.rounding)
    return _hull(np.unique(solid.corners, axis=0))


def _hull(points: NDArray[np.float64]) -> Any:
    hull = ConvexHull(points)
    corners, triangles = coal.StdVec_Vec3s(), coal.StdVec_Triangle()
    for point in points:
        corners.append(point)
    for simplex, normal in zip(hull.simplices, hull.equations[:, :3], strict=True):
        a, b, c = points[simplex]
        outward = np.cross(b - a, c - a) @ normal > 0
        triangles.append(coal.Triangle(*(int(corner) for corner in (simplex if outward else simplex[::-1]))))
    return coal.Convex(corners, triangles)


def _transform(piece: Piece) -> Any:
    return coal.Transform3s(np.ascontiguousarray(piece.rotation), np.ascontiguousarray(piece.translation))
