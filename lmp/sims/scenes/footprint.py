"""Outlines of objects seen from above, and the free distance between them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

from lmp.schema.pose import Pose
from lmp.schema.shape import Box, Cylinder, Mesh, Part, Shape, Sphere, solid_parts

ROUND_CORNERS = 24


def outline(shape: Shape, pose: Pose) -> NDArray[np.float64]:
    """The convex outline of a posed shape from above, counter-clockwise [m]. Shape (k, 2).

    Round objects become circumscribed polygons, so the outline is never too small.
    """
    corners = np.concatenate([(pose @ part.pose).apply(_corners(part)) for part in solid_parts(shape)])[:, :2]
    hull: NDArray[np.float64] = corners[ConvexHull(corners).vertices]
    return hull


def _corners(part: Part) -> NDArray[np.float64]:
    """Points whose hull contains the piece, in its own frame [m]. Shape (k, 3)."""
    shape = part.shape
    match shape:
        case Box():
            signs = np.array(np.meshgrid([-1, 1], [-1, 1], [-1, 1])).reshape(3, -1).T
            corners: NDArray[np.float64] = signs * np.array(shape.size) / 2
            return corners
        case Mesh():
            return np.array(shape.vertices)
        case Cylinder():
            half = shape.height / 2
        case Sphere():
            half = shape.radius
    angles = np.arange(ROUND_CORNERS) * 2 * math.pi / ROUND_CORNERS
    ring = shape.radius / math.cos(math.pi / ROUND_CORNERS) * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return np.concatenate([np.column_stack([ring, np.full(len(ring), z)]) for z in (-half, half)])


def free_distance(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Distance of two convex outlines [m]; where they overlap, minus the least shift that parts them. Shapes (k, 2), (n, 2)."""
    apart = max(_largest_gap(first, second), _largest_gap(second, first))
    if apart <= 0:
        return apart
    return min(_to_edges(first, second), _to_edges(second, first))


def _largest_gap(edges_of: NDArray[np.float64], points: NDArray[np.float64]) -> float:
    """The widest gap that an edge line of the one leaves to the other (separating axis theorem) [m]."""
    edges = np.roll(edges_of, -1, axis=0) - edges_of
    normals = np.column_stack([edges[:, 1], -edges[:, 0]]) / np.linalg.norm(edges, axis=1, keepdims=True)
    gaps = (points @ normals.T).min(axis=0) - np.einsum("ij,ij->i", edges_of, normals)
    return float(gaps.max())


def _to_edges(points: NDArray[np.float64], polygon: NDArray[np.float64]) -> float:
    """Least distance of points to a polygon's edges [m]."""
    edges = np.roll(polygon, -1, axis=0) - polygon
    offsets = points[:, None, :] - polygon[None]
    share = np.clip((offsets * edges).sum(axis=-1) / (edges * edges).sum(axis=-1), 0.0, 1.0)
    return float(np.linalg.norm(offsets - share[..., None] * edges, axis=-1).min())
