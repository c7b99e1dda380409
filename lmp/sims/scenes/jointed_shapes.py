"""Ready-made shapes with joints: their parts with true walls and gaps, hollows, handles, and what moving them costs."""

from __future__ import annotations

import math
from typing import assert_never

from lmp.schema.pose import Pose
from lmp.schema.ready_shape import Button, Door, DrawerCabinet, HingedBox, JointedShape, Knob, Switch
from lmp.schema.shape import (
    Articulated,
    Box,
    Cavity,
    Compound,
    Cylinder,
    Handle,
    ObjectJoint,
    ObjectPart,
    Part,
    RigidShape,
)
from lmp.sims.scenes.built_shape import BuiltShape, JointCost

BAR = 0.01
"""Thickness of a handle bar and its posts [m]."""
SLIDING, TURNING = 1.0, 0.03
"""Friction of a drawer's runners [N] and of a hinge or a knob [N m]: small furniture stays where it is left."""


def build_jointed(shape: JointedShape) -> BuiltShape:
    """The parts of a ready-made shape with joints, all closed, let go or in the middle."""
    match shape:
        case DrawerCabinet():
            return _drawer_cabinet(shape)
        case HingedBox():
            return _hinged_box(shape)
        case Door():
            return _door(shape)
        case Button():
            return _button(shape)
        case Switch():
            return _switch(shape)
        case Knob():
            return _knob(shape)
        case _:
            assert_never(shape)


def _box(centre: tuple[float, float, float], size: tuple[float, float, float]) -> Part:
    return Part(pose=Pose(position=centre), shape=Box(size=size))


def _between(low: tuple[float, float, float], high: tuple[float, float, float]) -> Part:
    """The box between two corners."""
    (a, b, c), (d, e, f) = low, high
    return _box(((a + d) / 2, (b + e) / 2, (c + f) / 2), (d - a, e - b, f - c))


