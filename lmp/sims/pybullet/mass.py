"""Centre of mass and inertia of a body of uniform density, from its convex parts."""

from __future__ import annotations

from typing import assert_never

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

from lmp.schema.shape import Box, Cylinder, Mesh, Shape, Sphere, solid_parts


def mass_properties(shape: Shape, mass: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Centre of mass [m] and inertia about it [kg m^2], both in the object's frame. Shapes (3,), (3, 3).

    Parts that overlap count twice there, which for the walls of a ring is a small matter.
    """
    volumes, centres, inertias = [], [], []
    for part in solid_parts(shape):
        volume, centre, inertia = _piece(part.shape)
        rotation = part.pose.rotation
        volumes.append(volume)
        centres.append(part.pose.apply(centre))
        inertias.append(rotation @ inertia @ rotation.T)
    weights = np.array(volumes) / sum(volumes)
    middle = weights @ np.array(centres)
    total = np.zeros((3, 3))
    for weight, centre, inertia in zip(weights, centres, inertias, strict=True):
        offset = centre - middle
        total += weight * (inertia + offset @ offset * np.eye(3) - np.outer(offset, offset))
    return middle, mass * total


def volume(shape: Shape) -> float:
    """Volume of its convex parts, what overlaps counted twice [m^3]."""
    return sum(_piece(part.shape)[0] for part in solid_parts(shape))


def _piece(shape: Box | Cylinder | Sphere | Mesh) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """Volume [m^3], centre [m] and inertia about the centre for a mass of one [m^2]."""
    match shape:
        case Box():
            squares = np.array(shape.size) ** 2
            return float(np.prod(shape.size)), np.zeros(3), np.diag(squares.sum() - squares) / 12
        case Cylinder():
            r, h = shape.radius, shape.height
            across = (3 * r * r + h * h) / 12
            return np.pi * r * r * h, np.zeros(3), np.diag([across, across, r * r / 2])
        case Sphere():
            r = shape.radius
            return 4 / 3 * np.pi * r**3, np.zeros(3), 0.4 * r * r * np.eye(3)
        case Mesh():
            return _hull(np.array(shape.vertices))
        case _:
            assert_never(shape)


def _hull(points: NDArray[np.float64]) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """A convex hull as tetrahedra from an inner point (second moments: Tonon, J. Math. Stat. 1(1), 2004)."""
    hull = ConvexHull(points)
    inner = points[hull.vertices].mean(axis=0)
    corners = points[hull.simplices] - inner
    volumes = np.abs(np.linalg.det(corners)) / 6
    volume = float(volumes.sum())
    centroid = (volumes[:, None] * corners.sum(axis=1) / 4).sum(axis=0) / volume
    sums = corners.sum(axis=1)
    moments = np.einsum("nki,nkj->nij", corners, corners) + np.einsum("ni,nj->nij", sums, sums)
    second = np.einsum("n,nij->ij", volumes, moments) / (20 * volume) - np.outer(centroid, centroid)
    return volume, inner + centroid, np.trace(second) * np.eye(3) - second
