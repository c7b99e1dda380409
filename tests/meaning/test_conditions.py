"""Every kind of condition: what all of them owe, closed forms, and worlds that are moved and turned as a whole."""

from __future__ import annotations

import math

import coal
import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from lmp.errors import SetupFault
from lmp.meaning.conditions import (
    Aligned,
    ApartFrom,
    AtCorner,
    AtEdge,
    Heading,
    In,
    Inserted,
    JointAtLeast,
    JointAtMost,
    JointShare,
    LeftOf,
    Not,
    Tilted,
    Touching,
    Upright,
)  # fmt: skip
from lmp.meaning.relations import holds
from lmp.meaning.separation import distance
from lmp.schema.condition import CONDITIONS, TARGETS, AnyCondition, Condition, KnownCondition, RecordedCondition
from lmp.schema.pose import Pose
from lmp.schema.roles import roles_of
from lmp.schema.scene import RobotState, Scene, SceneObject, Workspace
from lmp.schema.shape import Articulated, Box, Cavity, Cylinder, ObjectJoint, ObjectPart, Shape, Sphere

ANY: TypeAdapter[Condition] = TypeAdapter(AnyCondition)
KNOWN: TypeAdapter[Condition] = TypeAdapter(KnownCondition)
ROBOT = RobotState(joint_names=("j",), positions=(0.0,), velocities=(0.0,), gripper_width=0.08)
TABLE = SceneObject(
    name="table", category="table", pose=Pose(position=(0.5, 0.0, -0.2)), shape=Box(size=(0.8, 1.2, 0.4)), role="support"
)
ANGLES = st.floats(-3.1, 3.1)


def tilted(angle: float, yaw: float = 0.0) -> tuple[float, float, float, float]:
    turn = Pose.from_yaw((0.0, 0.0, 0.0), yaw) @ Pose(quat_xyzw=(math.sin(angle / 2), 0.0, 0.0, math.cos(angle / 2)))
    return turn.quat_xyzw


def thing(name: str, x: float, y: float, shape: Shape, yaw: float = 0.0, tilt: float = 0.0, **more: object) -> SceneObject:
    lying = SceneObject(name=name, category="thing", pose=Pose(quat_xyzw=tilted(tilt, yaw)), shape=shape)
    height = lying.extent(np.array([0.0, 0.0, -1.0]))
    pose = lying.pose.model_copy(update={"position": (x, y, height)})
    return lying.model_copy(update={"pose": pose, "touching": ("table",), **more})


def scene(*things: SceneObject) -> Scene:
    return Scene(
        objects=(TABLE, *things), T_world_base=Pose(), robot=ROBOT,
        workspace=Workspace(lower=(0.2, -0.5, -0.05), upper=(0.8, 0.5, 0.8)),
    )  # fmt: skip


def moved(world: Scene, turn: Pose) -> Scene:
    """The whole world elsewhere, the arm with it."""
    things = tuple(one.model_copy(update={"pose": turn @ one.pose}) for one in world.objects)
    return world.model_copy(update={"objects": things, "T_world_base": turn @ world.T_world_base})


def cabinet(value: float | None, kind: str = "prismatic") -> SceneObject:
    joint = ObjectJoint(
        name="drawer", kind=kind, parent="body", child="box", axis=(-1.0, 0.0, 0.0), lower=0.0, upper=0.2, value=value
    )
    parts = (ObjectPart(name="body", shape=Box(size=(0.2, 0.2, 0.2))), ObjectPart(name="box", shape=Box(size=(0.1, 0.1, 0.05))))
    return thing("cabinet", 0.6, 0.0, Articulated(parts=parts, joints=(joint,)), role="fixture")


# What every kind owes.


