"""How a thing is to be taken and put: turns, sides, openings, offsets from other things."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pytest
from compile_scenes import block, compiler, holding, standing, table_scene, tray, world_model
from hypothesis import given, settings
from hypothesis import strategies as st
from panda_arm import PANDA
from pydantic import ValidationError

from lmp.meaning.conditions import AtTarget
from lmp.meaning.symmetry import EQUAL
from lmp.primitives.handling.contacts import ASIDE, arriving
from lmp.primitives.handling.grasps import tool_pose
from lmp.primitives.moves import ToolMove
from lmp.primitives.places.requested_turns import TOLERANCE, turns_to
from lmp.primitives.skills.pick import PickParameters
from lmp.primitives.skills.place import PlaceParameters
from lmp.schema.motion import Side
from lmp.schema.pose import Pose
from lmp.schema.ready_shape import Bowl, Mug
from lmp.schema.scene import Scene
from lmp.schema.scene_file import ObjectSpec
from lmp.schema.shape import Box, Cylinder, Sphere
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict
from lmp.sims.scenes.ready_shapes import build_shape, built_object

RED, BLUE = block("red_block", 0.5, 0.1, yaw=0.3), block("blue_block", 0.42, -0.2, 0.05)
BAR = standing("bar", Box(size=(0.08, 0.03, 0.03)), 0.5, -0.02, 0.4)


@cache
def scene() -> Scene:
    return table_scene(RED, BLUE, BAR)


@cache
def held(name: str = "red_block") -> Scene:
    return holding(scene(), name)


def pick(name: str = "red_block", **fields: Any) -> PickParameters:
    return PickParameters(object=name, **fields)


def place(name: str = "red_block", x: float = 0.42, y: float = 0.02, **fields: Any) -> PlaceParameters:
    target = {"kind": "at", "x": x, "y": y, **fields.pop("target", {})}
    return PlaceParameters.model_validate({"object": name, "target": target, **fields})


def compiled(primitive: SkillParameters, where: Scene) -> JointTrajectory:
    result = compiler().compile(primitive, where)
    assert isinstance(result, JointTrajectory), str(result)
    return result


def refused(primitive: SkillParameters, where: Scene) -> list[str]:
    result = compiler().compile(primitive, where)
    assert isinstance(result, Verdict)
    return [f"{violation.code}: {violation.message}" for violation in result.violations]


def fingers(trajectory: JointTrajectory, event: int) -> float:
    """Heading of the line from finger to finger when a gripper event is due [rad]."""
    q = trajectory.at(trajectory.gripper[event].t)
    axis = compiler().arm.kinematics.forward(q)[:2, 1]
    return math.atan2(axis[1], axis[0])


WITHOUT: list[tuple[dict[str, Any], float, tuple[float, ...]]] = [
    (
        {"kind": "pick", "object": "red_block"},
        3.212,
        (0.099201, 0.194402, 0.095839, -2.365347, -0.033586, 2.55862, 0.706686),
    ),
    (
        {"kind": "pick", "object": "red_block", "duration": 2.0, "grasp": 2, "force": 25.0, "path": {"kind": "bulges"}},
        4.001,
        (0.114705, 0.19413, 0.080709, -2.365378, -0.028259, 2.558708, -0.8679),
    ),
    (
        {"kind": "push", "object": "red_block", "dx": 0.0, "dy": -0.1},
        11.475,
        (-0.008791, 0.3396, 0.035207, -2.227632, -0.021574, 2.566931, -2.613678),
    ),
    (
        {"kind": "place", "object": "red_block", "target": {"kind": "in", "container": "tray"}},
        2.842,
        (0.352243, 0.581062, 0.077722, -1.785621, -0.060809, 2.364371, 1.246022),
    ),
    (
        {"kind": "place", "object": "red_block", "target": {"kind": "at", "x": 0.4, "y": 0.0}},
        2.662,
        (-0.034192, 0.050082, 0.033199, -2.727572, -0.004668, 2.777623, 0.488726),
    ),
]
"""Primitives without any of the wishes: how long they take, and postures whose tool is where they ended before [s], [rad]."""


@pytest.mark.parametrize(("fields", "duration", "end"), WITHOUT, ids=lambda value: str(value)[:60])
def test_without_wishes_everything_is_as_it_was(fields: dict[str, Any], duration: float, end: tuple[float, ...]) -> None:
    if "path" in fields:
        fields = {**fields, "path": {"kind": "bulges", "bulges": [{"direction": "up", "amount": 0.05}]}}
    free = table_scene(RED, BLUE, tray("tray", 0.55, 0.3))
    where = holding(free, "red_block") if fields["kind"] == "place" else free
    primitive = compiler().skills[fields["kind"]].spec.parameters.model_validate(fields)
    trajectory = compiled(primitive, where)
    assert trajectory.duration == pytest.approx(duration, abs=2e-3)
    forward = compiler().arm.kinematics.forward  # the tool's place; which posture leads there is free
    assert forward(trajectory.positions[-1]) == pytest.approx(forward(np.array(end)), abs=2e-5)
    nothing = {name: None for name in ("yaw", "approach", "opening", "at", "along") if name in type(primitive).model_fields}
    assert type(primitive).model_validate({**fields, **nothing}) == primitive


@pytest.mark.parametrize("yaw", [0.4, 0.4 + math.pi / 2 - math.pi])
def test_the_fingers_close_in_the_wished_direction(yaw: float) -> None:
    trajectory = compiled(pick("bar", yaw=yaw), table_scene(standing("bar", Box(size=(0.06, 0.03, 0.03)), 0.5, 0.0, 0.4)))
    assert math.remainder(fingers(trajectory, 1) - yaw, math.pi) == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize("off", [0.0, 0.5, -0.9])
def test_a_direction_in_which_nothing_can_be_taken_is_refused_with_the_nearest(off: float) -> None:
    (words,) = refused(pick("bar", yaw=0.4 + off), scene())
    degrees = round(math.degrees(math.pi / 2 - abs(off)))
    assert words == f"not_as_requested: The nearest free grasp is {degrees} deg off the requested direction of the fingers."


@pytest.mark.parametrize("yaw", [0.3, 0.3 + math.pi / 2, 0.3 + math.pi])
def test_a_cube_is_turned_to_the_very_heading_that_was_asked_for(yaw: float) -> None:
    """A quarter turn of a cube looks like nothing; it is turned all the same."""
    heading = math.remainder(yaw, 2 * math.pi)
    primitive = place("red_block", yaw=heading)
    after = world_model().predict(primitive, held("red_block"), compiled(primitive, held("red_block")))
    assert math.remainder(after.get("red_block").pose.yaw - heading, 2 * math.pi) == pytest.approx(0.0, abs=math.radians(6))
    assert all(condition.measure(after).holds for condition in primitive.requests())


def test_a_heading_of_what_looks_the_same_from_all_sides_is_refused() -> None:
    can = standing("can", Cylinder(radius=0.02, height=0.06), 0.5, 0.3)
    (words,) = refused(place("can", 0.45, 0.0, yaw=0.5), holding(table_scene(can), "can"))
    assert words.startswith("no_heading: A heading is requested for can, which looks the same from all sides")


SIDES: dict[Side, tuple[float, float]] = {"left": (0, 1), "right": (0, -1), "front": (-1, 0), "behind": (1, 0)}


@pytest.mark.parametrize("side", list(SIDES))
def test_the_hand_arrives_from_the_wished_side(side: Side) -> None:
    for trajectory, free in (
        (compiled(pick(approach=side), scene()), "approach"),
        (compiled(place(approach=side), held()), "carry"),
    ):
        names = [segment.name for segment in trajectory.segments]
        assert names[:2] == [free, "arrive"]
        arrive, down = trajectory.segments[1:3]
        start, end = (trajectory.tool_path[round(segment.start * 1000)] for segment in (arrive, down))
        assert start - end == pytest.approx([ASIDE * SIDES[side][0], ASIDE * SIDES[side][1], 0.0], abs=1e-6)


def test_at_the_edge_of_the_workspace_it_arrives_from_as_far_as_there_is_room() -> None:
    end = ToolMove("approach", tool_pose((0.5, 0.5, 0.2), 0.0), 0.5, 2.0, None, free=True)
    first, last = arriving(end, "left", scene())
    assert first.T_world_tool[:3, 3] == pytest.approx([0.5, 0.54, 0.2]) and first.duration == 2.0
    assert (last.name, last.duration) == ("arrive", None) and last.T_world_tool is end.T_world_tool
    assert arriving(end, None, scene()) == (end,)


def test_the_fingers_open_as_wide_as_wished_before_they_close() -> None:
    trajectory = compiled(pick(opening=0.06), scene())
    assert trajectory.gripper[0].width == pytest.approx(0.06)


def test_an_opening_that_cannot_be_is_told_with_the_limits() -> None:
    assert refused(pick(opening=0.03), scene()) == [
        "out_of_range: Fingers 30 mm apart do not go round red_block, which is at least 40 mm wide where they could close "
        "on it; 4 mm more are needed."
    ]
    assert refused(pick(opening=0.1), scene()) == [
        "out_of_range: An opening of 100 mm is requested; the fingers go 80 mm apart at most."
    ]
    assert refused(place(opening=0.03), held()) == [
        "out_of_range: An opening of 30 mm is requested to let go of red_block, which keeps them 40 mm apart; at least 44 mm "
        "are needed."
    ]
    assert [
        words.split(":")[0] for words in refused(place(x=0.42, y=-0.2, opening=0.03, target={"support": "table"}), held())
    ] == [
        "out_of_range",
        "no_free_place",
    ]
    assert refused(place(opening=0.1), held()) == [
        "out_of_range: An opening of 100 mm is requested to let go of red_block; the fingers go 80 mm apart at most."
    ]


def test_the_fingers_let_go_as_wide_as_wished() -> None:
    (opened,) = compiled(place(opening=0.05), held()).gripper
    assert opened.width == pytest.approx(0.05)


@pytest.mark.parametrize(("name", "yaw"), [("red_block", 0.0), ("bar", 0.0), ("bar", 1.2)])
def test_it_stands_with_the_wished_heading(name: str, yaw: float) -> None:
    trajectory = compiled(place(name, yaw=yaw), held(name))
    after = world_model().predict(place(name, yaw=yaw), held(name), trajectory)
    period = math.pi / 2 if name == "red_block" else math.pi
    assert math.remainder(after.get(name).pose.yaw - yaw, period) == pytest.approx(0.0, abs=1e-3)
    assert after.get(name).centre[:2] == pytest.approx([0.42, 0.02], abs=1e-5)


def test_a_heading_that_has_no_room_is_refused() -> None:
    left, right = (standing(name, Box(size=(0.2, 0.03, 0.025)), 0.45, y) for name, y in (("left", 0.07), ("right", -0.07)))
    narrow = table_scene(left, right, standing("bar", Box(size=(0.12, 0.03, 0.03)), 0.5, 0.3, 0.4))
    narrow = holding(narrow, "bar")
    assert isinstance(compiler().compile(place("bar", 0.45, 0.0, yaw=0.0), narrow), JointTrajectory)
    (words,) = refused(place("bar", 0.45, 0.0, yaw=math.pi / 2), narrow)
    assert words.startswith("no_free_place: There is no free place at (0.450, 0.000) m for bar:")


@settings(max_examples=60)
@given(now=st.floats(-3.1, 3.1), yaw=st.floats(-3.1, 3.1), x=st.floats(0.02, 0.08), y=st.floats(0.02, 0.08))
def test_turns_lead_to_the_wished_heading_or_one_that_looks_the_same(now: float, yaw: float, x: float, y: float) -> None:
    turns = turns_to(standing("box", Box(size=(x, y, 0.04)), 0.5, 0.0, now), yaw, True)
    period = math.pi / 2 if abs(x - y) / 2 <= EQUAL else math.pi
    off = np.array([math.remainder(now + turn - yaw, period) for turn in turns])
    count = round(2 * math.pi / period)
    assert off[:count] == pytest.approx(0.0, abs=1e-9)
    assert np.abs(off[count:]) == pytest.approx(TOLERANCE, abs=1e-9) and len(turns) == 3 * count
    assert abs(turns[0]) <= period / 2 + 1e-9 and (np.diff(np.abs(turns[:count])) >= -1e-9).all()


def test_what_looks_the_same_in_every_heading_is_not_turned() -> None:
    assert turns_to(standing("can", Cylinder(radius=0.02, height=0.06), 0.5, 0.0, 1.0), -2.0, True)[0] == 0.0
    assert turns_to(standing("ball", Sphere(radius=0.02), 0.5, 0.0, 1.0), -2.0, True)[0] == 0.0
    lying = Pose.from_matrix(np.array([[0, 0, 1, 0.5], [0, 1, 0, 0], [-1, 0, 0, 0.02], [0, 0, 0, 1.0]]))
    can = standing("can", Cylinder(radius=0.02, height=0.06), 0.5, 0.0).model_copy(update={"pose": lying})
    assert len(turns_to(can, 0.5, True)) == 6
    bowl = ObjectSpec(name="bowl", category="bowl", shape=Bowl(inner_radius=0.05, height=0.05))
    assert len(turns_to(built_object(bowl, Pose(position=(0.5, 0.0, 0.025)), build_shape(bowl)), 0.5, True)) == 5


@pytest.mark.parametrize(("inner", "count"), [((0.16, 0.12), 2), ((0.12, 0.12), 4), ((0.12, 0.1215), 4)])
def test_a_hollow_thing_is_turned_to_what_looks_the_same(inner: tuple[float, float], count: int) -> None:
    turns = turns_to(tray("tray", 0.5, 0.0, 0.2, inner), 0.5, True)
    assert sorted(turns[:count]) == pytest.approx(
        sorted(math.remainder(0.3 + n * 2 * math.pi / count, 2 * math.pi) for n in range(count))
    )
    assert len(turns) == 3 * count


def test_what_has_a_handle_has_one_heading() -> None:
    mug = ObjectSpec(name="mug", category="mug", shape=Mug(inner_radius=0.035, height=0.08))
    stands = built_object(mug, Pose.from_yaw((0.5, 0.0, 0.04), 0.2), build_shape(mug))
    assert turns_to(stands, 0.5, True) == pytest.approx([0.3, 0.3 + TOLERANCE, 0.3 - TOLERANCE])


@pytest.mark.parametrize(
    ("axes", "expected"),
    [("robot", (0.5 + 0.1, -0.02 + 0.06)), ("object", (0.5 + 0.1 * math.cos(0.4) - 0.06 * math.sin(0.4), None))],
)
def test_a_place_can_be_told_from_another_thing(axes: str, expected: tuple[float, float | None]) -> None:
    primitive = place(x=0.1, y=0.06, target={"frame": "bar", "axes": axes})
    after = world_model().predict(primitive, held(), compiled(primitive, held()))
    x, y = expected[0], expected[1] if expected[1] is not None else -0.02 + 0.1 * math.sin(0.4) + 0.06 * math.cos(0.4)
    assert after.get("red_block").centre[:2] == pytest.approx([x, y], abs=1e-5)


def test_a_frame_that_cannot_be_is_told() -> None:
    words = refused(place(target={"frame": "baar"}), held())
    assert words == ["unknown_object: There is no object named 'baar' in the scene. Did you mean 'bar'?"]
    words = refused(place(target={"frame": "red_block"}), held())
    assert words == ["no_free_place: red_block cannot be put in relation to itself."]
    with pytest.raises(ValueError, match="`axes` 'object' needs a `frame`"):
        AtTarget(x=0.1, y=0.0, axes="object")


def test_the_thing_from_which_a_place_is_told_has_to_stay() -> None:
    trajectory = compiled(place(x=0.1, y=0.06, target={"frame": "bar"}), held())
    lower = next(segment for segment in trajectory.segments if segment.name == "lower")
    assert [expected.object for expected in lower.expects] == ["bar"]


def test_wishes_go_together() -> None:
    primitive = pick("bar", yaw=0.4 + math.pi / 2, approach="right", opening=0.05, duration=2.5, force=20.0, force_limit=25.0)
    trajectory = compiled(primitive, scene())
    assert trajectory.segments[0].end == pytest.approx(2.5, abs=0.01)
    assert (trajectory.gripper[0].width, trajectory.gripper[1].force) == pytest.approx((0.05, 20.0))
    assert all(segment.force_limit == 25.0 for segment in trajectory.segments)
    assert PANDA.gripper.max_width >= 0.05
    with pytest.raises(ValueError, match="approach"):
        PickParameters.model_validate({"object": "bar", "approach": "above"})


def test_the_fastest_timing_shortens_the_free_motions_alone() -> None:
    kept, fastest = (compiled(pick(timing=timing), scene()) for timing in ("keep", "fastest"))
    for slow, quick in zip(kept.segments, fastest.segments, strict=True):
        ratio = (quick.end - quick.start) / (slow.end - slow.start)
        assert ratio < 0.9 if slow.name == "approach" else ratio == pytest.approx(1.0, abs=1e-2)


def test_a_duration_and_the_fastest_timing_are_two_wishes() -> None:
    with pytest.raises(
        ValidationError, match="`timing` 'fastest' and a `duration` of 2 s are two requests for the time: choose one"
    ):
        pick(timing="fastest", duration=2.0)
