"""Faults of measuring and driving: late robots, late and noisy measurements."""

from __future__ import annotations

import numpy as np
import pytest

from lmp.lab.disturbances.disturber import Disturber
from lmp.robots.robot_file import load_robot
from lmp.schema.world_spec import WorldSpec
from lmp.sims.kinematic.kinematic_world import KinematicWorld
from lmp.sims.oracle_perceiver import OraclePerceiver
from lmp.sims.world_report import world_report
from lmp.stages import Robot

PANDA = load_robot("panda")


def step_of(robot: Robot, ticks: int) -> list[float]:
    """The measured position of the first joint while it is told to go on by 0.002 rad at each tick."""
    seen = []
    for tick in range(1, ticks + 1):
        goal = dict(zip(PANDA.joint_names, PANDA.rest, strict=True))
        goal["panda_joint1"] = 0.002 * tick
        robot.send_action(goal)
        seen.append(robot.get_observation().positions[0])
    return seen


@pytest.mark.parametrize("kind", ["late", "delay"])
@pytest.mark.parametrize("ticks", [0, 1, 8, 40])
def test_what_is_seen_lags_by_the_amount(kind: str, ticks: int) -> None:
    with KinematicWorld.open(WorldSpec(address="kinematic:tabletop", seed=0), PANDA) as world:
        robot = Disturber(f"{kind}:{ticks / world.rate_hz}", world).robot(world.robot)
        seen = step_of(robot, 60)
        expected = [0.002 * max(0, tick - ticks) for tick in range(1, 61)]
        assert seen[ticks:] == pytest.approx(expected[ticks:], abs=1e-9)


def test_a_late_robot_really_moves_late_and_a_late_measurement_does_not_move_it() -> None:
    for kind, behind in (("late", 8), ("delay", 0)):
        with KinematicWorld.open(WorldSpec(address="kinematic:tabletop", seed=0), PANDA) as world:
            step_of(Disturber(f"{kind}:0.04", world).robot(world.robot), 60)
            assert world.robot.get_observation().positions[0] == pytest.approx(0.002 * (60 - behind))


def test_poses_are_seen_late_while_the_robot_moves_and_as_they_are_after_a_rest() -> None:
    with KinematicWorld.open(WorldSpec(address="kinematic:tabletop", seed=0), PANDA) as world:
        disturber = Disturber("delay:0.1", world)
        robot, perceiver = disturber.robot(world.robot), disturber.perceiver(OraclePerceiver(world))
        step_of(robot, 40)
        old = perceiver.perceive(world.observe()).get("red_block").pose
        world.remove_object("red_block")
        step_of(robot, 10)
        assert perceiver.perceive(world.observe()).get("red_block").pose == old
        step_of(robot, 20)
        assert "red_block" not in perceiver.perceive(world.observe())
    with KinematicWorld.open(WorldSpec(address="kinematic:tabletop", seed=0), PANDA) as world:
        disturber = Disturber("delay:0.1", world)
        robot, perceiver = disturber.robot(world.robot), disturber.perceiver(OraclePerceiver(world))
        step_of(robot, 40)
        world.remove_object("red_block")
        world.settle(1.0)
        assert "red_block" not in perceiver.perceive(world.observe())


def test_noise_has_the_size_that_was_asked_for() -> None:
    with KinematicWorld.open(WorldSpec(address="kinematic:tabletop", seed=0), PANDA) as world:
        disturber = Disturber("noise:0.004", world)
        robot, perceiver = disturber.robot(world.robot), disturber.perceiver(OraclePerceiver(world))
        true = np.array(next(thing.position for thing in world_report(world) if thing.name == "red_block"))
        looks = [perceiver.perceive(world.observe()) for _ in range(80)]
        offsets = np.array([look.get("red_block").pose.position for look in looks]) - true
        assert offsets.std(axis=0) == pytest.approx(np.full(3, 0.004), rel=0.3)
        assert np.abs(offsets.mean(axis=0)).max() < 0.002
        assert len({look.get("table").pose for look in looks}) == 1
        joints = np.array([robot.get_observation().positions for _ in range(80)]) - world.robot.q
        assert joints.std() == pytest.approx(0.0008, rel=0.2)
        assert np.array(next(t.position for t in world_report(world) if t.name == "red_block")) == pytest.approx(true)


def test_robots_in_front_tell_what_the_robot_behind_tells() -> None:
    with KinematicWorld.open(WorldSpec(address="kinematic:tabletop", seed=0), PANDA) as world:
        for kind in ("late", "delay", "noise"):
            robot = Disturber(kind, world).robot(world.robot)
            assert isinstance(robot, Robot)
            assert robot.description is world.robot.description
            assert robot.simulated is True  # type: ignore[attr-defined]
        assert Disturber("knock", world).robot(world.robot) is world.robot