@pytest.mark.parametrize("kind", sorted(CONDITIONS.all()))
def test_every_kind_has_an_example_a_line_and_words_and_goes_through_json(kind: str) -> None:
    cls = CONDITIONS[kind]
    condition = cls.model_validate(cls.example)
    assert condition.kind == kind and cls.__doc__ and condition.words and condition.names
    assert "{" not in condition.words
    again = ANY.validate_python(condition.model_dump(mode="json"))
    assert type(again) is cls and again == condition
    target = condition.target()
    if target is not None:
        assert TARGETS.get(target.kind) is type(target) and target.words
        assert set(target.names) <= set(condition.names[1:])
    if cls.is_place:
        assert target is not None and target.condition(condition.subject) == condition
    roles = list(roles_of(cls).values())
    assert kind == "not" or roles[0] == "object"


def test_what_is_not_installed_is_shown_and_not_tested() -> None:
    data = {"kind": "leaning_against", "object": "book", "wall": "shelf", "angle": 0.3}
    condition = ANY.validate_python(data)
    assert isinstance(condition, RecordedCondition)
    assert condition.model_dump(mode="json") == data
    assert condition.words == "book leaning against shelf, angle 0.3"
    with pytest.raises(SetupFault, match=r"'leaning_against' is not installed here.*Known: on, in"):
        holds(condition, scene())
    with pytest.raises(ValidationError):
        KNOWN.validate_python(data)


SCENES = st.tuples(st.floats(0.35, 0.65), st.floats(-0.25, 0.25), ANGLES, st.floats(0.0, 0.4), ANGLES)


def arrangement(numbers: tuple[float, float, float, float, float]) -> Scene:
    x, y, yaw, tilt, turn = numbers
    return scene(
        thing("a", x, y, Box(size=(0.03, 0.05, 0.08)), yaw, tilt),
        thing("b", 0.5, 0.02, Box(size=(0.12, 0.2, 0.02)), turn),
        thing("c", 0.45, -0.1, Cylinder(radius=0.03, height=0.05)),
    )


def conditions_about(name: str, other: str) -> list[Condition]:
    plain: list[Condition] = [
        LeftOf(object=name, reference=other),
        Heading(object=name, yaw=0.4, tolerance=0.5),
        Heading(object=name, yaw=0.4, tolerance=0.5, exact=True),
        Upright(object=name),
        Tilted(object=name, least=0.1, most=0.3),
        Touching(object=name, reference=other),
        ApartFrom(object=name, reference=other, distance=0.08),
        Aligned(object=name, reference=other, row="forward", tolerance=0.03),
        Aligned(object=name, reference=other, row="left", tolerance=0.03),
        AtEdge(object=name, support=other, side="left", gap=0.06),
        AtEdge(object=name, support=other, gap=0.06),
        AtCorner(object=name, support=other, depth="front"),
    ]
    return [*plain, *(Not(of=condition) for condition in plain)]


@settings(deadline=None, max_examples=25)
@given(numbers=SCENES, x=st.floats(-1.0, 1.0), y=st.floats(-1.0, 1.0), turn=ANGLES)
@example(numbers=(0.5, 0.0788446375333543, 0.0, 0.0, 0.1875), x=0.0, y=0.0, turn=1.0)  # an overlap of outlines
def test_a_world_that_is_moved_and_turned_as_a_whole_means_the_same(
    numbers: tuple[float, float, float, float, float], x: float, y: float, turn: float
) -> None:
    world = arrangement(numbers)
    # An edge goes by the side that it faces most: half way between two sides rounding would decide.
    assume(abs(math.remainder(numbers[4], math.pi / 2)) < 0.75)
    elsewhere = moved(world, Pose.from_yaw((x, y, 0.0), turn))
    for condition in conditions_about("a", "b"):
        here, there = condition.measure(world), condition.measure(elsewhere)
        assert (here.margin is None) == (there.margin is None), condition
        if here.margin is not None and there.margin is not None:
            assert here.margin == pytest.approx(there.margin, abs=2e-4), condition
            assert here.holds == there.holds or abs(here.margin) < 2e-4


