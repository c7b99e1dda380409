from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from flying_hand import FlyingHand, block
from hypothesis import given, settings
from hypothesis import strategies as st

from lmp.errors import BadFile, RobotFault, SetupFault, UnknownName
from lmp.lab.disturbances.at_once import strike_now
from lmp.robots.robot_file import load_robot
from lmp.schema.pose import Pose
from lmp.schema.scene import SceneObject
from lmp.schema.shape import Cylinder
from lmp.schema.world_spec import WorldSpec
from lmp.sims.kinematic.kinematic_world import KinematicWorld
from lmp.sims.scenes.loader import load_scene_file
from lmp.sims.scenes.ready_shapes import build_shape, built_object
from lmp.sims.world_report import world_report


def tabletop_thing(name: str, x: float, y: float, yaw: float = 0.0) -> SceneObject:
    spec = next(thing for thing in load_scene_file("tabletop").objects if thing.name == name)
    built = build_shape(spec)
    down = built.shape.support(np.array([0.0, 0.0, -1.0]))
    return built_object(spec, Pose.from_yaw((x, y, down), yaw), built)


@given(yaw=st.floats(-0.7, 0.7), off=st.floats(-0.01, 0.01), size=st.floats(0.02, 0.05))
@settings(max_examples=20)
def test_a_grasped_block_moves_rigidly_with_the_tool(yaw: float, off: float, size: float) -> None:
    hand = FlyingHand([block("b", 0.5 - off * math.sin(yaw), 0.1 + off * math.cos(yaw), size, yaw=yaw)])
    hand.pick(0.5, 0.1, size / 2, yaw)
    thing = hand.found("b")
    assert thing.held
    assert hand.world.gripper.width == pytest.approx(size, abs=1e-6)
    assert thing.touching == ("robot",)
    np.testing.assert_allclose(thing.position, [0.5, 0.1, 0.3], atol=1.1e-3)  # The fingers centre it.
    hand.go(0.4, -0.2, 0.35, yaw + 0.5)
    np.testing.assert_allclose(hand.position("b"), [0.4, -0.2, 0.35], atol=1.1e-3)
    assert Pose(position=(0, 0, 0), quat_xyzw=hand.found("b").quaternion).yaw == pytest.approx(yaw + 0.5, abs=1e-6)


@pytest.mark.parametrize(("dx", "dy"), [(0.05, 0.0), (0.0, 0.07), (0.0, 0.0)])
def test_fingers_that_miss_hold_nothing(dx: float, dy: float) -> None:
    hand = FlyingHand([block("b", 0.5, 0.1, 0.04)])
    hand.go(0.5 + dx, 0.1 + dy, 0.3)
    hand.go(0.5 + dx, 0.1 + dy, 0.02 if dx or dy else 0.09)  # Beside it, or above it.
    hand.grip(0.0)
    assert not hand.found("b").held
    assert hand.world.gripper.width == 0.0
    np.testing.assert_allclose(hand.position("b"), [0.5, 0.1, 0.02], atol=1e-9)


def test_a_block_that_is_wider_than_the_hand_is_not_held() -> None:
    hand = FlyingHand([block("b", 0.5, 0.1, 0.09)])
    hand.go(0.5, 0.1, 0.045)
    hand.grip(0.0)
    assert not hand.found("b").held


def test_let_go_it_falls_to_what_is_below() -> None:
    hand = FlyingHand([block("b", 0.5, 0.1, 0.04), block("base", 0.6, -0.1, 0.05)])
    hand.pick(0.5, 0.1, 0.02)
    hand.put(0.61, -0.1, 0.1)
    np.testing.assert_allclose(hand.position("b"), [0.61, -0.1, 0.07], atol=1e-6)
    assert hand.touching("b") == {"base"}
    assert hand.touching("base") == {"table", "b"}
    hand.pick(0.61, -0.1, 0.07)
    hand.put(0.3, 0.3, 0.2)
    np.testing.assert_allclose(hand.position("b"), [0.3, 0.3, 0.02], atol=1e-6)
    assert hand.touching("b") == {"table"}


def test_beside_the_table_it_falls_to_the_floor() -> None:
    hand = FlyingHand([block("b", 0.5, 0.1, 0.04)])
    hand.pick(0.5, 0.1, 0.02)
    hand.put(1.2, 0.1, 0.1)
    assert hand.position("b")[2] == pytest.approx(-0.68)
    assert hand.touching("b") == set()


@given(dx=st.floats(-0.05, 0.05), dy=st.floats(-0.05, 0.05), yaw=st.floats(-3.0, 3.0))
@settings(max_examples=20)
def test_over_a_bowl_it_falls_inside(dx: float, dy: float, yaw: float) -> None:
    bowl = tabletop_thing("bowl", 0.6, -0.2, yaw)
    hand = FlyingHand([block("b", 0.5, 0.1, 0.04), bowl])
    hand.pick(0.5, 0.1, 0.02)
    hand.put(0.6 + dx, -0.2 + dy, 0.12)
    assert hand.touching("b") == {"bowl"}
    assert bowl.cavity is not None
    floor = bowl.pose.position[2] + bowl.cavity.floor
    assert hand.position("b")[2] == pytest.approx(floor + 0.02, abs=1e-6)
    corners = 0.02 * math.sqrt(2.0)
    assert np.hypot(*(hand.position("b")[:2] - [0.6, -0.2])) + corners <= bowl.cavity.half_x + 0.01


