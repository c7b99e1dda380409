"""Ready-made shapes as convex parts with a true hollow, so that things really go inside.

Round walls are rings of flat boxes: their inner faces touch the inscribed circle of the hollow, their edges overlap.
"""

from __future__ import annotations

import math
from typing import assert_never

from lmp.schema.pose import Pose
from lmp.schema.ready_shape import Bowl, Mug, Tray
from lmp.schema.scene_file import ObjectSpec
from lmp.schema.shape import Box, Cavity, Compound, Cylinder, Mesh, Part, Shape, Sphere

BOWL_SEGMENTS = 24
MUG_SEGMENTS = 16


def build_shape(thing: ObjectSpec) -> tuple[Shape, Cavity | None]:
    """The object's shape as convex parts, and its hollow if it has one, both in the object's frame."""
    match thing.shape:
        case Bowl():
            return _bowl(thing.shape)
        case Mug():
            return _mug(thing.shape)
        case Tray():
            return _tray(thing.shape)
        case Box() | Cylinder() | Sphere() | Mesh() | Compound():
            return thing.shape, thing.cavity
        case _:
            assert_never(thing.shape)


def _ring(inner_radius: float, low: float, high: float, wall: float, lean: float, segments: int) -> list[Part]:
    """A wall whose inner face starts at `inner_radius` at height `low` and leans outwards by `lean` [rad]."""
    length = (high - low) / math.cos(lean)
    radius = inner_radius + wall / 2 * math.cos(lean) + length / 2 * math.sin(lean)
    z = low - wall / 2 * math.sin(lean) + length / 2 * math.cos(lean)
    outermost = inner_radius + length * math.sin(lean) + wall * math.cos(lean)
    box = Box(size=(wall, 2 * outermost * math.tan(math.pi / segments), length))
    parts = []
    for index in range(segments):
        angle = 2 * math.pi * index / segments
        T_axis_wall = Pose(position=(radius, 0.0, z), quat_xyzw=(0.0, math.sin(lean / 2), 0.0, math.cos(lean / 2)))
        parts.append(Part(pose=Pose.from_yaw((0.0, 0.0, 0.0), angle) @ T_axis_wall, shape=box))
    return parts


def _floor(radius: float, height: float, wall: float) -> Part:
    return Part(pose=Pose(position=(0.0, 0.0, -height / 2 + wall / 2)), shape=Cylinder(radius=radius, height=wall))


def _bowl(bowl: Bowl) -> tuple[Shape, Cavity]:
    low, high = -bowl.height / 2 + bowl.wall, bowl.height / 2
    ring = _ring(bowl.inner_radius, low, high, bowl.wall, bowl.lean, BOWL_SEGMENTS)
    parts = (_floor(bowl.inner_radius + bowl.wall, bowl.height, bowl.wall), *ring)
    radius = bowl.inner_radius
    return Compound(parts=parts), Cavity(round=True, half_x=radius, half_y=radius, floor=low, rim=high)


def _mug(mug: Mug) -> tuple[Shape, Cavity]:
    low, high = -mug.height / 2 + mug.wall, mug.height / 2
    outer = mug.inner_radius + mug.wall
    parts = [_floor(outer, mug.height, mug.wall), *_ring(mug.inner_radius, low, high, mug.wall, 0.0, MUG_SEGMENTS)]
    if mug.handle > 0:
        reach, grip = mug.handle + mug.wall / 2, mug.height / 2
        arm, upright = (reach, 2 * mug.wall, mug.wall), (mug.wall, 2 * mug.wall, grip)
        x, rise = outer - mug.wall / 2 + reach / 2, grip / 2 - mug.wall / 2
        parts.extend(Part(pose=Pose(position=(x, 0.0, z)), shape=Box(size=arm)) for z in (-rise, rise))
        parts.append(Part(pose=Pose(position=(outer + mug.handle - mug.wall / 2, 0.0, 0.0)), shape=Box(size=upright)))
    radius = mug.inner_radius
    return Compound(parts=tuple(parts)), Cavity(round=True, half_x=radius, half_y=radius, floor=low, rim=high)


def _tray(tray: Tray) -> tuple[Shape, Cavity]:
    (x, y), wall = tray.inner_size, tray.wall
    low, high = -tray.height / 2 + wall, tray.height / 2
    floor = Box(size=(x + 2 * wall, y + 2 * wall, wall))
    middle, rise = (low + high) / 2, high - low
    parts = [Part(pose=Pose(position=(0.0, 0.0, low - wall / 2)), shape=floor)]
    for side in (-1.0, 1.0):
        along_y, along_x = Box(size=(wall, y + 2 * wall, rise)), Box(size=(x, wall, rise))
        parts.append(Part(pose=Pose(position=(side * (x + wall) / 2, 0.0, middle)), shape=along_y))
        parts.append(Part(pose=Pose(position=(0.0, side * (y + wall) / 2, middle)), shape=along_x))
    return Compound(parts=tuple(parts)), Cavity(round=False, half_x=x / 2, half_y=y / 2, floor=low, rim=high)
