"""The simulated arm and hand: tracking, limits, and grasps by friction alone."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scripted_hand import ScriptedHand

from lmp.errors import RobotFault, SetupFault, UnknownName
from lmp.robots.robot_file import load_robot
from lmp.schema.pose import Pose
from lmp.schema.world_spec import WorldSpec
from lmp.sims.pybullet.pybullet_world import PyBulletWorld
from lmp.sims.scenes.loader import load_scene_file
from lmp.stages import Robot

PANDA = load_robot("panda")
NAMES = PANDA.joint_names


@pytest.fixture
def world() -> PyBulletWorld:
    with PyBulletWorld.open(WorldSpec(address="pybullet:tabletop", seed=0), PANDA) as opened:
        yield opened


def action(joints: np.ndarray, **more: float) -> dict[str, float]:
    return dict(zip(NAMES, (float(value) for value in joints), strict=True)) | more


def thing(world: PyBulletWorld, name: str):
    return next(found for found in world.scene().objects if found.name == name)


@pytest.mark.parametrize("rate_hz", [100.0, 240.0, 1000.0])
def test_a_fast_motion_is_followed(rate_hz: float) -> None:
    """1.5 rad in 1.5 s, minimum jerk: peak speed 1.9 rad/s, near the limit of the slowest joints."""
    with PyBulletWorld(load_scene_file("tabletop"), PANDA, 0, rate_hz=rate_hz) as world:
        rest, way = np.array(PANDA.rest), np.array([1.5, 0.8, -1.5, -0.6, 1.5, 1.2, -1.5])
        count, worst = round(1.5 * rate_hz), 0.0
        for phase in np.arange(1, count + 1) / count:
            goal = rest + way * phase**3 * (10 - 15 * phase + 6 * phase**2)
            sent = world.robot.send_action(action(goal))
            assert [sent[name] for name in NAMES] == pytest.approx(goal, abs=1e-12)
            worst = max(worst, np.abs(np.array(world.robot.get_observation().positions) - goal).max())
        assert worst < 1e-2
        world.settle(0.5)
        assert np.abs(np.array(world.robot.get_observation().positions) - goal).max() < 1e-3
        assert world.time == pytest.approx(2.0, abs=1e-9)


def test_targets_are_clipped_to_limits_and_speed(world: PyBulletWorld) -> None:
    far = np.array(PANDA.rest)
    far[0] = 10.0
    sent = world.robot.send_action(action(far, gripper=1.0, gripper_force=1e6))
    assert sent["panda_joint1"] == pytest.approx(PANDA.rest[0] + PANDA.joints[0].velocity / world.rate_hz)
    assert sent["gripper"] == PANDA.gripper.max_width
    assert sent["gripper_force"] == PANDA.gripper.max_force
    for _ in range(round(2.0 * world.rate_hz)):
        sent = world.robot.send_action(action(far))
    assert sent["panda_joint1"] == PANDA.joints[0].upper
    assert sent["gripper"] == PANDA.gripper.max_width
    assert world.robot.get_observation().positions[0] == pytest.approx(PANDA.joints[0].upper, abs=1e-3)


def test_wrong_actions_move_nothing(world: PyBulletWorld) -> None:
    rest = action(np.array(PANDA.rest))
    with pytest.raises(UnknownName, match=r"No joint named 'panda_joint8'. Did you mean 'panda_joint"):
        world.robot.send_action(rest | {"panda_joint8": 0.0})
    with pytest.raises(SetupFault, match="leaves out panda_joint7"):
        world.robot.send_action({name: value for name, value in rest.items() if name != "panda_joint7"})
    with pytest.raises(RobotFault, match="'panda_joint2' has to be a finite number, got nan"):
        world.robot.send_action(rest | {"panda_joint2": math.nan})
    world.robot.disconnect()
    world.robot.disconnect()
    with pytest.raises(RobotFault, match="is disconnected; call connect"):
        world.robot.send_action(rest)
    world.robot.connect()
    world.robot.connect()
    assert world.ticks == 0
    world.robot.send_action(rest)
    assert world.ticks == 1
    assert isinstance(world.robot, Robot)


@pytest.mark.parametrize("name", ["red_block", "green_block", "blue_block", "yellow_block", "can", "ball"])
def test_a_grasp_holds_by_friction(world: PyBulletWorld, name: str) -> None:
    hand = ScriptedHand(world)
    hand.pick(name)
    assert thing(world, name).held
    assert thing(world, name).touching == ("robot",)
    assert [found.name for found in world.scene().objects if found.held] == [name]
    start = hand.tool.inverse() @ thing(world, name).pose
    assert abs(start.position[1]) < 5e-4, "it is not in the middle between the fingers"
    world.settle(3.0)
    end = hand.tool.inverse() @ thing(world, name).pose
    assert np.linalg.norm(np.subtract(start.position, end.position)) < 2e-3
    width = world.robot.get_observation().gripper_width
    assert 0.0 <= width - thing(world, name).size[1] < 4e-3
    hand.grip(PANDA.gripper.max_width)
    assert not thing(world, name).held


def test_a_grasp_survives_shaking(world: PyBulletWorld) -> None:
    hand = ScriptedHand(world)
    hand.pick("blue_block")
    start, joints = hand.tool.inverse() @ thing(world, "blue_block").pose, world.robot.targets.copy()
    for tick in range(round(2.0 * world.rate_hz)):
        t = tick / world.rate_hz
        swing = min(1.0, t) * np.array([0.5 * math.sin(4.4 * t), 0, 0, 0, 0.4 * math.sin(5.6 * t), 0, 0])
        hand.send(joints + swing)
    end = hand.tool.inverse() @ thing(world, "blue_block").pose
    assert np.linalg.norm(np.subtract(start.position, end.position)) < 2e-3
    assert thing(world, "blue_block").held


def test_each_finger_presses_with_the_force_asked_for(world: PyBulletWorld) -> None:
    hand = ScriptedHand(world)
    hand.pick("red_block")
    for force in (10.0, 40.0):
        hand.grip(0.0, force)
        red = next(uid for uid, name in world.names.items() if name == "red_block")
        points = world.engine.getContactPoints(world.robot.uid, red)
        pressed = [sum(point[9] for point in points if point[3] == link) for link in world.robot.finger_links]
        assert pressed == pytest.approx([force, force], rel=0.2)


def test_without_friction_nothing_is_held(world: PyBulletWorld) -> None:
    """Proof that no glue is at work: the same grasp on slippery pads drops the block."""
    for link in world.robot.finger_links:
        world.engine.changeDynamics(world.robot.uid, link, lateralFriction=0.0, spinningFriction=0.0, frictionAnchor=0)
    hand = ScriptedHand(world)
    hand.pick("red_block")
    assert not thing(world, "red_block").held
    assert "table" in thing(world, "red_block").touching


def test_fingers_stay_symmetric_on_an_off_centre_block(world: PyBulletWorld) -> None:
    block = thing(world, "red_block")
    hand = ScriptedHand(world)
    yaw = (block.pose.yaw + math.pi / 4) % (math.pi / 2) - math.pi / 4
    x, y, z = np.array(block.pose.position) + Pose.from_yaw((0, 0, 0), yaw).apply(np.array([0.0, 0.012, 0.0]))
    hand.go((x, y, z + 0.1), yaw)
    hand.go((x, y, z), yaw)
    hand.grip(0.0)
    left, right = (world.engine.getJointState(world.robot.uid, link)[0] for link in world.robot.finger_links)
    assert left == pytest.approx(right, abs=2e-4)
    offset = (hand.tool.inverse() @ thing(world, "red_block").pose).position[1]
    assert abs(offset) < 1e-3
    assert thing(world, "red_block").held


def test_closing_on_nothing_ends_at_no_width(world: PyBulletWorld) -> None:
    hand = ScriptedHand(world)
    hand.grip(0.0, seconds=1.2)
    assert world.robot.get_observation().gripper_width < 1e-3
    hand.grip(0.05, seconds=1.0)
    assert world.robot.get_observation().gripper_width == pytest.approx(0.05, abs=5e-4)