def _part(name: str, *pieces: Part, position: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> ObjectPart:
    shape: RigidShape = Compound(parts=pieces)
    return ObjectPart(name=name, pose=Pose(position=position), shape=shape)


def _drawer_cabinet(cabinet: DrawerCabinet) -> BuiltShape:
    (depth, width, height), wall, gap = cabinet.size, cabinet.wall, cabinet.gap
    x, y, z = depth / 2, width / 2, height / 2
    cell = (height - wall) / cabinet.drawers - wall
    carcass = [
        _between((-x, -y, -z), (x, y, -z + wall)),
        _between((x - wall, -y, -z + wall), (x, y, z)),
        *(_between((-x, side - wall / 2, -z + wall), (x - wall, side + wall / 2, z)) for side in (y - wall / 2, wall / 2 - y)),
    ]
    parts, joints, cavities, handles = [], [], [], []
    front, back, half, rise = -x, x - wall - gap, y - wall - gap, cell - 2 * gap
    for number, name in enumerate(cabinet.names):
        top = z - wall - number * (cell + wall)
        carcass.append(_between((-x, wall - y, top), (x - wall, y - wall, top + wall)))
        drawer, low = [], -rise / 2
        drawer.append(_between((front, -half, low), (front + wall, half, rise / 2)))
        drawer.append(_between((front + wall, -half, low), (back, half, low + wall)))
        rim = rise / 2 - min(0.15 * rise, 0.01)  # sides and back end a little lower than the front
        drawer.append(_between((back - wall, -half, low + wall), (back, half, rim)))
        for side in (-1.0, 1.0):
            a, b = sorted((side * half, side * (half - wall)))
            drawer.append(_between((front + wall, a, low + wall), (back - wall, b, rim)))
        if cabinet.handle > 0.0:
            bar, grip = _bar(cabinet.handle, front, min(0.5 * half, 0.06), name)
            drawer += bar
            handles.append(grip)
        parts.append(_part(name, *drawer, position=(0.0, 0.0, top - gap - rise / 2)))
        travel = 0.8 * (back - front) if cabinet.travel is None else cabinet.travel
        joints.append(
            ObjectJoint(
                name=name,
                kind="prismatic",
                parent="carcass",
                child=name,
                axis=(-1.0, 0.0, 0.0),
                lower=0.0,
                upper=travel,
                value=0.0,
            )
        )
        middle = Pose(position=((front + back) / 2, 0.0, 0.0))
        inside, across = (back - front) / 2 - wall, half - wall
        cavities.append(
            Cavity(name=name, part=name, pose=middle, round=False, half_x=inside, half_y=across, floor=low + wall, rim=rim)
        )
    shape = Articulated(parts=(_part("carcass", *carcass), *parts), joints=tuple(joints))
    costs = {name: JointCost(friction=SLIDING) for name in cabinet.names}
    return BuiltShape(shape, tuple(cavities), tuple(handles), costs)


def _bar(reach: float, front: float, half: float, part: str) -> tuple[list[Part], Handle]:
    """A bar along y before a front that looks along -x, on two posts."""
    out = front - reach
    bar = _between((out, -half, -BAR / 2), (out + min(BAR, reach), half, BAR / 2))
    posts = [
        _between((out + BAR, side - BAR / 2, -BAR / 2), (front, side + BAR / 2, BAR / 2))
        for side in (half - BAR / 2, BAR / 2 - half)
        if reach > BAR
    ]
    # x along the bar, z towards the front.
    pose = Pose(position=(out + min(BAR, reach) / 2, 0.0, 0.0), quat_xyzw=(0.5, -0.5, 0.5, 0.5))
    return [bar, *posts], Handle(name=f"{part}_handle", part=part, pose=pose, kind="bar", size=(2 * half, BAR, min(BAR, reach)))


def _hinged_box(box: HingedBox) -> BuiltShape:
    (inner_x, inner_y), wall = box.inner_size, box.wall
    x, y, z = inner_x / 2 + wall, inner_y / 2 + wall, box.height / 2
    low = wall - z
    body = [
        _between((-x, -y, -z), (x, y, low)),
        *(_between((a, -y, low), (a + wall, y, z)) for a in (-x, x - wall)),
        *(_between((wall - x, b, low), (x - wall, b + wall, z)) for b in (-y, y - wall)),
    ]
    middle = box.gap + wall / 2
    lid = [_between((-2 * x, -y, -wall / 2), (0.0, y, wall / 2))]
    handles = []
    if box.lip > 0.0:
        lid.append(_between((-2 * x - box.lip, -y / 3, -wall / 2), (-2 * x, y / 3, wall / 2)))
        handles.append(
            Handle(
                name="lip", part="lid", kind="edge", size=(2 * y / 3, wall, box.lip),
                pose=Pose(position=(-2 * x - box.lip / 2, 0.0, 0.0), quat_xyzw=(0.5, -0.5, 0.5, 0.5)),
            )
        )  # fmt: skip
    joint = ObjectJoint(
        name="lid", kind="revolute", parent="box", child="lid", origin=Pose(position=(x, 0.0, z + middle)),
        axis=(0.0, 1.0, 0.0), lower=0.0, upper=box.opening, value=0.0,
    )  # fmt: skip
    shape = Articulated(parts=(_part("box", *body), _part("lid", *lid, position=(x, 0.0, z + middle))), joints=(joint,))
    cavity = Cavity(part="box", round=False, half_x=inner_x / 2, half_y=inner_y / 2, floor=low, rim=z)
    return BuiltShape(shape, (cavity,), tuple(handles), {"lid": JointCost(friction=TURNING)})


def _door(door: Door) -> BuiltShape:
    (width, height), post, gap = door.size, door.post, door.gap
    y, z, half = width / 2 + gap, height / 2 + gap, door.thickness / 2
    frame = [
        _between((-door.foot / 2, -y - post, -z - post), (door.foot / 2, y + post, -z)),
        _between((-half, -y - post, z), (half, y + post, z + post)),
        *(_between((-half, a, -z), (half, a + post, z)) for a in (-y - post, y)),
    ]
    # The hinge is at the edge of its front face, so that the leaf turns free of its post.
    leaf = [_between((0.0, -width, -height / 2), (door.thickness, 0.0, height / 2))]
    sideways = (0.0, math.sqrt(0.5), 0.0, math.sqrt(0.5))
    handles, radius = [], min(0.012, width / 6)
    if door.knob > 0.0:
        at = -width + 2.5 * radius
        for side, name in ((-1.0, "front_knob"), (1.0, "back_knob")):
            place = Pose(position=(half + side * (half + door.knob / 2), at, 0.0), quat_xyzw=sideways)
            leaf.append(Part(pose=place, shape=Cylinder(radius=radius, height=door.knob)))
            turned = (0.0, side * math.sqrt(0.5), 0.0, math.sqrt(0.5))  # z away from the leaf
            handles.append(
                Handle(
                    name=name, part="leaf", kind="knob", size=(2 * radius, 2 * radius, door.knob),
                    pose=Pose(position=place.position, quat_xyzw=turned),
                )
            )  # fmt: skip
    hinge = (-half, width / 2, 0.0)
    joint = ObjectJoint(
        name="door", kind="revolute", parent="frame", child="leaf", origin=Pose(position=hinge),
        axis=(0.0, 0.0, -1.0), lower=0.0, upper=door.opening, value=0.0,
    )  # fmt: skip
    shape = Articulated(parts=(_part("frame", *frame), _part("leaf", *leaf, position=hinge)), joints=(joint,))
    return BuiltShape(shape, (), tuple(handles), {"door": JointCost(friction=TURNING)})


def _housing(size: tuple[float, float, float]) -> ObjectPart:
    return ObjectPart(name="housing", shape=Box(size=size))


def _button(button: Button) -> BuiltShape:
    height = button.travel + 0.004  # what still stands out when it is pressed
    cap = ObjectPart(
        name="cap",
        pose=Pose(position=(0.0, 0.0, button.housing[2] / 2 + height / 2)),
        shape=Cylinder(radius=button.radius, height=height),
    )
    joint = ObjectJoint(
        name="button", kind="prismatic", parent="housing", child="cap", axis=(0.0, 0.0, -1.0),
        lower=0.0, upper=button.travel, value=0.0,
    )  # fmt: skip
    cost = JointCost(spring=button.spring, rests=(0.0,))
    return BuiltShape(Articulated(parts=(_housing(button.housing), cap), joints=(joint,)), costs={"button": cost})


def _switch(switch: Switch) -> BuiltShape:
    x, y = switch.size[0] / 2, switch.size[1] / 2
    thickness = 0.006
    # As high over the housing as the pressed side dips, and a little.
    rise = switch.housing[2] / 2 + x * math.sin(switch.tilt) + thickness / 2 * math.cos(switch.tilt) + 0.001
    rocker = ObjectPart(name="rocker", pose=Pose(position=(0.0, 0.0, rise)), shape=Box(size=(2 * x, 2 * y, thickness)))
    joint = ObjectJoint(
        name="switch", kind="revolute", parent="housing", child="rocker", origin=Pose(position=(0.0, 0.0, rise)),
        axis=(0.0, 1.0, 0.0), lower=-switch.tilt, upper=switch.tilt, value=-switch.tilt,
    )  # fmt: skip
    cost = JointCost(spring=switch.snap, rests=(-switch.tilt, switch.tilt))
    return BuiltShape(Articulated(parts=(_housing(switch.housing), rocker), joints=(joint,)), costs={"switch": cost})


def _knob(knob: Knob) -> BuiltShape:
    half, radius = knob.height / 2, knob.radius
    # Two thirds of the height are the body, the rest a bar across it that shows where it points and can be taken.
    body = 2 * knob.height / 3
    pieces = (
        Part(pose=Pose(position=(0.0, 0.0, body / 2 - half)), shape=Cylinder(radius=radius, height=body)),
        _between((-radius, -radius / 4, body - half), (radius / 2, radius / 4, half)),
    )
    gap = 0.0005
    part = _part("knob", *pieces, position=(0.0, 0.0, knob.housing[2] / 2 + gap + half))
    joint = ObjectJoint(
        name="knob", kind="revolute", parent="housing", child="knob", axis=(0.0, 0.0, 1.0),
        lower=-knob.turn, upper=knob.turn, value=0.0,
    )  # fmt: skip
    handle = Handle(
        name="grip", part="knob", kind="bar", size=(1.5 * radius, radius / 2, knob.height / 3),
        pose=Pose(position=(-radius / 4, 0.0, half - knob.height / 6)),
    )  # fmt: skip
    shape = Articulated(parts=(_housing(knob.housing), part), joints=(joint,))
    return BuiltShape(shape, handles=(handle,), costs={"knob": JointCost(friction=TURNING / 3)})
