"""Objects of parts that joints join: where the parts are, what they sweep, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lmp.errors import UnknownName
from lmp.schema.pose import Pose
from lmp.schema.scene import Certainty, SceneObject
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
    Sphere,
    solid_parts,
)

UNIT = st.floats(-1.0, 1.0)
AXES = st.tuples(UNIT, UNIT, UNIT).filter(lambda axis: math.hypot(*axis) > 0.1)
POINTS = st.tuples(*[st.floats(-0.5, 0.5)] * 3)


@st.composite
def poses(draw: st.DrawFn) -> Pose:
    quat = np.array(draw(st.tuples(UNIT, UNIT, UNIT, UNIT).filter(lambda q: math.hypot(*q) > 0.1)))
    x, y, z, w = (float(value) for value in quat / np.linalg.norm(quat))
    return Pose(position=draw(POINTS), quat_xyzw=(x, y, z, w))


@st.composite
def joints(draw: st.DrawFn, name: str = "j", parent: str = "a", child: str = "b") -> ObjectJoint:
    lower = draw(st.floats(-1.0, 0.5))
    upper = lower + draw(st.floats(0.05, 2.0))
    value = draw(st.floats(lower, upper))
    kind = draw(st.sampled_from(("prismatic", "revolute")))
    return ObjectJoint(
        name=name, kind=kind, parent=parent, child=child, origin=draw(poses()), axis=draw(AXES),
        lower=lower, upper=upper, value=value,
    )  # fmt: skip


@st.composite
def chains(draw: st.DrawFn) -> Articulated:
    """Three parts one on the other, in any poses."""
    parts = tuple(ObjectPart(name=name, pose=draw(poses()), shape=Box(size=(0.1, 0.06, 0.04))) for name in "abc")
    return Articulated(parts=parts, joints=(draw(joints()), draw(joints("k", "b", "c"))))


def two(joint: ObjectJoint, shape: Box | Cylinder | Sphere | Compound | None = None) -> Articulated:
    body = shape or Box(size=(0.1, 0.06, 0.04))
    return Articulated(
        parts=(ObjectPart(name="a", shape=Box(size=(0.2, 0.2, 0.2))), ObjectPart(name="b", shape=body)), joints=(joint,)
    )


def joint(**changes: object) -> ObjectJoint:
    plain = {"name": "j", "kind": "prismatic", "parent": "a", "child": "b", "axis": (1, 0, 0), "lower": 0.0, "upper": 0.2}
    return ObjectJoint.model_validate(plain | changes)


def test_a_slide_and_a_turn_as_on_paper() -> None:
    slid = two(joint(axis=(0, 0, 2), value=0.15)).T_object_part("b")
    np.testing.assert_allclose(slid, Pose(position=(0, 0, 0.15)).matrix, atol=1e-15)
    hinge = joint(kind="revolute", origin=Pose(position=(0.1, 0, 0)), axis=(0, 0, 1), upper=3.0, value=math.pi / 2)
    turned = two(hinge).T_object_part("b")
    # The part's origin, 0.1 m from the hinge towards -x, comes to lie before it, towards -y.
    np.testing.assert_allclose(turned[:3, 3], [0.1, -0.1, 0.0], atol=1e-15)
    np.testing.assert_allclose(turned[:3, :3], [[0, -1, 0], [1, 0, 0], [0, 0, 1]], atol=1e-15)


@given(chains())
def test_at_zero_all_parts_are_where_they_are_said_to_be(shape: Articulated) -> None:
    inside = {one.name: min(max(0.0, one.lower), one.upper) for one in shape.joints}
    moved = shape.with_values(dict(inside))
    if all(value == 0.0 for value in inside.values()):
        for part in shape.parts:
            np.testing.assert_allclose(moved.T_object_part(part.name), part.pose.matrix, atol=1e-12)
    np.testing.assert_allclose(moved.T_object_part("a"), shape.part("a").pose.matrix, atol=1e-15)


@given(chains(), st.sampled_from("jk"))
def test_the_rate_of_a_part_is_that_of_a_screw_about_the_axis(shape: Articulated, name: str) -> None:
    """Finite differences against v = axis, or axis x (p - origin), with the frame from the parts above alone."""
    one, step = shape.joint(name), 1e-6
    middle = min(max(one.value, one.lower + step), one.upper - step)
    shape = shape.with_values({name: middle})
    T_object_parent = shape.T_object_part(one.parent)
    T_object_joint = T_object_parent @ one.origin.matrix
    axis, origin = T_object_joint[:3, :3] @ np.array(one.axis), T_object_joint[:3, 3]
    ends = [shape.with_values({name: middle + sign * step}).T_object_part(one.child) for sign in (-1, 1)]
    rate = (ends[1] - ends[0])[:3, 3] / (2 * step)
    point = shape.T_object_part(one.child)[:3, 3]
    truth = axis if one.kind == "prismatic" else np.cross(axis, point - origin)
    np.testing.assert_allclose(rate, truth, atol=1e-7)


@given(chains(), poses())
def test_moving_the_object_moves_its_parts_and_its_extent_with_it(shape: Articulated, pose: Pose) -> None:
    still, moved = (SceneObject(name="o", category="o", pose=each, shape=shape) for each in (Pose(), pose))
    for part in shape.parts:
        np.testing.assert_allclose(moved.T_world_part(part.name), pose.matrix @ still.T_world_part(part.name), atol=1e-12)
    direction = np.array([0.6, 0.0, 0.8])
    turned = pose.rotation @ direction
    assert moved.extent(turned) == pytest.approx(still.extent(direction) + float(np.array(pose.position) @ turned), abs=1e-12)


@given(chains())
def test_a_shape_comes_back_from_json_as_it_was(shape: Articulated) -> None:
    again = Articulated.model_validate_json(shape.model_dump_json())
    assert again == shape
    thing = SceneObject(name="o", category="o", pose=Pose(), shape=shape, certainty=Certainty(position=0.01, seen=0.5))
    assert SceneObject.model_validate_json(thing.model_dump_json()) == thing


@given(
    chains(),
    st.sampled_from([(None, None), (None, 0), (0, None)]),
    st.sampled_from([Box(size=(0.1, 0.04, 0.2)), Cylinder(radius=0.05, height=0.1), Sphere(radius=0.04)]),
    st.lists(st.floats(0.0, 1.0), min_size=2, max_size=2),
    AXES,
)
def test_what_is_not_known_counts_as_all_that_it_could_sweep(
    shape: Articulated, known: tuple[float | None, float | None], solid: Box, shares: list[float], direction: tuple[float, ...]
) -> None:
    """Wherever the joints are in truth, no part reaches farther than the shape with unknown joints says."""
    parts = (*shape.parts[:2], shape.parts[2].model_copy(update={"shape": solid}))
    shape = shape.model_copy(update={"parts": parts})
    unknown = {one.name: None for one, value in zip(shape.joints, known, strict=True) if value is None}
    vague = shape.with_values(dict(unknown))
    truth = {
        one.name: one.lower + share * (one.upper - one.lower)
        for one, share in zip(shape.joints, shares, strict=True)
        if one.name in unknown
    }
    along = np.array(direction) / np.linalg.norm(direction)
    assert shape.with_values(dict(truth)).support(along) <= vague.support(along) + 1e-9
    assert vague.T_object_part("c") is None


def test_the_sweep_of_a_turning_part_is_not_much_too_large() -> None:
    hinge = joint(kind="revolute", axis=(0, 0, 1), upper=2.0, value=None, origin=Pose(position=(0, 0, 0.0)))
    part = Compound(parts=(Part(pose=Pose(position=(0.2, 0, 0.2)), shape=Box(size=(0.02, 0.02, 0.02))),))
    swept = two(hinge, part)
    radius = math.hypot(0.21, 0.01)
    assert radius <= swept.support(np.array([math.cos(1.0), math.sin(1.0), 0.0])) <= 1.01 * radius
    assert len(solid_parts(swept)) > 5


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"axis": (0, 0, 0)}, "an axis is a direction"),
        ({"lower": 0.2, "upper": 0.1}, "`lower` has to be below `upper`, got 0.2 and 0.1"),
        ({"lower": 0.1, "upper": 0.1}, "`lower` has to be below `upper`"),
        ({"value": 0.3}, "the value 0.3 m is outside of its range, 0 to 0.2 m"),
        ({"kind": "revolute", "value": -0.1}, "the value -0.1 rad is outside of its range, 0 to 0.2 rad"),
        ({"kind": "screw"}, "prismatic"),
        ({"value": float("nan")}, "finite"),
    ],
)
def test_a_joint_that_cannot_be_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words.replace("(", r"\(")):
        joint(**changes)


def body(*names: str) -> tuple[ObjectPart, ...]:
    return tuple(ObjectPart(name=name, shape=Box(size=(0.1, 0.1, 0.1))) for name in names)


@pytest.mark.parametrize(
    ("names", "given", "words"),
    [
        ("ab", [joint(child="drawer")], "joint 'j': there is no part 'drawer'. Known: a, b"),
        ("ab", [joint(parent="a", child="B")], "there is no part 'B'. Did you mean 'b'?"),
        ("abc", [joint(), joint(name="k", parent="b", child="a")], "hangs on itself, by way of"),
        ("ab", [joint(child="a")], "the part 'a' hangs on itself, by way of a on a"),
        ("abc", [joint(), joint(name="k", parent="c", child="b")], "more than one joint moves the part 'b'"),
        ("abc", [joint()], "one part has to hang on no joint, the base; here a and c do"),
        ("aab", [joint()], "more than one part is named 'a'"),
        ("abc", [joint(), joint(child="c")], "more than one joint is named 'j'"),
    ],
)
def test_parts_that_are_no_tree_are_refused(names: str, given: list[ObjectJoint], words: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Articulated(parts=body(*names), joints=tuple(given))
    assert words in str(raised.value)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(ValidationError) as raised:
        Articulated(parts=body("a", "a"), joints=(joint(parent="x", child="y"),))
    assert all(words in str(raised.value) for words in ("named 'a'", "no part 'x'", "no part 'y'"))


def test_hollows_and_handles_are_of_parts_that_exist() -> None:
    hollow = Cavity(name="h", part="b", round=False, half_x=0.03, half_y=0.02, floor=-0.01, rim=0.02)
    thing = SceneObject(name="o", category="o", pose=Pose(), shape=two(joint(value=0.1)), cavities=(hollow,))
    ((_, frame),) = thing.hollows
    assert frame.position == pytest.approx((0.1, 0.0, 0.0))
    assert thing.with_joints({"j": None}).hollows == (), "where it is is not known"
    rigid = {"name": "o", "category": "o", "pose": Pose(), "shape": Box(size=(0.1, 0.1, 0.1))}
    with pytest.raises(ValidationError, match="is of the part 'b', and the object is rigid"):
        SceneObject(**rigid, cavities=(hollow,))
    with pytest.raises(ValidationError, match=r"handle 'grip' is of no part of it: 'lid'.*Known: a, b"):
        SceneObject(**(rigid | {"shape": two(joint())}), handles=(Handle(name="grip", part="lid", size=(0.1, 0.01, 0.01)),))
    with pytest.raises(ValidationError, match="more than one cavity is named 'h'"):
        SceneObject(**(rigid | {"shape": two(joint())}), cavities=(hollow, hollow))


def test_names_of_joints_that_are_not_there_are_answered_with_the_nearest() -> None:
    thing = SceneObject(name="cabinet", category="o", pose=Pose(), shape=two(joint(name="top_drawer", value=0.0)))
    with pytest.raises(UnknownName, match=r"No joint of cabinet named 'drawer'\. Did you mean 'top_drawer'\?"):
        thing.joint("drawer")
    with pytest.raises(ValueError, match="outside of its range"):
        thing.with_joints({"top_drawer": 0.5})
    assert thing.with_joints({"top_drawer": 0.05}).joint("top_drawer").share == pytest.approx(0.25)
    assert thing.with_joints({"top_drawer": None}).joint("top_drawer").share is None
