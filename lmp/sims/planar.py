"""Convex polygons in the plane: hulls, half planes, containment. Vertices run counter-clockwise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

Polygon = NDArray[np.float64]


def convex_hull(points: NDArray[np.float64]) -> Polygon:
    """The convex hull of points that do not lie on one line [m]. Shape (n, 2) to (m, 2)."""
    hull: Polygon = points[ConvexHull(points).vertices]
    return hull


def half_planes(polygon: Polygon) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Outward unit normals and offsets of the edges: inside is `normals @ x <= offsets`. Shapes (m, 2), (m,)."""
    edges = np.roll(polygon, -1, axis=0) - polygon
    lengths = np.hypot(edges[:, 0], edges[:, 1])
    normals = np.stack([edges[:, 1], -edges[:, 0]], axis=1) / np.maximum(lengths, 1e-12)[:, None]
    offsets: NDArray[np.float64] = np.einsum("ij,ij->i", normals, polygon)
    return normals, offsets


def depth_inside(polygon: Polygon, point: NDArray[np.float64]) -> float:
    """Distance of a point from the edge inside; negative outside, where the true one is at least that [m]. Shape (2,)."""
    normals, offsets = half_planes(polygon)
    return float((offsets - normals @ point).min())


def width_along(polygon: Polygon, direction: NDArray[np.float64]) -> float:
    """Extent along a unit direction [m]. Shape (2,)."""
    along = polygon @ direction
    return float(along.max() - along.min())