def test_what_stands_on_a_lifted_thing_comes_along() -> None:
    hand = FlyingHand([block("low", 0.5, 0.1, 0.05), block("high", 0.51, 0.1, 0.03, z=0.065)])
    hand.pick(0.5, 0.1, 0.02)
    np.testing.assert_allclose(hand.position("high") - hand.position("low"), [0.01, 0.0, 0.04], atol=1e-9)
    assert [thing.held for thing in world_report(hand.world)] == [True, False]
    hand.put(0.3, -0.2, 0.021)
    np.testing.assert_allclose(hand.position("high"), [0.31, -0.2, 0.065], atol=1e-6)


@given(angle=st.floats(-math.pi, math.pi), yaw=st.floats(-0.7, 0.7))
@settings(max_examples=20)
def test_closed_fingers_push_along_their_motion(angle: float, yaw: float) -> None:
    hand = FlyingHand([block("b", 0.5, 0.0, 0.05, yaw=yaw)])
    hand.grip(0.0)
    way = np.array([math.cos(angle), math.sin(angle)])
    start, end = np.array([0.5, 0.0]) - 0.1 * way, np.array([0.5, 0.0]) + 0.1 * way
    hand.go(*start, 0.2, angle)
    hand.go(*start, 0.02, angle)
    hand.go(*end, 0.02, angle)
    moved = hand.position("b") - [0.5, 0.0, 0.025]
    assert abs(moved[0] * -way[1] + moved[1] * way[0]) < 1e-6  # Only along the motion.
    assert 0.1 + 0.025 <= moved[:2] @ way <= 0.1 + 0.025 * math.sqrt(2.0) + 0.0101  # Pushed by its half width and the finger's.
    assert moved[2] == pytest.approx(0.0, abs=1e-9)


def test_a_hand_above_pushes_nothing() -> None:
    hand = FlyingHand([block("b", 0.5, 0.0, 0.05)])
    hand.grip(0.0)
    hand.go(0.4, 0.0, 0.06)
    hand.go(0.6, 0.0, 0.06)
    np.testing.assert_array_equal(hand.position("b"), [0.5, 0.0, 0.025])


def test_save_and_restore_in_a_new_world_keep_the_grasp(tmp_path: Path) -> None:
    things = [block("b", 0.5, 0.1, 0.04), block("c", 0.6, -0.1, 0.05)]
    one, other = FlyingHand(things), FlyingHand(things)
    one.pick(0.5, 0.1, 0.02)
    one.world.save(tmp_path / "state.json")
    other.world.restore(tmp_path / "state.json")
    for hand in (one, other):
        hand.put(0.6, -0.1, 0.15)
    assert world_report(one.world) == world_report(other.world)
    assert other.touching("b") == {"c"}


def test_a_state_of_other_objects_is_refused(tmp_path: Path) -> None:
    FlyingHand([block("b", 0.5, 0.1)]).world.save(tmp_path / "state.json")
    with pytest.raises(BadFile, match="the world has"):
        FlyingHand([block("c", 0.5, 0.1)]).world.restore(tmp_path / "state.json")
    (tmp_path / "bad.json").write_text("[]")
    with pytest.raises(BadFile, match="saved state"):
        FlyingHand([]).world.restore(tmp_path / "bad.json")


@pytest.mark.parametrize("seed", range(5))
def test_tabletop_starts_at_rest_and_is_the_same_for_a_seed(seed: int) -> None:
    one, other = (
        KinematicWorld.open(WorldSpec(address="kinematic:tabletop", seed=seed), load_robot("panda")) for _ in range(2)
    )
    assert world_report(one) == world_report(other)
    before = world_report(one)
    one.settle(1.0)
    assert world_report(one) == before
    assert {thing.touching for thing in before} == {("table",)}
    assert one.time == pytest.approx(1.0)


@pytest.mark.parametrize("seed", range(10))
def test_a_shifted_target_lies_5_to_15_cm_away_within_the_workspace(seed: int) -> None:
    world = KinematicWorld.open(WorldSpec(address="kinematic:tabletop", seed=seed), load_robot("panda"))
    before = {thing.name: np.array(thing.position) for thing in world_report(world)}
    strike_now(world, "shift-target", "red_block")
    after = {thing.name: np.array(thing.position) for thing in world_report(world)}
    assert 0.05 <= np.linalg.norm(after["red_block"] - before["red_block"]) <= 0.15 + 1e-9
    assert all((after[name] == before[name]).all() for name in before if name != "red_block")
    assert (np.array(world.scene().workspace.lower)[:2] < after["red_block"][:2]).all()


def test_wrong_use_says_what_is_allowed() -> None:
    world = FlyingHand([block("b", 0.5, 0.1)]).world
    with pytest.raises(UnknownName, match="shift-target"):
        strike_now(world, "shift-targets", "b")
    with pytest.raises(UnknownName, match="No movable object named 'table'"):
        strike_now(world, "shift-target", "table")
    with pytest.raises(SetupFault, match="Did you mean 'yaw'"):
        world.robot.send_action({"yaww": 0.0})
    with pytest.raises(SetupFault, match="leaves out y, z, yaw"):
        world.robot.send_action({"x": 0.0})
    with pytest.raises(RobotFault, match="finite"):
        world.robot.send_action({"x": math.nan, "y": 0.0, "z": 0.3, "yaw": 0.0})
    world.close()
    with pytest.raises(RobotFault, match="disconnected"):
        world.robot.send_action({})


def test_a_cylinder_is_held_at_its_diameter_whatever_the_yaw() -> None:
    can = SceneObject(
        name="can", category="can", pose=Pose(position=(0.5, 0.1, 0.03)), shape=Cylinder(radius=0.028, height=0.06)
    )
    for yaw in (0.0, 0.3, 1.2):
        hand = FlyingHand([can])
        hand.pick(0.5, 0.1, 0.03, yaw)
        assert hand.world.gripper.width == pytest.approx(0.056, rel=0.005)