@settings(deadline=None, max_examples=25)
@given(numbers=SCENES)
def test_the_margin_has_the_sign_of_the_answer_and_not_turns_both(numbers: tuple[float, float, float, float, float]) -> None:
    world = arrangement(numbers)
    for condition in conditions_about("a", "b"):
        found = condition.measure(world)
        assert found.margin is None or (found.margin >= 0.0 if found.holds else found.margin <= 0.0), condition
        if not isinstance(condition, Not):
            opposite = Not(of=condition).measure(world)
            assert not (opposite.holds and found.holds)
            # Between the two there may be a stretch in which people would differ; far away from it there is none.
            if found.known and found.margin is not None and found.margin < -0.15:
                assert opposite.holds


# Closed forms.


@settings(deadline=None)
@given(yaw=ANGLES, wanted=ANGLES, square=st.booleans())
def test_heading_is_an_angle_up_to_what_looks_the_same(yaw: float, wanted: float, square: bool) -> None:
    world = scene(thing("a", 0.5, 0.0, Box(size=(0.05, 0.05 if square else 0.03, 0.04)), yaw))
    off = abs(math.remainder(yaw - wanted, math.pi / 2 if square else math.pi))
    assert Heading(object="a", yaw=wanted, tolerance=0.3).measure(world).margin == pytest.approx(0.3 - off, abs=1e-6)
    exact = abs(math.remainder(yaw - wanted, 2 * math.pi))
    found = Heading(object="a", yaw=wanted, tolerance=0.3, exact=True).measure(world)
    assert found.margin == pytest.approx(0.3 - exact, abs=1e-6) and found.unit == "rad"


@pytest.mark.parametrize("shape", [Cylinder(radius=0.03, height=0.1), Sphere(radius=0.03)])
def test_what_looks_the_same_from_all_sides_has_no_heading_and_none_that_it_has_not(shape: Shape) -> None:
    world = scene(thing("a", 0.5, 0.0, shape, 0.3))
    heading = Heading(object="a", yaw=0.3)
    assert not holds(heading, world).holds and "no heading" in holds(heading, world).measured
    assert not holds(Not(of=heading), world).holds
    assert holds(Heading(object="a", yaw=0.3, exact=True), world).holds


def test_a_lying_can_and_a_handle_have_a_heading() -> None:
    lying = scene(thing("a", 0.5, 0.0, Cylinder(radius=0.03, height=0.1), tilt=math.pi / 2, yaw=0.5))
    assert holds(Heading(object="a", yaw=0.5), lying).holds
    assert holds(Heading(object="a", yaw=0.5 - math.pi), lying).holds
    assert not holds(Heading(object="a", yaw=0.9), lying).holds


@settings(deadline=None)
@given(tilt=st.floats(0.0, 1.5), yaw=ANGLES)
def test_tilt_is_the_angle_of_the_upright(tilt: float, yaw: float) -> None:
    tall = scene(thing("a", 0.5, 0.0, Box(size=(0.03, 0.03, 0.1)), yaw, tilt))
    assert Upright(object="a").measure(tall).margin == pytest.approx(0.17 - tilt, abs=1e-6)
    assert Tilted(object="a", least=0.5, most=1.0).measure(tall).margin == pytest.approx(min(tilt - 0.5, 1.0 - tilt), abs=1e-6)
    cube = scene(thing("a", 0.5, 0.0, Box(size=(0.04,) * 3), yaw, tilt))
    nearest = min(tilt, abs(math.pi / 2 - tilt))
    assert Upright(object="a").measure(cube).margin == pytest.approx(0.17 - nearest, abs=1e-6)


def test_a_bowl_upside_down_is_not_upright_and_a_ball_is_neither() -> None:
    hollow = (Cavity(round=True, half_x=0.03, half_y=0.03, floor=0.0, rim=0.05),)
    bowl = scene(thing("a", 0.5, 0.0, Cylinder(radius=0.04, height=0.1), tilt=math.pi, cavities=hollow))
    assert not holds(Upright(object="a"), bowl).holds and holds(Tilted(object="a", least=3.0), bowl).holds
    ball = scene(thing("a", 0.5, 0.0, Sphere(radius=0.03)))
    assert not any(holds(one, ball).holds for one in (Upright(object="a"), Tilted(object="a"), Not(of=Upright(object="a"))))


