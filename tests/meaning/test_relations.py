"""The predicates against arrangements whose answer is plain, and against mirror images of them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmp.errors import UnknownName
from lmp.meaning.conditions import At, Behind, Between, Cleared, Held, In, InFrontOf, LeftOf, MovedBy, NextTo, On, RightOf
from lmp.meaning.conditions.sides import NEXT_TO_GAP
from lmp.meaning.relations import contents, holds, is_inside, rests_on, supported_by
from lmp.schema.condition import Condition
from lmp.schema.pose import Pose
from lmp.schema.scene import RobotState, Scene, SceneObject, Workspace
from lmp.schema.shape import Box, Cavity, Compound, Cylinder, Part

TABLE = SceneObject(
    name="table",
    category="table",
    pose=Pose(position=(0.5, 0.0, -0.2)),
    shape=Box(size=(0.8, 1.2, 0.4)),
    role="support",
    touching=(),
)


def block(
    name: str,
    x: float,
    y: float,
    bottom: float = 0.0,
    edge: float = 0.04,
    touching: tuple[str, ...] = ("table",),
    **more: object,
):
    pose = Pose(position=(x, y, bottom + edge / 2))
    return SceneObject(name=name, category="block", pose=pose, shape=Box(size=(edge,) * 3), touching=touching, **more)


def bowl(x: float, y: float, tilt: float = 0.0) -> SceneObject:
    parts = [Part(pose=Pose(position=(0, 0, 0.005)), shape=Cylinder(radius=0.08, height=0.01))]
    for i in range(16):
        angle = 2 * math.pi * i / 16
        pose = Pose.from_yaw((0.08 * math.cos(angle), 0.08 * math.sin(angle), 0.03), angle)
        parts.append(Part(pose=pose, shape=Box(size=(0.006, 0.033, 0.05))))
    return SceneObject(
        name="bowl",
        category="bowl",
        pose=Pose(position=(x, y, 0.0), quat_xyzw=(math.sin(tilt / 2), 0.0, 0.0, math.cos(tilt / 2))),
        shape=Compound(parts=tuple(parts)),
        cavities=(Cavity(round=True, half_x=0.077, half_y=0.077, floor=0.01, rim=0.055),),
        touching=("table",),
    )


def scene(*things: SceneObject) -> Scene:
    robot = RobotState(joint_names=("j",), positions=(0.0,), velocities=(0.0,), gripper_width=0.08)
    return Scene(
        objects=(TABLE, *things),
        T_world_base=Pose(),
        robot=robot,
        workspace=Workspace(lower=(0.2, -0.5, -0.05), upper=(0.8, 0.5, 0.8)),
    )


def true(condition: Condition, world: Scene) -> bool:
    return holds(condition, world).holds


def test_on_wants_contact_and_the_centre_above():
    a = block("a", 0.5, 0.0)
    assert true(On(object="b", support="a"), scene(a, block("b", 0.505, 0.0, 0.04, touching=("a",))))
    assert not true(On(object="b", support="a"), scene(a, block("b", 0.505, 0.0, 0.06, touching=())))
    assert not true(On(object="b", support="a"), scene(a, block("b", 0.545, 0.0, 0.0, touching=("a", "table"))))
    assert not true(On(object="b", support="a"), scene(a, block("b", 0.505, 0.0, 0.041, touching=())))
    assert not true(On(object="a", support="a"), scene(a))


def test_without_contacts_geometry_decides():
    a, b = block("a", 0.5, 0.0, touching=None), block("b", 0.5, 0.0, 0.04, touching=None)
    assert true(On(object="b", support="a"), scene(a, b))
    assert not true(On(object="a", support="b"), scene(a, b))


@pytest.mark.parametrize(
    ("thing", "inside"),
    [
        (block("b", 0.5, 0.0, 0.01, touching=("bowl",)), True),
        (block("b", 0.53, 0.02, 0.012, touching=("bowl",)), True),
        (block("b", 0.5, 0.0, 0.0525, touching=("bowl",)), False),  # It lies on the rim.
        (block("b", 0.5, 0.0, 0.01, touching=()), False),  # It hovers.
        (block("b", 0.62, 0.0, 0.0, touching=("table", "bowl")), False),  # It leans at the outside.
        (block("b", 0.5, 0.0, 0.01, touching=("bowl", "robot")), False),
        (block("b", 0.5, 0.0, 0.01, touching=("robot",), held_by="gripper"), False),
    ],
)
def test_in_wants_the_thing_below_the_rim_and_let_go(thing: SceneObject, inside: bool):
    assert true(In(object="b", container="bowl"), scene(bowl(0.5, 0.0), thing)) is inside


def test_in_refuses_a_tipped_bowl_and_a_solid_container():
    b = block("b", 0.5, 0.0, 0.01, touching=("bowl",))
    assert not true(In(object="b", container="bowl"), scene(bowl(0.5, 0.0, tilt=0.6), b))
    assert not true(In(object="bowl", container="b"), scene(bowl(0.5, 0.0), b))


def test_a_tray_is_turned_with_its_opening():
    shape = Compound(parts=(Part(pose=Pose(position=(0, 0, 0.005)), shape=Box(size=(0.3, 0.2, 0.01))),))
    cavity = Cavity(round=False, half_x=0.14, half_y=0.09, floor=0.01, rim=0.03)
    tray = SceneObject(
        name="tray",
        category="tray",
        pose=Pose.from_yaw((0.5, 0, 0), math.pi / 2),
        shape=shape,
        cavities=() if cavity is None else (cavity,),
        touching=("table",),
    )
    for x, y, there in ((0.5, 0.12, True), (0.62, 0.0, False)):
        world = scene(tray, block("b", x, y, 0.01, touching=("tray",)))
        assert true(In(object="b", container="tray"), world) is there
        assert true(On(object="b", support="tray"), world) is there


def test_contents_and_what_stands_on_top():
    lower = block("low", 0.5, 0.0, 0.01, edge=0.03, touching=("bowl", "top"))
    top = block("top", 0.5, 0.0, 0.04, edge=0.03, touching=("low",))
    world = scene(bowl(0.5, 0.0), lower, top)
    assert is_inside(world, "top", "bowl")
    assert contents(world, "bowl") == ("low", "top")
    assert supported_by(world, "low") == ("top",)
    assert not true(Cleared(object="low"), world)
    assert not true(Cleared(object="bowl"), world)
    assert true(Cleared(object="top"), world)
    assert rests_on(world, "low", "bowl")


def test_held_wants_the_hand_and_air_below():
    def world(bottom: float, touching: tuple[str, ...], held: bool) -> Scene:
        return scene(block("a", 0.5, 0.0, bottom, touching=touching, held_by="gripper" if held else None))

    assert true(Held(object="a"), world(0.1, ("robot",), True))
    assert not true(Held(object="a"), world(0.1, (), False))
    assert not true(Held(object="a"), world(0.0, ("robot", "table"), True))
    assert not true(Held(object="a"), world(0.004, ("robot",), True))


def test_sides_are_the_robots():
    ref = block("r", 0.5, 0.0)
    places = {LeftOf: (0.5, 0.1), RightOf: (0.5, -0.1), InFrontOf: (0.4, 0.0), Behind: (0.6, 0.0)}
    for kind, (x, y) in places.items():
        world = scene(ref, block("a", x, y))
        assert [k for k in places if true(k(object="a", reference="r"), world)] == [kind]
        assert true(NextTo(object="a", reference="r"), world)


@settings(deadline=None, max_examples=100)
@given(st.floats(-0.25, 0.25), st.floats(-0.25, 0.25))
def test_at_most_one_side_and_mirror_images_agree(dx: float, dy: float):
    ref = block("r", 0.5, 0.0)
    world, mirrored = scene(ref, block("a", 0.5 + dx, dy)), scene(ref, block("a", 0.5 + dx, -dy))
    sides = [kind for kind in (LeftOf, RightOf) if true(kind(object="a", reference="r"), world)]
    assert len(sides) <= 1
    assert true(LeftOf(object="a", reference="r"), world) == true(RightOf(object="a", reference="r"), mirrored)
    for kind in (InFrontOf, Behind, NextTo):
        assert true(kind(object="a", reference="r"), world) == true(kind(object="a", reference="r"), mirrored)


def test_far_away_or_overlapping_is_not_beside():
    ref = block("r", 0.5, 0.0)
    assert not true(LeftOf(object="a", reference="r"), scene(ref, block("a", 0.5, 0.4)))
    assert not true(NextTo(object="a", reference="r"), scene(ref, block("a", 0.5, 0.13)))
    assert not true(LeftOf(object="a", reference="r"), scene(ref, block("a", 0.5, 0.0, 0.04, touching=("r",))))
    assert not true(LeftOf(object="a", reference="r"), scene(ref, block("a", 0.5, 0.1, 0.2, touching=("r",))))


@settings(deadline=None, max_examples=100)
@given(st.floats(0, 2 * math.pi), st.floats(0.1, 0.3), st.floats(0, math.pi))
def test_next_to_measures_between_the_outlines_from_any_side(angle: float, apart: float, yaw: float):
    """Two upright cylinders: their free distance is that of the centres less the radii, wherever they stand."""

    def can(name: str, x: float, y: float, radius: float):
        shape = Cylinder(radius=radius, height=0.1)
        pose = Pose.from_yaw((x, y, 0.05), yaw)
        return SceneObject(name=name, category="can", pose=pose, shape=shape, touching=("table",))

    world = scene(can("r", 0.5, 0.0, 0.05), can("a", 0.5 + apart * math.cos(angle), apart * math.sin(angle), 0.03))
    result = holds(NextTo(object="a", reference="r"), world)
    assert result.holds == (apart - 0.08 <= NEXT_TO_GAP)
    measured = float(result.measured.split()[2])
    assert measured == pytest.approx(1000 * (apart - 0.08), abs=0.6)


def test_between():
    first, second = block("f", 0.5, -0.2), block("s", 0.5, 0.2)
    condition = Between(object="a", first="f", second="s")
    assert true(condition, scene(first, second, block("a", 0.51, 0.05)))
    assert not true(condition, scene(first, second, block("a", 0.56, 0.05)))
    assert not true(condition, scene(first, second, block("a", 0.5, 0.15)))
    assert not true(condition, scene(first, second, block("a", 0.5, 0.3)))


def test_at_and_moved_by_are_distances():
    world = scene(block("a", 0.45, 0.1))
    assert true(At(object="a", x=0.46, y=0.1), world)
    assert not true(At(object="a", x=0.48, y=0.1), world)
    assert true(MovedBy(object="a", origin=(0.45, 0.0, 0.02), dx=0.0, dy=0.1), world)
    assert not true(MovedBy(object="a", origin=(0.45, 0.0, 0.02), dx=0.0, dy=0.05), world)


def test_what_fell_off_the_table_is_nowhere():
    world = scene(block("a", 0.45, 0.1, bottom=-0.4, touching=()))
    result = holds(At(object="a", x=0.45, y=0.1), world)
    assert not result.holds
    assert "fallen" in result.measured


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(UnknownName, match=r"No object named 'bow'\. Did you mean 'bowl'\? Known: bowl, table\."):
        holds(Cleared(object="bow"), scene(bowl(0.5, 0.0)))


@pytest.mark.parametrize(
    "condition",
    [
        At(object="a", x=0.5, y=0.1),
        MovedBy(object="a", origin=(0.5, 0.0, 0.02), dx=0.0, dy=0.1),
        LeftOf(object="a", reference="r"),
        NextTo(object="a", reference="r"),
        Between(object="a", first="r", second="s"),
    ],
)
@pytest.mark.parametrize("contacts", [True, False])
def test_what_hangs_in_the_air_is_nowhere(condition: Condition, contacts: bool):
    def world(bottom: float) -> Scene:
        down = ("table",) if contacts else None
        touching = down if bottom == 0.0 else () if contacts else None
        others = (block("r", 0.5, 0.0, touching=down), block("s", 0.5, 0.2, touching=down))
        return scene(*others, block("a", 0.5, 0.1, bottom, touching=touching))

    assert true(condition, world(0.0))
    if contacts:
        stale = world(0.2).get("a").model_copy(update={"touching": ("table",)})
        assert not true(condition, world(0.2).replacing(stale))
    assert not true(condition, world(0.03))
    assert not true(condition, world(0.3))


@settings(deadline=None, max_examples=60)
@given(off=st.floats(-0.0009, 0.0009))
def test_what_is_measured_has_no_negative_zero(off: float) -> None:
    now = scene(block("a", 0.5, 0.1 + off, bottom=off / 2), block("b", 0.5, 0.06), bowl(0.5, 0.1))
    conditions: list[Condition] = [
        On(object="a", support="table"),
        LeftOf(object="a", reference="b"),
        In(object="a", container="bowl"),
        At(object="a", x=-0.0, y=-0.00001),
    ]
    for condition in conditions:
        measured = holds(condition, now).measured
        assert "-0 " not in measured and "-0.000" not in measured
