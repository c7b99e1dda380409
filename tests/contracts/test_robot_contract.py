"""The suite that ships with the package, over every robot that is listed; and promises of simulated Pandas and wrappers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from implementations import PANDA, ROBOTS, open_robot

from lmp.errors import RobotFault
from lmp.runtime.worlds import open_world
from lmp.stages import Robot
from lmp.testing import RobotContract


class _Listed(RobotContract):
    name: str

    @contextmanager
    def robot(self) -> Iterator[Robot]:
        with open_robot(self.name) as (robot, self.rate_hz):
            yield robot


globals().update({f"Test_{place}": type(f"Test_{place}", (_Listed,), {"name": name}) for place, name in enumerate(ROBOTS)})


class TestPlinthRobot(RobotContract):
    @contextmanager
    def robot(self) -> Iterator[Robot]:
        with open_world("python:tests.plinth_world:PlinthWorld") as world:
            yield world.robot


named = pytest.mark.parametrize("name", ROBOTS)


def action_of(q: np.ndarray, **more: float) -> dict[str, float]:
    return dict(zip(PANDA.joint_names, (float(value) for value in q), strict=True)) | more


@named
def test_it_starts_open_and_at_rest_and_tells_joints_in_the_order_of_the_robot_file(name: str) -> None:
    with open_robot(name) as (robot, _):
        state = robot.get_observation()
        assert state.joint_names == PANDA.joint_names
        np.testing.assert_allclose(state.positions, PANDA.rest, atol=5e-3)
        np.testing.assert_allclose(state.velocities, 0.0, atol=5e-3)
        assert state.gripper_width == pytest.approx(PANDA.gripper.max_width, abs=2e-3)


@named
def test_it_stops_at_its_limits(name: str) -> None:
    joint = PANDA.joints[6]
    with open_robot(name) as (robot, rate_hz):
        wish = np.array(PANDA.rest)
        while wish[6] < joint.upper + 0.1:
            wish[6] += 0.8 * joint.velocity / rate_hz
            sent = robot.send_action(action_of(wish))
            assert sent[joint.name] <= joint.upper
        assert sent[joint.name] == joint.upper
        assert robot.get_observation().positions[6] <= joint.upper + 2e-3


@named
def test_it_never_makes_a_jump(name: str) -> None:
    """A far target is approached at the speed limit, or refused; it is never sent."""
    with open_robot(name) as (robot, rate_hz):
        far = np.array(PANDA.rest) + np.array([1.0, 0, 0, 0, 0, 0, 0])
        try:
            sent = robot.send_action(action_of(far))
        except RobotFault as error:
            assert "jump" in str(error)
        else:
            assert sent["panda_joint1"] <= PANDA.joints[0].velocity / rate_hz + 1e-9


@named
def test_the_gripper_is_clipped_and_follows(name: str) -> None:
    with open_robot(name) as (robot, rate_hz):
        rest = np.array(PANDA.rest)
        sent = robot.send_action(action_of(rest, gripper=-1.0, gripper_force=1e6))
        assert sent["gripper"] == 0.0
        assert sent["gripper_force"] == PANDA.gripper.max_force
        robot.send_action(action_of(rest, gripper=0.03, gripper_force=20.0))
        for _ in range(round(1.5 * rate_hz)):
            robot.send_action(action_of(rest))
        if name != "fn(q)":
            assert robot.get_observation().gripper_width == pytest.approx(0.03, abs=2e-3)


@named
def test_connecting_and_disconnecting_twice_does_no_harm(name: str) -> None:
    with open_robot(name) as (robot, _):
        robot.connect()
        robot.disconnect()
        robot.disconnect()
        with pytest.raises(RobotFault, match="disconnected"):
            robot.send_action(action_of(np.array(PANDA.rest)))
        robot.connect()
        robot.send_action(action_of(np.array(PANDA.rest)))
