"""Fingers on a linkage of six joints in PyBullet: they follow one width, stay parallel, press as told, and hold by friction."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from scripted_hand import ScriptedHand

from lmp.robots.robot_file import load_robot
from lmp.schema.world_spec import WorldSpec
from lmp.sims.pybullet.pybullet_world import PyBulletWorld

XARM = load_robot("xarm6")


@pytest.fixture(scope="module")
def world() -> Iterator[PyBulletWorld]:
    with PyBulletWorld.open(WorldSpec(address="pybullet:tabletop", seed=3), XARM) as opened:
        yield opened


def fingers(world: PyBulletWorld) -> np.ndarray:
    """Positions of the gripper's joints [rad]. Shape (6,)."""
    joints = [world.engine.getJointInfo(world.robot.uid, index) for index in range(world.engine.getNumJoints(world.robot.uid))]
    number = {joint[1].decode(): joint[0] for joint in joints}
    return np.array([world.engine.getJointState(world.robot.uid, number[name])[0] for name in XARM.finger_joints])


def thing(world: PyBulletWorld, name: str):
    return next(found for found in world.scene().objects if found.name == name)


@pytest.mark.parametrize("width", [0.0016, 0.03, 0.084])
def test_all_joints_go_where_a_width_has_them(world: PyBulletWorld, width: float) -> None:
    hand = ScriptedHand(world)
    hand.grip(width, seconds=1.2)
    assert world.robot.get_observation().gripper_width == pytest.approx(width, abs=5e-4)
    np.testing.assert_allclose(fingers(world), XARM.fingers.joint_positions(width), atol=5e-3)


def test_a_block_is_pressed_as_told_and_held_by_friction_between_parallel_pads(world: PyBulletWorld) -> None:
    hand = ScriptedHand(world)
    hand.pick("red_block")
    assert thing(world, "red_block").held
    assert thing(world, "red_block").touching == ("robot",)
    start = hand.tool.inverse() @ thing(world, "red_block").pose
    hand.grip(0.0, force=12.0, seconds=2.0)
    end = hand.tool.inverse() @ thing(world, "red_block").pose
    assert np.linalg.norm(np.subtract(start.position, end.position)) < 2e-3
    uid = next(uid for uid, name in world.names.items() if name == "red_block")
    points = world.engine.getContactPoints(world.robot.uid, uid)
    pressed = [sum(point[9] for point in points if point[3] == link) for link in world.robot.finger_links]
    assert pressed == pytest.approx([12.0, 12.0], rel=0.2)
    assert np.ptp(fingers(world)) < 0.02
    hand.grip(XARM.max_width)
    assert not thing(world, "red_block").held
