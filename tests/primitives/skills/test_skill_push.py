from __future__ import annotations

import math

import numpy as np
import pytest
from compile_scenes import block, compiler, holding, standing, table_scene, world_model
from hypothesis import given, settings
from hypothesis import strategies as st
from panda_arm import PANDA
from pydantic import ValidationError

from lmp.primitives.handling.push_geometry import pushes
from lmp.primitives.places.footprints import outline
from lmp.primitives.skills.push import PUSH, PushParameters
from lmp.schema.scene import Scene
from lmp.schema.shape import Box, Cylinder
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict

GRIPPER = PANDA.gripper


def compiled(parameters: PushParameters, scene: Scene) -> JointTrajectory:
    result = compiler().compile(parameters, scene)
    assert isinstance(result, JointTrajectory), str(result)
    return result


@settings(max_examples=60)
@given(yaw=st.floats(-3.1, 3.1), angle=st.floats(-3.1, 3.1), x=st.floats(0.02, 0.1), y=st.floats(0.02, 0.1))
def test_the_stretches_of_a_push_add_up_and_face_what_they_push(yaw: float, angle: float, x: float, y: float) -> None:
    thing = standing("box", Box(size=(x, y, 0.04)), 0.5, 0.0, yaw)
    way = 0.1 * np.array([math.cos(angle), math.sin(angle)])
    steps = pushes(outline(thing), way, GRIPPER)
    assert sum(step.way for step in steps) == pytest.approx(way, abs=0.0041)
    for step in steps:
        # Within the friction cone of the fingers on the face, of which the fingers lie flat.
        assert step.way @ step.normal >= math.cos(math.radians(12.1)) * np.linalg.norm(step.way)
        local = np.array([math.cos(yaw), math.sin(yaw)])
        along = abs(step.normal @ local)
        assert min(along, 1 - along) == pytest.approx(0.0, abs=1e-6)
        assert step.contact == pytest.approx((x if along > 0.5 else y) / 2)
        assert 0.0 <= step.opening <= GRIPPER.max_width


def test_round_things_lie_between_both_fingers() -> None:
    radius = 0.04
    (step,) = pushes(outline(standing("can", Cylinder(radius=radius, height=0.05), 0.5, 0.0)), np.array([0.0, 0.1]), GRIPPER)
    # The inner edges of the fingers touch the circle: Pythagoras gives the depth to which it lies between them.
    assert step.opening > 0.0
    assert step.contact == pytest.approx(math.sqrt(radius**2 - (step.opening / 2) ** 2), abs=0.0015)


@pytest.mark.parametrize(("dx", "dy"), [(0.1, 0.0), (0.0, -0.12), (-0.05, 0.0)])
def test_the_hand_ends_a_contact_behind_the_goal(dx: float, dy: float) -> None:
    thing = block("red_block", 0.5, 0.0, 0.04)
    trajectory = compiled(PushParameters(object="red_block", dx=dx, dy=dy), table_scene(thing))
    push = next(segment for segment in trajectory.segments if segment.name == "push")
    way = np.array([dx, dy])
    front = 0.02 + GRIPPER.finger_width / 2
    direction = way / np.linalg.norm(way)
    start, end = (trajectory.tool_path[round(t * 1000)] for t in (push.start, push.end))
    assert start[:2] == pytest.approx(np.array([0.5, 0.0]) - direction * front, abs=1e-6)
    assert end[:2] - start[:2] == pytest.approx(way, abs=1e-6)
    # Straight, low over the table, and slow.
    rows = slice(round(push.start * 1000), round(push.end * 1000))
    across = trajectory.tool_path[rows, :2] @ np.array([-direction[1], direction[0]])
    assert np.ptp(across) < 1e-5
    assert trajectory.tool_path[rows, 2] - GRIPPER.tip_length == pytest.approx(0.006, abs=1e-5)
    assert np.linalg.norm(np.diff(trajectory.tool_path[rows], axis=0), axis=1).max() * 1e3 <= 0.081


def test_the_prediction_moves_the_thing_and_nothing_else() -> None:
    scene = table_scene(block("red_block", 0.5, 0.0), block("blue_block", 0.4, 0.25))
    parameters = PushParameters(object="red_block", dx=0.0, dy=-0.1)
    after = world_model().predict(parameters, scene, compiled(parameters, scene))
    assert after.get("red_block").pose.position == pytest.approx((0.5, -0.1, 0.02))
    assert after.get("blue_block") == scene.get("blue_block")
    assert after.get("red_block").touching == ("table",)


def codes(parameters: PushParameters, scene: Scene) -> list[tuple[str, str | None]]:
    result = compiler().compile(parameters, scene)
    assert isinstance(result, Verdict)
    return [(violation.code, violation.object) for violation in result.violations]


def test_what_cannot_be_pushed_is_refused() -> None:
    red, blue = block("red_block", 0.5, 0.0), block("blue_block", 0.5, 0.1)
    assert codes(PushParameters(object="red_block", dx=0.0, dy=0.1), table_scene(red, blue)) == [("collision", "blue_block")]
    edge = block("red_block", 0.75, 0.0)
    assert codes(PushParameters(object="red_block", dx=0.2, dy=0.0), table_scene(edge)) == [("out_of_workspace", "red_block")]
    assert codes(PushParameters(object="table", dx=0.1, dy=0.0), table_scene(red)) == [("not_movable", "table")]
    held = holding(table_scene(red, block("blue_block", 0.4, 0.25)), "blue_block")
    assert codes(PushParameters(object="red_block", dx=0.1, dy=0.0), held) == [("already_holding", "blue_block")]


def test_a_neighbour_that_is_left_behind_does_not_matter() -> None:
    red, blue = block("red_block", 0.5, 0.0), block("blue_block", 0.5, 0.041)
    compiled(PushParameters(object="red_block", dx=-0.1, dy=0.0), table_scene(red))
    assert codes(PushParameters(object="red_block", dx=0.0, dy=0.05), table_scene(red, blue))[0] == ("collision", "blue_block")
    result = compiler().compile(PushParameters(object="red_block", dx=-0.06, dy=0.0), table_scene(red, blue))
    assert isinstance(result, JointTrajectory) or result.violations[0].object == "blue_block"


@pytest.mark.parametrize(("dx", "dy"), [(0.0, 0.0), (0.005, 0.005), (0.35, 0.35)])
def test_too_short_and_too_long_is_refused_by_the_parameters(dx: float, dy: float) -> None:
    with pytest.raises(ValidationError, match=r"has to be between 0\.01 m and 0\.4 m"):
        PushParameters(object="red_block", dx=dx, dy=dy)


def test_the_example_is_valid_and_says_the_skill() -> None:
    spec = PUSH.spec
    assert spec.name == spec.example.kind == "push"
    assert spec.parameters.model_validate_json(spec.example.model_dump_json()) == spec.example
