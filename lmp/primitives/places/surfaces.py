"""Surfaces that objects can stand on: furniture, flat tops, floors of containers; where there is no furniture, the ground."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, QhullError

from lmp.primitives.places.footprints import Prism, corners
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.shape import Articulated, Cavity, solid_parts

Array = NDArray[np.float64]

FLAT = 0.0015
"""Points within this height of the top belong to a flat top, of the bottom to the base [m]."""
TIPPED = 0.3
"""Tilt from which on nothing is put into a hollow [rad]."""
COVER = 0.002
"""How far over the floor of a hollow another part has to reach to be in the way [m]."""
LEAST = 0.01
"""Least edge of what can be reached of a hollow [m]."""
REST_GAP = 0.01
"""Largest gap between an underside and what it stands on [m]."""
GROUND = "floor"
"""Owner of the ground in a scene without furniture."""


@dataclass(frozen=True)
class Surface:
    """A level area.

    Attributes:
        owner: Name of the object that it belongs to.
        area: Its outline; bottom and top are its height.
        rim: Height of the walls around it [m]; None where it is open to the sides.
        floor: True for ground that is larger than what stands on it, so that objects need not balance on it.
    """

    owner: str
    area: Prism
    rim: float | None = None
    floor: bool = False

    @property
    def height(self) -> float:
        """Height in the world [m]."""
        return self.area.top


def grounds(scene: Scene) -> tuple[Surface, ...]:
    """The tops of the furniture, as far as they are in the workspace; without furniture, the workspace's lower side."""
    if not scene.supports:
        height = scene.workspace.floor
        return (Surface(GROUND, Prism(GROUND, scene.workspace.corners, height, height), floor=True),)
    tops = (top_of(support, scene) for support in scene.supports)
    return tuple(top for top in tops if top is not None)


def ground(scene: Scene, point: Array) -> Surface:
    """The ground at a point: the highest that is there; the nearest where there is none. Shape (2,) or more."""
    here = point[:2]
    found = grounds(scene)
    if not found:
        corners_of, height = scene.workspace.corners, scene.workspace.floor
        return Surface(GROUND, Prism(GROUND, corners_of, height, height), floor=True)
    return max(found, key=lambda top: (min(top.area.depth(here), 0.0), top.height))


def top_of(support: SceneObject, scene: Scene) -> Surface | None:
    """The surface that objects stand on when they are on an object: its flat top or its floor; None where it has neither.

    Furniture reaches as far as the workspace does, and nothing has to balance on it.
    """
    if support.cavity is not None and not isinstance(support.shape, Articulated):
        return floor_of(support)
    points = np.concatenate([corners(part, support.pose.matrix) for part in solid_parts(support.shape)])
    height = float(points[:, 2].max())
    polygon = flat_outline(points, height)
    if polygon is not None and support.role == "support":
        polygon = _clipped(polygon, scene.workspace.corners)
    if polygon is None:
        return None
    return Surface(support.name, Prism(support.name, polygon, height, height), floor=support.role == "support")


def _clipped(polygon: Array, window: Array) -> Array | None:
    """Intersection of two convex outlines, counter-clockwise (Sutherland and Hodgman, 1974); None where that is nothing."""
    for start, end in zip(window, np.roll(window, -1, axis=0), strict=True):
        edge = end - start
        sides = edge[0] * (polygon[:, 1] - start[1]) - edge[1] * (polygon[:, 0] - start[0])
        kept: list[Array] = []
        for index, (here, side) in enumerate(zip(polygon, sides, strict=True)):
            other, beyond = polygon[index - 1], sides[index - 1]
            if (side >= 0.0) != (beyond >= 0.0):
                kept.append(other + (here - other) * beyond / (beyond - side))
            if side >= 0.0:
                kept.append(here)
        if len(kept) < 3:
            return None
        polygon = np.array(kept)
    distinct = np.linalg.norm(polygon - np.roll(polygon, 1, axis=0), axis=1) > 1e-9
    return polygon[distinct] if int(distinct.sum()) >= 3 else None


