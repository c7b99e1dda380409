"""Ready-made shapes as convex parts with a true hollow, so that objects really go inside.

Round walls are rings of flat boxes: their inner faces touch the inscribed circle of the hollow, their edges overlap.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import assert_never

from lmp.errors import SetupFault, did_you_mean
from lmp.schema.pose import Pose
from lmp.schema.ready_shape import Bowl, Button, Door, DrawerCabinet, HingedBox, Knob, Mug, Switch, Tray
from lmp.schema.scene import SceneObject
from lmp.schema.scene_file import ObjectSpec, Place
from lmp.schema.shape import Articulated, Box, Cavity, Compound, Cylinder, Mesh, Part, Sphere
from lmp.sims.scenes.built_shape import BuiltShape, JointCost

BOWL_SEGMENTS = 24
MUG_SEGMENTS = 16


def build_shape(spec: ObjectSpec) -> BuiltShape:
    """The object's shape as convex parts, its joints where they start, its hollows and handles, in its frame.

    A joint with a range of starts is at the range's middle; `lmp.sims.scenes.placement` draws from it.

    Raises:
        SetupFault: It names joints that the shape does not have, or positions that are outside of their ranges.
    """
    built = unstarted(spec)
    if complaints := joint_complaints(spec, built):
        raise SetupFault(f"Object {spec.name!r}: {' '.join(complaints)}")
    if not isinstance(built.shape, Articulated):
        return built
    starts: dict[str, float | None] = {}
    costs = dict(built.costs)
    for joint in built.shape.joints:
        given, cost = spec.joints.get(joint.name), built.costs.get(joint.name, JointCost())
        nearest = min(max(0.0, joint.lower), joint.upper)
        own = nearest if joint.value is None else joint.value
        starts[joint.name] = own if given is None or given.value is None else sum(given.value) / 2
        changes = {} if given is None else given.model_dump(include={"friction", "spring", "rests"}, exclude_none=True)
        costs[joint.name] = replace(cost, **changes)
    return replace(built, shape=built.shape.with_values(starts), costs=costs)


def joint_complaints(spec: ObjectSpec, built: BuiltShape) -> list[str]:
    """Tell what is wrong with the joints that an object's specification tells of, one sentence each."""
    joints = {joint.name: joint for joint in built.shape.joints} if isinstance(built.shape, Articulated) else {}
    known = f"Known: {', '.join(joints)}." if joints else "It has no joints."
    complaints = [
        f"joints.{name}: there is no such joint.{did_you_mean(name, joints)} {known}"
        for name in spec.joints
        if name not in joints
    ]
    for name, joint in joints.items():
        given = spec.joints.get(name)
        for key, positions in () if given is None else (("value", given.value), ("rests", given.rests)):
            complaints += [
                f"joints.{name}.{key}: {position:g} {joint.unit} is outside of its range, {joint.lower:g} to {joint.upper:g}."
                for position in positions or ()
                if not joint.lower <= position <= joint.upper
            ]
    return complaints


def built_object(spec: ObjectSpec, pose: Pose, built: BuiltShape) -> SceneObject:
    """An object as its specification tells, at a place."""
    return SceneObject(
        name=spec.name,
        category=spec.category,
        colour=spec.colour,
        pose=pose,
        shape=built.shape,
        cavities=built.cavities,
        handles=built.handles,
        role=spec.role,
    )


def hollow_complaint(place: Place, built: BuiltShape) -> str:
    """Tell what is wrong with the hollow that a place names of its support; empty where nothing is."""
    names = [cavity.name for cavity in built.cavities]
    if place.cavity is None or place.cavity in names:
        return ""
    known = f"Known: {', '.join(names)}" if names else "It has none"
    return f"{place.on!r} has no hollow {place.cavity!r}.{did_you_mean(place.cavity, names)} {known}."


def unstarted(spec: ObjectSpec) -> BuiltShape:
    """The object's shape with its joints as the shape has them, not where the specification lets them start."""
    match spec.shape:
        case Bowl():
            return _bowl(spec.shape)
        case Mug():
            return _mug(spec.shape)
        case Tray():
            return _tray(spec.shape)
        case DrawerCabinet() | HingedBox() | Door() | Button() | Switch() | Knob():
            from lmp.sims.scenes.jointed_shapes import build_jointed  # Most scenes have nothing with joints.

            return build_jointed(spec.shape)
        case Box() | Cylinder() | Sphere() | Mesh() | Compound() | Articulated():
            return BuiltShape(spec.shape, spec.cavities, spec.handles)
        case _:
            assert_never(spec.shape)


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


def _bowl(bowl: Bowl) -> BuiltShape:
    low, high = -bowl.height / 2 + bowl.wall, bowl.height / 2
    ring = _ring(bowl.inner_radius, low, high, bowl.wall, bowl.lean, BOWL_SEGMENTS)
    parts = (_floor(bowl.inner_radius + bowl.wall, bowl.height, bowl.wall), *ring)
    radius = bowl.inner_radius
    return BuiltShape(Compound(parts=parts), (Cavity(round=True, half_x=radius, half_y=radius, floor=low, rim=high),))


def _mug(mug: Mug) -> BuiltShape:
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
    return BuiltShape(Compound(parts=tuple(parts)), (Cavity(round=True, half_x=radius, half_y=radius, floor=low, rim=high),))


def _tray(tray: Tray) -> BuiltShape:
    (x, y), wall = tray.inner_size, tray.wall
    low, high = -tray.height / 2 + wall, tray.height / 2
    floor = Box(size=(x + 2 * wall, y + 2 * wall, wall))
    middle, rise = (low + high) / 2, high - low
    parts = [Part(pose=Pose(position=(0.0, 0.0, low - wall / 2)), shape=floor)]
    for side in (-1.0, 1.0):
        along_y, along_x = Box(size=(wall, y + 2 * wall, rise)), Box(size=(x, wall, rise))
        parts.append(Part(pose=Pose(position=(side * (x + wall) / 2, 0.0, middle)), shape=along_y))
        parts.append(Part(pose=Pose(position=(0.0, side * (y + wall) / 2, middle)), shape=along_x))
    return BuiltShape(Compound(parts=tuple(parts)), (Cavity(round=False, half_x=x / 2, half_y=y / 2, floor=low, rim=high),))