@given(value=st.floats(0.0, 0.2), asked=st.floats(0.0, 0.2))
def test_joints_are_where_they_are(value: float, asked: float) -> None:
    world = scene(cabinet(value))
    least = JointAtLeast(object="cabinet", joint="drawer", value=asked).measure(world)
    most = JointAtMost(object="cabinet", joint="drawer", value=asked).measure(world)
    assert least.margin == pytest.approx(value - asked) and most.margin == pytest.approx(asked - value)
    assert (least.unit, most.unit) == ("m", "m")
    share = JointShare(object="cabinet", joint="drawer", least=0.25, most=0.5).measure(world)
    assert share.margin == pytest.approx(min(value / 0.2 - 0.25, 0.5 - value / 0.2))


@pytest.mark.parametrize(("joint", "words"), [("drawer", "not known"), ("lid", "has no joint lid; it has drawer")])
def test_a_joint_that_is_not_known_is_neither_open_nor_not_open(joint: str, words: str) -> None:
    world = scene(cabinet(None))
    for condition in (JointAtLeast(object="cabinet", joint=joint, value=0.1), JointShare(object="cabinet", joint=joint)):
        assert not holds(condition, world).holds and words in holds(condition, world).measured
        assert not holds(Not(of=condition), world).holds
    hinge = scene(cabinet(0.1, "revolute"))
    assert JointAtMost(object="cabinet", joint="drawer", value=0.1).measure(hinge).unit == "rad"


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.floats(-0.1, 0.1), min_size=3, max_size=3), st.lists(st.floats(-3, 3), min_size=4, max_size=4),
    st.lists(st.floats(0.02, 0.1), min_size=3, max_size=3),
)  # fmt: skip
def test_distances_are_those_of_another_library(offset: list[float], turn: list[float], size: list[float]) -> None:
    assume(np.linalg.norm(turn) > 0.3)
    pose = Pose(position=tuple(offset), quat_xyzw=tuple(np.array(turn) / np.linalg.norm(turn)))
    one = SceneObject(name="a", category="thing", pose=pose, shape=Box(size=tuple(size)))
    other = SceneObject(name="b", category="thing", pose=Pose(), shape=Cylinder(radius=0.03, height=0.06))
    result = coal.DistanceResult()
    there = coal.Transform3s(pose.rotation, np.array(pose.position))
    apart = coal.distance(coal.Box(*size), there, coal.Cylinder(0.03, 0.06), coal.Transform3s(), coal.DistanceRequest(), result)
    if apart > 0.0:
        assert distance(one, other) == pytest.approx(apart, abs=2e-4)
    else:
        assert distance(one, other) <= 2e-4


@given(gap=st.floats(0.0, 0.05))
def test_touching_by_contacts_and_without_them_by_the_gap(gap: float) -> None:
    one = thing("a", 0.5, 0.0, Box(size=(0.04,) * 3), touching=None)
    other = thing("b", 0.5, 0.04 + gap, Box(size=(0.04,) * 3), touching=None)
    seen = Touching(object="a", reference="b").measure(scene(one, other))
    assert seen.margin == pytest.approx(0.008 - gap, abs=1e-6)
    told = one.model_copy(update={"touching": ("table",)}), other.model_copy(update={"touching": ("table",)})
    assert not holds(Touching(object="a", reference="b"), scene(*told)).holds
    touched = told[0], other.model_copy(update={"touching": ("table", "a")})
    assert holds(Touching(object="a", reference="b"), scene(*touched)).holds


