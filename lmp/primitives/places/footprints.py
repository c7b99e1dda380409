"""Outlines of objects seen from above, and the free distance between them.

Each convex piece of an object becomes an upright prism: the convex outline of its projection, and the heights between which
it lies. That is exact for upright boxes and errs to the safe side elsewhere. It serves to rank grasps and to find free
places; the collision check decides.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

from lmp.primitives.kernels.polygons import polygon_gap, polygon_gaps
from lmp.schema.pose import Pose
from lmp.schema.scene import SceneObject
from lmp.schema.shape import Box, Cylinder, Mesh, Part, Shape, Sphere, solid_parts

_SIDES = 24
_UPRIGHT = 1e-3
_SIGNS = np.array([[x, y, z] for x in (-1.0, 1.0) for y in (-1.0, 1.0) for z in (-1.0, 1.0)])

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Prism:
    """An upright prism.

    Attributes:
        owner: Name of the object that it belongs to.
        polygon: Convex outline, counter-clockwise [m]. Shape (n, 2).
        bottom, top: Heights of its ends [m].
    """

    owner: str
    polygon: Array
    bottom: float
    top: float

    @cached_property
    def normals(self) -> Array:
        """Outward unit normals of the edges. Shape (n, 2)."""
        edges = np.roll(self.polygon, -1, axis=0) - self.polygon
        normals = np.stack([edges[:, 1], -edges[:, 0]], axis=1)
        unit: Array = normals / np.linalg.norm(normals, axis=1, keepdims=True)
        return unit

    def __post_init__(self) -> None:
        object.__setattr__(self, "polygon", np.ascontiguousarray(self.polygon, dtype=np.float64))

    @cached_property
    def middle(self) -> tuple[float, float]:
        """Middle of the outline's box, x and y [m]."""
        xs, ys = self.polygon.T.tolist()
        return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2

    @cached_property
    def centre(self) -> Array:
        """`middle` as an array [m]. Shape (2,)."""
        return np.array(self.middle)

    @cached_property
    def radius(self) -> float:
        """Radius of a circle about `middle` that holds the outline [m]."""
        return max(math.dist(self.middle, corner) for corner in self.polygon.tolist())

    def depth(self, point: Array) -> float:
        """Distance of a point to the nearest edge, positive inside [m]. Shape (2,)."""
        return float(((self.polygon - point) * self.normals).sum(axis=1).min())

    def depths(self, points: Array) -> Array:
        """`depth` of many points [m]. Shape (n, 2) to (n,)."""
        reach = (self.polygon * self.normals).sum(axis=1)
        depths: Array = (reach - points @ self.normals.T).min(axis=1)
        return depths

    def moved(self, offset: Array) -> Prism:
        """The same prism elsewhere; offset x, y [m]. Shape (2,)."""
        return Prism(self.owner, self.polygon + offset, self.bottom, self.top)


def gap(first: Prism, second: Prism) -> float:
    """Free horizontal distance of two outlines [m]; negative is the least overlap (separating-axis theorem).

    It is the widest separation along an edge normal, which no true distance is smaller than.
    """
    return polygon_gap(first.polygon, second.polygon)


class Outlines:
    """The outlines of many prisms, packed to be asked together; `near` takes them like a list of prisms."""

    def __init__(self, members: Iterable[Prism]):
        self.members = tuple(members)
        counts = [len(prism.polygon) for prism in self.members]
        self._corners = np.concatenate([np.empty((0, 2)), *(prism.polygon for prism in self.members)])
        self._starts = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]).astype(np.int64)
        self._balls = np.array([(*prism.middle, prism.radius) for prism in self.members]).reshape(-1, 3)

    def gaps(self, prism: Prism, distance: float) -> list[tuple[float, Prism]]:
        """The prisms whose outlines are nearer than `distance` [m], each with its gap."""
        gaps = np.empty(len(self.members))
        if not polygon_gaps(prism.polygon, self._corners, self._starts, self._balls, distance, gaps):
            return []
        return [(float(gaps[index]), self.members[index]) for index in np.flatnonzero(gaps < distance)]


def near(prism: Prism, others: Iterable[Prism] | Outlines, distance: float) -> list[tuple[float, Prism]]:
    """The prisms whose outlines are nearer than `distance` [m], each with its gap."""
    if isinstance(others, Outlines):
        return others.gaps(prism, distance)
    found = []
    (x, y), reach = prism.middle, prism.radius + distance
    for other in others:
        there = other.middle
        if math.hypot(there[0] - x, there[1] - y) < other.radius + reach:
            space = gap(prism, other)
            if space < distance:
                found.append((space, other))
    return found


def prisms(thing: SceneObject) -> tuple[Prism, ...]:
    """One prism for each convex piece of the object, where it is now."""
    return _prisms(thing.name, thing.shape, thing.pose)


