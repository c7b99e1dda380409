"""The contract of every robot."""

from __future__ import annotations

import math
from contextlib import AbstractContextManager

import numpy as np
from numpy.typing import NDArray

from lmp.capabilities import robot_capabilities
from lmp.errors import RobotFault, SetupFault
from lmp.stages import Robot
from lmp.testing.refused import refused


class RobotContract:
    """Subclass it and say how your robot is opened.

    Attributes:
        rate_hz: Control ticks a second [Hz].
        close_to: How near a joint comes to where it was sent, once it has had time [rad].
        seconds: How long it is given for that [s].
    """

    rate_hz: float = 100.0
    close_to: float = 5e-3
    seconds: float = 0.25

    def robot(self) -> AbstractContextManager[Robot]:
        """A connected robot at rest, which is put away at the end."""
        raise NotImplementedError("say how your robot is opened: def robot(self): ...")

    def test_it_declares_what_it_is(self) -> None:
        with self.robot() as robot:
            robot_capabilities(robot)
            assert robot.description.joints, "its description has no joints"

    def test_it_tells_its_joints_in_the_order_of_its_description(self) -> None:
        with self.robot() as robot:
            state = robot.get_observation()
            assert state.joint_names == robot.description.joint_names
            assert np.isfinite(state.positions).all()
            assert 0.0 <= state.gripper_width <= robot.description.max_width + 5e-3

    def test_it_goes_where_it_is_sent_and_tells_what_was_sent(self) -> None:
        with self.robot() as robot:
            start = np.array(robot.get_observation().positions)
            there = start + self._small(robot)
            for share in np.linspace(0.0, 1.0, round(self.rate_hz))[1:]:
                requested = start + share**2 * (3 - 2 * share) * (there - start)
                sent = robot.send_action(action(robot, requested))
                told = [sent[name] for name in robot.description.joint_names]
                assert np.allclose(told, requested, atol=1e-6), f"sent {requested}, and it says that it sent {told}"
            for _ in range(round(self.seconds * self.rate_hz)):
                robot.send_action(action(robot, there))
            now = np.array(robot.get_observation().positions)
            assert np.abs(now - there).max() <= self.close_to, f"sent to {there}, it is at {now}"

    def test_wrong_actions_move_nothing(self) -> None:
        with self.robot() as robot:
            before, first = robot.get_observation(), robot.description.joint_names[0]
            good = action(robot, np.array(before.positions))
            without = {name: value for name, value in good.items() if name != first}
            refused(lambda: robot.send_action(good | {"no_such_joint": 0.0}), SetupFault)
            refused(lambda: robot.send_action(without), SetupFault)
            refused(lambda: robot.send_action(good | {first: math.nan}), RobotFault)
            assert robot.get_observation() == before, "a refused action moved it"

    def _small(self, robot: Robot) -> NDArray[np.float64]:
        """A tenth of a radian for each joint, away from the nearer end of its range. Shape (dof,)."""
        q = np.array(robot.get_observation().positions)
        middle = np.array([(joint.lower + joint.upper) / 2 for joint in robot.description.joints])
        return np.where(q > middle, -0.1, 0.1)


def action(robot: Robot, q: NDArray[np.float64]) -> dict[str, float]:
    """The action that sends each joint to a position [rad]. Shape (dof,)."""
    return dict(zip(robot.description.joint_names, map(float, q), strict=True))