def floor_of(container: SceneObject) -> Surface | None:
    """The floor of an upright container, of several hollows the one with the most room; None where there is none to reach."""
    floors = floors_of(container)
    return max(floors, key=lambda surface: _area(surface.area.polygon), default=None)


def floors_of(container: SceneObject) -> list[Surface]:
    """The floors of all its upright hollows, as far as no other part of it is above them: of drawers, what is out."""
    found = []
    for cavity, frame in container.hollows:
        if math.acos(min(1.0, float(frame.rotation[2, 2]))) > TIPPED:
            continue
        if cavity.round:
            angles = 2 * np.pi * np.arange(24) / 24
            local = cavity.half_x * np.column_stack([np.cos(angles), np.sin(angles)])
        else:
            (a, b), (c, d) = _uncovered(container, cavity, frame)
            if b - a < LEAST or d - c < LEAST:
                continue
            local = np.array([[a, c], [b, c], [b, d], [a, d]])
        world = frame.apply(np.column_stack([local, np.full(len(local), cavity.floor)]))
        middle = frame.apply(np.array([[0.0, 0.0, cavity.floor], [0.0, 0.0, cavity.rim]]))
        height, rim = float(middle[0, 2]), float(middle[1, 2])
        found.append(Surface(container.name, Prism(container.name, world[:, :2], height, height), rim, floor=True))
    return found


def _uncovered(container: SceneObject, cavity: Cavity, frame: Pose) -> tuple[tuple[float, float], tuple[float, float]]:
    """Area of a rectangular hollow that no other part is above, as ranges along x and y of its frame [m].

    What covers it takes away a side of the rectangle, that which leaves the most.
    """
    x, y = (-cavity.half_x, cavity.half_x), (-cavity.half_y, cavity.half_y)
    shape = container.shape
    if not isinstance(shape, Articulated):
        return x, y
    T_hollow_object = (frame.inverse() @ container.pose).matrix
    others = [piece for part in shape.parts if part.name != cavity.part for piece in shape.pieces_of(part.name)]
    for piece in others:
        points = corners(piece, T_hollow_object)
        (a, c, _), (b, d, top) = points.min(axis=0), points.max(axis=0)
        if top <= cavity.floor + COVER or a >= x[1] or b <= x[0] or c >= y[1] or d <= y[0]:
            continue
        left = [((x[0], a), y), ((b, x[1]), y), (x, (y[0], c)), (x, (d, y[1]))]
        x, y = max(left, key=lambda ranges: max(0.0, ranges[0][1] - ranges[0][0]) * max(0.0, ranges[1][1] - ranges[1][0]))
    return x, y


def _area(polygon: Array) -> float:
    x, y = polygon.T
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2


def below(thing: SceneObject, scene: Scene) -> Surface:
    """The surface that an object stands on; the ground where nothing else is right under it."""
    bottom, best = -thing.extent(np.array([0.0, 0.0, -1.0])), None
    for other in scene.objects:
        if other.name == thing.name:
            continue
        jointed = isinstance(other.shape, Articulated)
        for surface in (top_of(other, scene), *(floors_of(other) if jointed else ())):
            if surface is None or surface.area.depth(thing.centre[:2]) < 0:
                continue
            if abs(bottom - surface.height) <= REST_GAP and (best is None or surface.height > best.height - 1e-6):
                best = surface
    return ground(scene, thing.centre) if best is None else best


def flat_outline(points: Array, height: float) -> Array | None:
    """Convex outline of the points at a height; None where they span no area. Shapes (n, 3) to (m, 2)."""
    level = points[np.abs(points[:, 2] - height) < FLAT, :2]
    if len(level) < 3:
        return None
    try:
        hull: Array = level[ConvexHull(level).vertices]
    except QhullError:
        return None
    return hull