@lru_cache(maxsize=1024)
def _prisms(name: str, shape: Shape, pose: Pose) -> tuple[Prism, ...]:
    """The prisms of an object at a place; most objects stand still from one question to the next."""
    T_world_object = pose.matrix
    return tuple(_prism(name, part, T_world_object) for part in solid_parts(shape))


def outline(thing: SceneObject) -> Prism:
    """One prism around the whole object: the convex outline of all its pieces."""
    pieces = prisms(thing)
    if len(pieces) == 1:
        return pieces[0]
    points = np.concatenate([piece.polygon for piece in pieces])
    return Prism(thing.name, _hull(points), min(piece.bottom for piece in pieces), max(piece.top for piece in pieces))


def above(points: Array, height: float) -> Array:
    """Points whose convex hull is the part of a convex hull above a height [m]. Shape (n, 3) to (m, 3).

    Between every corner below and every corner above lies one point of the cut; those inside do no harm.
    """
    high = points[:, 2] >= height
    low_points, high_points = points[~high], points[high]
    if not len(low_points) or not len(high_points):
        return points
    rises = high_points[None, :, 2] - low_points[:, None, 2]
    shares = (height - low_points[:, None, 2]) / rises
    cut = low_points[:, None] + shares[..., None] * (high_points[None] - low_points[:, None])
    result: Array = np.concatenate([high_points, cut.reshape(-1, 3)])
    return result


def prism_above(owner: str, part: Part, T_world_object: Array, height: float) -> Prism:
    """The prism around the part of a piece above a height [m]; around the whole piece where it is lower."""
    points = corners(part, T_world_object)
    if points[:, 2].max() < height + 1e-3 or points[:, 2].min() >= height:
        return _prism(owner, part, T_world_object)
    points = above(points, height)
    return Prism(owner, _hull(points[:, :2]), height, float(points[:, 2].max()))


def rectangle(owner: str, centre: Array, yaw: float, size: tuple[float, float], bottom: float, top: float) -> Prism:
    """A prism over a rectangle that is turned by `yaw` [rad]; size along its own x and y [m]."""
    x, y = size[0] / 2, size[1] / 2
    corners = np.array([[-x, -y], [x, -y], [x, y], [-x, y]])
    c, s = math.cos(yaw), math.sin(yaw)
    return Prism(owner, corners @ np.array([[c, s], [-s, c]]) + centre, bottom, top)


def corners(part: Part, T_world_object: Array) -> Array:
    """Points in the world whose convex hull is the piece, or just holds it where it is round [m]. Shape (n, 3)."""
    match part.shape:
        case Box(size=size):
            local = _SIGNS * np.array(size) / 2
        case Cylinder(radius=radius, height=height):
            ring = _circle(radius)
            local = np.concatenate([np.column_stack([ring, np.full(_SIDES, z)]) for z in (-height / 2, height / 2)])
        case Mesh(vertices=vertices):
            local = np.array(vertices)
        case Sphere(radius=radius):
            ring = _circle(radius)
            local = np.concatenate([np.column_stack([ring, np.zeros(_SIDES)]), [[0, 0, radius], [0, 0, -radius]]])
            local = local @ T_world_object[:3, :3]  # the ring lies level in the world, whichever way the ball has rolled
            return local @ T_world_object[:3, :3].T + (T_world_object @ part.pose.matrix)[:3, 3]
    T_world_part = T_world_object @ part.pose.matrix
    world: Array = local @ T_world_part[:3, :3].T + T_world_part[:3, 3]
    return world


def _circle(radius: float) -> Array:
    """A regular polygon around a circle. Shape (_SIDES, 2)."""
    angles = 2 * np.pi * np.arange(_SIDES) / _SIDES
    reach = radius / math.cos(math.pi / _SIDES)
    return np.column_stack([np.cos(angles), np.sin(angles)]) * reach


def _prism(owner: str, part: Part, T_world_object: Array) -> Prism:
    points = corners(part, T_world_object)
    upright = abs((T_world_object @ part.pose.matrix)[2, 2]) > 1 - _UPRIGHT**2 / 2
    if upright and isinstance(part.shape, Cylinder):
        polygon = _counter_clockwise(points[:_SIDES, :2])
    elif upright and isinstance(part.shape, Box):
        polygon = _counter_clockwise(points[[0, 4, 6, 2], :2])
    else:
        polygon = _hull(points[:, :2])
    return Prism(owner, polygon, float(points[:, 2].min()), float(points[:, 2].max()))


def _counter_clockwise(polygon: Array) -> Array:
    x, y = (polygon - polygon[0]).T
    area = float(x[:-1] @ y[1:] - y[:-1] @ x[1:])
    return polygon if area > 0 else polygon[::-1]


def _hull(points: Array) -> Array:
    hull: Array = points[ConvexHull(points).vertices]
    return hull