@pytest.mark.parametrize(
    ("off", "lift", "inside"), [(0.0, 0.0, True), (0.004, 0.0, True), (0.01, 0.0, False), (0.0, 0.06, False)]
)
def test_inserted_wants_depth_and_the_whole_width_in_the_hollow(off: float, lift: float, inside: bool) -> None:
    hollow = (Cavity(round=False, half_x=0.025, half_y=0.025, floor=-0.03, rim=0.03),)
    socket = thing("socket", 0.5, 0.0, Box(size=(0.08, 0.08, 0.06)), 0.4, cavities=hollow, role="fixture")
    pose = socket.pose @ Pose(position=(off, 0.0, 0.01 + lift))
    peg = SceneObject(name="peg", category="peg", pose=pose, shape=Box(size=(0.04, 0.04, 0.08)), touching=("socket",))
    assert holds(Inserted(object="peg", container="socket", depth=0.02), scene(socket, peg)).holds is inside
    tipped = moved(scene(socket, peg), Pose(quat_xyzw=tilted(math.pi / 2)))
    things = {one.name: one for one in tipped.objects}
    sideways = scene(things["socket"], things["peg"].model_copy(update={"held_by": "gripper"}))
    assert holds(Inserted(object="peg", container="socket", depth=0.02), sideways).holds is inside, "also sideways, in the hand"


@settings(deadline=None)
@given(x=st.floats(0.4, 0.6), y=st.floats(-0.2, 0.2))
def test_spacing_of_round_things_is_that_of_circles(x: float, y: float) -> None:
    world = scene(
        thing("a", x, y, Cylinder(radius=0.02, height=0.05)), thing("b", 0.5, 0.0, Cylinder(radius=0.03, height=0.05))
    )
    free = math.hypot(x - 0.5, y) - 0.05
    assume(free > -0.02)
    assert ApartFrom(object="a", reference="b", distance=0.1).measure(world).margin == pytest.approx(free - 0.1, abs=1e-4)
    assert Aligned(object="a", reference="b", row="left").measure(world).margin == pytest.approx(0.01 - abs(x - 0.5))
    assert Aligned(object="a", reference="b", row="forward").measure(world).margin == pytest.approx(0.01 - abs(y))


@settings(deadline=None)
@given(x=st.floats(-0.15, 0.15), y=st.floats(-0.25, 0.25))
def test_edges_and_corners_are_distances_from_the_sides(x: float, y: float) -> None:
    tray = thing("tray", 0.5, 0.0, Box(size=(0.3, 0.5, 0.02)))
    top = thing("a", 0.5 + x, y, Box(size=(0.04, 0.06, 0.05)), touching=("tray",))
    lifted = top.model_copy(update={"pose": Pose(position=(0.5 + x, y, 0.045))})
    world = scene(tray, lifted)
    free = {"behind": 0.13 - x, "front": 0.13 + x, "left": 0.22 - y, "right": 0.22 + y}
    within = min(free.values())
    for side, gap in free.items():
        found = AtEdge(object="a", support="tray", side=side, gap=0.05).measure(world)
        assert found.margin == pytest.approx(min(0.05 - gap, within), abs=1e-9)
    corner = AtCorner(object="a", support="tray", depth="front", side="left", gap=0.05).measure(world)
    assert corner.margin == pytest.approx(min(0.05 - free["front"], 0.05 - free["left"], within), abs=1e-9)
    assert AtEdge(object="a", side="left").names == ("a",)
    edge = AtEdge(object="a", side="left", gap=0.05).measure(world)
    assert edge.margin == pytest.approx(min(0.05 - (0.5 - y - 0.03), 0.5 + y - 0.03, 0.28 - x, 0.28 + x), abs=1e-9)


def test_not_asks_for_rest_and_is_no_opposite_of_an_opposite() -> None:
    hollow = (Cavity(round=True, half_x=0.06, half_y=0.06, floor=-0.01, rim=0.04),)
    bowl = thing("bowl", 0.5, 0.0, Cylinder(radius=0.08, height=0.05), cavities=hollow)
    out = Not(of=In(object="a", container="bowl"))
    beside = thing("a", 0.5, 0.3, Box(size=(0.04,) * 3))
    assert holds(out, scene(bowl, beside)).holds
    held = beside.model_copy(update={"held_by": "gripper"})
    assert not holds(out, scene(bowl, held)).holds, "in the hand it is not put down"
    with pytest.raises(ValidationError, match="opposite of an opposite"):
        Not(of=out)
