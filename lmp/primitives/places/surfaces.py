"""What things can stand on: flat tops, floors of containers, the table."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, QhullError

from lmp.primitives.places.footprints import Prism, corners, rectangle
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.shape import solid_parts

Array = NDArray[np.float64]

FLAT = 0.0015
"""Points within this height of the top belong to a flat top, of the bottom to the base [m]."""
REST_GAP = 0.01
"""Largest gap between an underside and what it stands on [m]."""


@dataclass(frozen=True)
class Surface:
    """A level area.

    Attributes:
        owner: Name of the object that it belongs to.
        area: Its outline; bottom and top are its height.
        rim: Height of the walls around it [m]; None where it is open to the sides.
        floor: True for ground that is larger than what stands on it, so that things need not balance on it.
    """

    owner: str
    area: Prism
    rim: float | None = None
    floor: bool = False

    @property
    def height(self) -> float:
        """Height in the world [m]."""
        return self.area.top


def ground(scene: Scene) -> Surface:
    """The table within the workspace; the plane z = 0 in a scene without a table."""
    lower, upper = np.array(scene.workspace.lower), np.array(scene.workspace.upper)
    owner, height = "table", 0.0
    for thing in scene.objects:
        if thing.category == "table":
            low, high = thing.bounds
            owner, height = thing.name, float(high[2])
            lower, upper = np.maximum(lower, low), np.minimum(upper, high)
    size = np.maximum(upper - lower, 1e-3)
    area = rectangle(owner, (lower[:2] + upper[:2]) / 2, 0.0, (float(size[0]), float(size[1])), height, height)
    return Surface(owner, area, floor=True)


def top_of(support: SceneObject, scene: Scene) -> Surface | None:
    """The surface that things stand on when they are on an object: its flat top or its floor; None where it has neither."""
    base = ground(scene)
    if support.name == base.owner:
        return base
    if support.cavity is not None:
        return floor_of(support)
    points = np.concatenate([corners(part, support.pose.matrix) for part in solid_parts(support.shape)])
    height = float(points[:, 2].max())
    polygon = flat_outline(points, height)
    return None if polygon is None else Surface(support.name, Prism(support.name, polygon, height, height))


def floor_of(container: SceneObject) -> Surface | None:
    """The floor of an upright container, None where it has no hollow or lies on its side."""
    cavity = container.cavity
    if cavity is None or container.tilt > 0.3:
        return None
    if cavity.round:
        angles = 2 * np.pi * np.arange(24) / 24
        local = cavity.half_x * np.column_stack([np.cos(angles), np.sin(angles)])
    else:
        x, y = cavity.half_x, cavity.half_y
        local = np.array([[-x, -y], [x, -y], [x, y], [-x, y]])
    world = container.pose.apply(np.column_stack([local, np.full(len(local), cavity.floor)]))
    middle = container.pose.apply(np.array([[0.0, 0.0, cavity.floor], [0.0, 0.0, cavity.rim]]))
    height, rim = float(middle[0, 2]), float(middle[1, 2])
    return Surface(container.name, Prism(container.name, world[:, :2], height, height), rim, floor=True)


def below(thing: SceneObject, scene: Scene) -> Surface:
    """The surface that an object stands on; the ground where nothing else is right under it."""
    low, _ = thing.bounds
    best = ground(scene)
    for other in scene.objects:
        surface = None if other.name == thing.name else top_of(other, scene)
        if surface is None or surface.area.depth(thing.centre[:2]) < 0:
            continue
        if abs(low[2] - surface.height) <= REST_GAP and surface.height > best.height - 1e-6:
            best = surface
    return best


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


def is_level(rotation: Array, slope: float = math.radians(12)) -> bool:
    """Whether one of a frame's axes is vertical to within a slope [rad]. Shape (3, 3)."""
    return bool(np.abs(rotation[2]).max() > math.cos(slope))
