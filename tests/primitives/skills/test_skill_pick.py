from __future__ import annotations

import numpy as np
import pytest
from compile_scenes import block, compiler, holding, standing, table_scene, tray
from panda_arm import PANDA, kinematics

from lmp.primitives.skills.pick import PICK, PickParameters
from lmp.schema.scene import Scene
from lmp.schema.shape import Box
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict

RED = block("red_block", 0.5, 0.1, yaw=0.3)


def compiled(parameters: PickParameters, scene: Scene) -> JointTrajectory:
    result = compiler().compile(parameters, scene)
    assert isinstance(result, JointTrajectory), str(result)
    return result


def codes(parameters: PickParameters, scene: Scene) -> list[str]:
    result = compiler().compile(parameters, scene)
    assert isinstance(result, Verdict)
    return [violation.code for violation in result.violations]


def test_it_opens_comes_down_closes_and_lifts() -> None:
    trajectory = compiled(PickParameters(object="red_block", lift=0.1, force=25.0), table_scene(RED))
    assert [segment.name for segment in trajectory.segments] == ["approach", "descend", "grasp", "lift"]
    opened, closed = trajectory.gripper
    assert (opened.action, opened.t) == ("open", 0.0)
    assert (closed.action, closed.force) == ("close", 25.0)
    grasp = trajectory.segments[2]
    assert closed.t == pytest.approx(grasp.start)
    # The arm stands still while the fingers close, for longer than they need.
    still = (trajectory.times >= grasp.start) & (trajectory.times <= grasp.end)
    assert np.ptp(trajectory.positions[still], axis=0) == pytest.approx(0.0, abs=1e-12)
    assert grasp.end - grasp.start > (opened.width - 0.04) / PANDA.gripper.speed
    at_grasp = trajectory.tool_path[round(closed.t * 1000)]
    assert at_grasp[:2] == pytest.approx([0.5, 0.1], abs=1e-6)
    assert trajectory.tool_path[-1] - at_grasp == pytest.approx([0.0, 0.0, 0.1], abs=1e-6)


def test_only_the_last_segments_may_touch_the_thing() -> None:
    trajectory = compiled(PickParameters(object="red_block"), table_scene(RED))
    allowed = [segment.allowed_contacts for segment in trajectory.segments]
    assert allowed[:2] == [(), ()]
    assert ("fingers", "red_block") in allowed[2] and ("red_block", "table") in allowed[3]


def test_the_rank_of_the_grasp_changes_the_grasp() -> None:
    labels = {compiled(PickParameters(object="red_block", grasp=rank), table_scene(RED)).candidate for rank in range(3)}
    assert len(labels) == 3


def test_the_prediction_holds_the_thing_where_the_hand_is() -> None:
    scene = table_scene(RED)
    after = holding(scene, "red_block")
    thing = after.get("red_block")
    assert thing.held
    assert thing.pose.position == pytest.approx((0.5, 0.1, 0.02 + 0.12), abs=1e-6)
    assert thing.pose.quat_xyzw == pytest.approx(RED.pose.quat_xyzw, abs=1e-6)
    assert thing.touching == ("robot",)
    assert after.get("table").touching == ()
    assert after.robot.gripper_width == pytest.approx(0.04)
    tool = kinematics().forward(after.robot.positions)
    assert tool[:2, 3] == pytest.approx([0.5, 0.1], abs=1e-6)


def test_the_hand_can_take_a_tray_at_its_wall() -> None:
    after = holding(table_scene(tray("tray", 0.5, 0.1)), "tray")
    assert after.robot.gripper_width == pytest.approx(0.005)


def test_complaints_come_together() -> None:
    pile = table_scene(RED, standing("top", Box(size=(0.03, 0.03, 0.03)), 0.5, 0.1))
    top = pile.get("top")
    raised = top.model_copy(
        update={"pose": top.pose.model_copy(update={"position": (0.5, 0.1, 0.055)}), "touching": ("red_block",)}
    )
    pile = pile.replacing(raised)
    assert codes(PickParameters(object="red_block", force=150.0), pile) == ["not_graspable", "force_limit"]


def test_what_cannot_be_taken_is_refused() -> None:
    assert codes(PickParameters(object="cup"), table_scene(RED)) == ["unknown_object"]
    assert codes(PickParameters(object="table"), table_scene(RED)) == ["not_movable"]
    assert codes(PickParameters(object="crate"), table_scene(block("crate", 0.5, 0.0, 0.09))) == ["not_graspable"]
    held = holding(table_scene(RED, block("blue_block", 0.4, -0.2)), "red_block")
    assert codes(PickParameters(object="blue_block"), held) == ["already_holding"]


def test_the_example_is_valid_and_says_the_skill() -> None:
    spec = PICK.spec
    assert spec.name == spec.example.kind == "pick"
    assert spec.parameters.model_validate_json(spec.example.model_dump_json()) == spec.example
