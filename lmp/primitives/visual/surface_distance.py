"""Distances of points from the surfaces of objects, to tell which object a lifted pixel shows."""

from __future__ import annotations

from typing import assert_never

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

from lmp.schema.scene import SceneObject
from lmp.schema.shape import Box, Cylinder, Mesh, Part, Sphere, solid_parts

Array = NDArray[np.float64]


def surface_distances(thing: SceneObject, points: Array) -> Array:
    """Distances of world points to the nearest surface of any piece of an object [m]. Shape (n, 3) to (n,).

    Exact for boxes, cylinders and balls; beside the edges of a mesh a lower bound.
    """
    local = thing.pose.inverse().apply(points)
    pieces = [np.abs(_signed(part, part.pose.inverse().apply(local))) for part in solid_parts(thing.shape)]
    least: Array = np.min(pieces, axis=0)
    return least


def _signed(part: Part, points: Array) -> Array:
    """Signed distances, negative inside [m]. Shape (n, 3) to (n,)."""
    match part.shape:
        case Box(size=size):
            return _of_excess(np.abs(points) - np.array(size) / 2)
        case Cylinder(radius=radius, height=height):
            across = np.hypot(points[:, 0], points[:, 1]) - radius
            return _of_excess(np.column_stack([across, np.abs(points[:, 2]) - height / 2]))
        case Sphere(radius=radius):
            return _of_excess(np.linalg.norm(points, axis=1, keepdims=True) - radius)
        case Mesh(vertices=vertices):
            planes = ConvexHull(np.array(vertices)).equations
            highest: Array = (points @ planes[:, :3].T + planes[:, 3]).max(axis=1)
            return highest
        case other:
            assert_never(other)


def _of_excess(excess: Array) -> Array:
    """Signed distance from how far a point is beyond each pair of faces [m]. Shape (n, k) to (n,)."""
    inside = np.minimum(excess.max(axis=1), 0.0)
    distance: Array = np.linalg.norm(np.maximum(excess, 0.0), axis=1) + inside
    return distance
