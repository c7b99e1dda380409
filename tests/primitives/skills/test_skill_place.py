from __future__ import annotations

import numpy as np
import pytest
from compile_scenes import block, compiler, holding, random_scene, standing, table_scene, tray, world_model
from hypothesis import given, settings
from hypothesis import strategies as st

from lmp.meaning.conditions import At, AtTarget, BesideTarget, In, InTarget, LeftOf, NextTo, On, OnTarget
from lmp.meaning.relations import holds
from lmp.primitives.skills.place import PLACE, PlaceParameters
from lmp.schema.scene import Scene
from lmp.schema.shape import Cylinder
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict

RED, BLUE = block("red_block", 0.5, 0.1, yaw=0.3), block("blue_block", 0.42, -0.2, 0.05)


def placed(parameters: PlaceParameters, scene: Scene) -> tuple[JointTrajectory, Scene]:
    result = compiler().compile(parameters, scene)
    assert isinstance(result, JointTrajectory), str(result)
    return result, world_model().predict(parameters, scene, result)


def test_it_lowers_lets_go_and_goes_up() -> None:
    scene = holding(table_scene(RED, BLUE), "red_block")
    trajectory, _ = placed(PlaceParameters(object="red_block", target=OnTarget(support="blue_block")), scene)
    assert [segment.name for segment in trajectory.segments] == ["carry", "lower", "release", "retreat"]
    (opened,) = trajectory.gripper
    assert opened.action == "open" and opened.width > 0.045
    release = trajectory.tool_path[round(opened.t * 1000)]
    assert trajectory.tool_path[-1] - release == pytest.approx([0.0, 0.0, 0.08], abs=1e-6)


@pytest.mark.parametrize("height", [0.002, 0.03])
def test_the_release_height_is_the_free_height_below(height: float) -> None:
    scene = holding(table_scene(RED), "red_block")
    grasp_height = scene.get("red_block").pose.position[2] - compiler().situation(scene).T_world_tool[2, 3]
    trajectory, after = placed(
        PlaceParameters(object="red_block", target=AtTarget(x=0.45, y=0.0), release_height=height), scene
    )
    release = trajectory.tool_path[round(trajectory.gripper[0].t * 1000)]
    assert release[2] + grasp_height - 0.02 == pytest.approx(height, abs=1e-6)
    assert after.get("red_block").pose.position == pytest.approx((0.45, 0.0, 0.02), abs=1e-6)


@pytest.mark.parametrize(
    ("target", "condition"),
    [
        (OnTarget(support="blue_block"), On(object="red_block", support="blue_block")),
        (OnTarget(support="table"), On(object="red_block", support="table")),
        (InTarget(container="tray"), In(object="red_block", container="tray")),
        (BesideTarget(reference="blue_block", side="left"), LeftOf(object="red_block", reference="blue_block")),
        (BesideTarget(reference="tray"), NextTo(object="red_block", reference="tray")),
        (AtTarget(x=0.4, y=0.0), At(object="red_block", x=0.4, y=0.0)),
    ],
)
def test_the_prediction_satisfies_the_condition(target: OnTarget, condition: On) -> None:
    scene = holding(table_scene(RED, BLUE, tray("tray", 0.55, 0.3)), "red_block")
    _, after = placed(PlaceParameters(object="red_block", target=target), scene)
    result = holds(condition, after)
    assert result.holds, result.measured
    assert not after.get("red_block").held
    below = after.get("red_block").touching
    assert below is not None and all("red_block" in (after.get(name).touching or ()) for name in below)


def test_into_a_narrow_cup_it_drops_from_over_the_rim() -> None:
    cup = tray("cup", 0.5, 0.25, inner=(0.052, 0.052))
    scene = holding(table_scene(RED, cup), "red_block")
    trajectory, after = placed(PlaceParameters(object="red_block", target=InTarget(container="cup")), scene)
    assert "dropped" in trajectory.candidate
    assert holds(In(object="red_block", container="cup"), after).holds


def test_with_an_empty_hand_it_is_refused() -> None:
    verdict = compiler().compile(
        PlaceParameters(object="red_block", target=OnTarget(support="blue_block")), table_scene(RED, BLUE)
    )
    assert isinstance(verdict, Verdict)
    assert [violation.code for violation in verdict.violations] == ["not_holding"]
    assert verdict.violations[0].hint == "Pick red_block first."


@settings(max_examples=8)
@given(seed=st.integers(0, 10_000))
def test_pick_and_place_on_the_table_round_trip(seed: int) -> None:
    """What is picked up and put down stays upright, and everything else stays where it was."""
    scene = random_scene(seed, 4)
    can = standing("can", Cylinder(radius=0.02, height=0.05), 0.45, 0.46)
    scene = scene.model_copy(update={"objects": (*scene.objects, can)})
    _, after = placed(PlaceParameters(object="can", target=OnTarget(support="table")), holding(scene, "can"))
    assert after.get("can").tilt == pytest.approx(0.0, abs=1e-6)
    assert after.get("can").bounds[0][2] == pytest.approx(0.0, abs=1e-6)
    for thing in scene.objects:
        if thing.name != "can":
            assert np.allclose(after.get(thing.name).pose.matrix, thing.pose.matrix)


def test_the_example_is_valid_and_says_the_skill() -> None:
    spec = PLACE.spec
    assert spec.name == spec.example.kind == "place"
    assert spec.parameters.model_validate_json(spec.example.model_dump_json()) == spec.example
