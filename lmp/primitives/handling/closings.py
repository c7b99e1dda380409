"""Places for two fingers to close on an object from above: pairs of opposite vertical faces, and how far apart they are."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

from lmp.primitives.places.footprints import above, corners
from lmp.schema.scene import SceneObject
from lmp.schema.shape import Box, Cylinder, Part, Sphere, solid_parts

Array = NDArray[np.float64]

_LEVEL = math.sin(math.radians(12))
"""Largest slope of faces that count as vertical: soft pads give way by as much."""
_ROUND_YAWS = 8
_LONG = 0.05
"""From this free length on, an object may be taken off its middle, too [m]."""
_FLAT = 0.001
PINCH = 0.02
"""How far down from its top a piece of a hollow object is pinched [m]; walls may lean."""


@dataclass(frozen=True)
class Closing:
    """A direction in which the fingers close on an object.

    Attributes:
        yaw: Heading of the direction in the world [rad], in [0, pi).
        middle: Point half way between the two faces [m]. Shape (2,).
        width: Distance of the two faces [m].
        bottom, top: Heights between which the faces lie [m].
        part: Index of the pinched piece; None where the fingers close around the whole object.
        what: The faces in words.
    """

    yaw: float
    middle: Array
    width: float
    bottom: float
    top: float
    part: int | None
    what: str

    @property
    def direction(self) -> Array:
        """Unit vector from finger to finger. Shape (2,)."""
        return np.array([math.cos(self.yaw), math.sin(self.yaw)])


def closings(thing: SceneObject, heading: float = 0.0) -> tuple[Closing, ...]:
    """All closings on an object where it is: on each convex piece, and around all pieces together.

    Args:
        thing: The object.
        heading: The first of the directions that are tried on what is round; the robot's, so that it works alike wherever it
            stands [rad].
    """
    parts = solid_parts(thing.shape)
    T_world_object = thing.pose.matrix
    found: list[Closing] = []
    for index, part in enumerate(parts):
        alone = len(parts) == 1
        found.extend(_on_part(part, T_world_object, None if alone else index, heading))
    if len(parts) > 1:
        points = np.concatenate([corners(part, T_world_object) for part in parts])
        found.extend(_around(points, None, "around it"))
    return tuple(found)


def width_between(thing: SceneObject, T_world_tool: Array) -> float:
    """Width of the object between the fingers of a gripper that holds it [m]: of the closing nearest to it. Shape (4, 4)."""
    axis, point = T_world_tool[:2, 1], T_world_tool[:2, 3]

    def distance(closing: Closing) -> float:
        turn = math.acos(min(1.0, abs(float(closing.direction @ axis))))
        return float(np.linalg.norm(closing.middle - point)) + 0.1 * turn

    return min(closings(thing), key=distance).width


def _on_part(part: Part, T_world_object: Array, index: int | None, heading: float) -> Iterator[Closing]:
    T_world_part = T_world_object @ part.pose.matrix
    points = corners(part, T_world_object)
    if index is not None:
        points = above(points, float(points[:, 2].max()) - PINCH)
    where = "" if index is None else f" of part {index}"
    match part.shape:
        case Box() if _stands(T_world_part):
            for axis in range(3):
                along = T_world_part[:, axis]
                if abs(along[2]) < _LEVEL:
                    yield from _slid(points, along[:2], index, f"{'xyz'[axis]} faces{where}")
        case Sphere(radius=radius):
            yield from _round(T_world_part[:2, 3], radius, points, index, f"ball{where}", heading)
        case Cylinder(radius=radius) if abs(T_world_part[2, 2]) > math.cos(math.asin(_LEVEL)):
            yield from _round(T_world_part[:2, 3], radius, points, index, f"round side{where}", heading)
        case Cylinder() if abs(T_world_part[2, 2]) < _LEVEL:
            axis_direction = T_world_part[:2, 2]
            across = np.array([-axis_direction[1], axis_direction[0]])
            yield from _slid(points, across, index, f"lying side{where}")
            yield from _slid(points, axis_direction, index, f"ends{where}")
        case _:
            yield from _around(points, index, f"hull{where}")


def _stands(T_world_part: Array) -> bool:
    """True if one of its axes is nearly vertical. Shape (4, 4)."""
    return bool(np.abs(T_world_part[2, :3]).max() > math.cos(math.asin(_LEVEL)))


def _heading(direction: Array) -> float:
    return math.atan2(direction[1], direction[0]) % math.pi


def _round(centre: Array, radius: float, points: Array, index: int | None, what: str, heading: float) -> Iterator[Closing]:
    low, high = float(points[:, 2].min()), float(points[:, 2].max())
    for step in range(_ROUND_YAWS):
        yield Closing((heading + math.pi * step / _ROUND_YAWS) % math.pi, centre, 2 * radius, low, high, index, what)


def _slid(points: Array, direction: Array, index: int | None, what: str) -> Iterator[Closing]:
    """A closing at the middle of two parallel faces and, where they are long, to both sides of it."""
    unit = direction / np.linalg.norm(direction)
    across = np.array([-unit[1], unit[0]])
    reach = points[:, :2] @ across
    half = float(reach.max() - reach.min()) / 2
    middle, width = _midpoint(points[:, :2], unit, across), float(np.ptp(points[:, :2] @ unit))
    low, high = float(points[:, 2].min()), float(points[:, 2].max())
    offsets = (0.0,) if 2 * half < _LONG else (0.0, half / 2, -half / 2)
    for offset in offsets:
        side = "" if offset == 0.0 else f", {abs(offset) * 1000:.0f} mm off the middle"
        yield Closing(_heading(unit), middle + offset * across, width, low, high, index, what + side)


def _midpoint(points: Array, unit: Array, across: Array) -> Array:
    along, sideways = points @ unit, points @ across
    middle: Array = unit * (along.max() + along.min()) / 2 + across * (sideways.max() + sideways.min()) / 2
    return middle


def _around(points: Array, index: int | None, what: str) -> Iterator[Closing]:
    """Closings on a convex hull: the widths of its outline are least at the normals of its edges (Toussaint, 1983).

    A width counts where the contacts on both sides face each other, so that the fingers do not turn the object.
    """
    flat = points[:, :2]
    polygon = flat[ConvexHull(flat).vertices]
    low, high = float(points[:, 2].min()), float(points[:, 2].max())
    seen: list[tuple[float, float]] = []
    for edge in np.roll(polygon, -1, axis=0) - polygon:
        length = float(np.linalg.norm(edge))
        if length < _FLAT:
            continue
        across = edge / length
        unit = np.array([across[1], -across[0]])
        along, sideways = polygon @ unit, polygon @ across
        far, near = sideways[along > along.max() - _FLAT], sideways[along < along.min() + _FLAT]
        start, end = max(far.min(), near.min()), min(far.max(), near.max())
        yaw, width = _heading(unit), float(along.max() - along.min())
        if start > end + _FLAT or any(abs(math.remainder(yaw - other, math.pi)) < 0.1 for other, _ in seen):
            continue
        seen.append((yaw, width))
        middle = unit * (along.max() + along.min()) / 2 + across * (start + end) / 2
        yield Closing(yaw, middle, width, low, high, index, what)
