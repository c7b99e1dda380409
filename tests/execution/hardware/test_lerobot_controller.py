"""Devices with LeRobot's verbs: their answers and observations are read, not assumed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from panda_doubles import PANDA, REST, Arm, action_of, trajectory_of

from lmp.errors import RobotFault, SetupFault
from lmp.execution.executor import StreamingExecutor
from lmp.execution.hardware import wrap
from lmp.schema.outcome import Outcome

NAMES = ("shoulder_pan", "shoulder_lift", "elbow_flex", "forearm", "wrist_flex", "wrist_roll", "flange")


class Named(Arm):
    """A device that has other names for the joints, and other things in its observations."""

    def __init__(self) -> None:
        super().__init__()
        self.state = {f"{name}.pos": float(value) for name, value in zip(reversed(NAMES), REST[::-1], strict=True)}
        self.state["lift_axis.pos"] = 1000.0


def test_joints_are_found_by_name_in_any_order() -> None:
    device = Named()
    robot = wrap(device, joints=dict(zip(PANDA.joint_names, NAMES, strict=True)), simulated=True)
    robot.connect()
    np.testing.assert_array_equal(robot.get_observation().positions, REST)
    robot.send_action(action_of(REST + 0.01))
    assert device.state["shoulder_pan.pos"] == pytest.approx(REST[0] + 0.01)
    assert device.state["flange.pos"] == pytest.approx(REST[6] + 0.01)


class Answering(Arm):
    """Answers with something else than it was asked."""

    def __init__(self, answer: Any):
        super().__init__()
        self.answer = answer

    def send_action(self, action: dict[str, float]) -> Any:
        return self.answer(action)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda action: None, "send_action has to return the action that was sent.*it returned None"),
        (lambda action: True, "it returned True"),
        (lambda action: {}, r"it returned \{\}"),
        (lambda action: {key: value for key, value in action.items() if "joint3" not in key}, "has to return the action"),
        (lambda action: action | {"panda_joint2.pos": math.nan}, "a finite number for panda_joint2"),
        (lambda action: action | {"panda_joint4.pos": action["panda_joint4.pos"] - 0.2}, r"for panda_joint4\.pos where .*clip"),
    ],
)
def test_an_answer_that_is_missing_or_clipped_is_a_fault(answer: Any, words: str) -> None:
    robot = wrap(Answering(answer), simulated=True)
    robot.connect()
    with pytest.raises(RobotFault, match=words):
        robot.send_action(action_of(REST))


def test_an_answer_in_degrees_that_was_clipped_a_little_is_none() -> None:
    device = Answering(lambda action: {key: value - 1.0 for key, value in action.items()})
    device.state = {key: math.degrees(value) for key, value in device.state.items()}
    robot = wrap(device, degrees=True, simulated=True)
    robot.connect()
    robot.send_action(action_of(REST))


@pytest.mark.parametrize("scale", [180.0 / math.pi, 100.0 / 3.0])
def test_a_device_that_does_not_count_in_radians_is_refused(scale: float) -> None:
    with pytest.raises(SetupFault, match="say degrees=True, and have it count in degrees, not from -100 to 100"):
        wrap(Arm(scale=scale), simulated=True).connect()


@pytest.mark.parametrize("observation", [None, [0.0] * 7, {"panda_joint1.pos": 0.0}])
def test_an_observation_without_the_joints_is_refused(observation: Any) -> None:
    device = Arm()
    device.get_observation = lambda: observation  # type: ignore[method-assign]
    with pytest.raises((RobotFault, SetupFault), match=r"panda_joint1\.pos is needed|tells nothing of panda_joint2"):
        wrap(device, simulated=True).connect()


class Plugged(Arm):
    """A device that knows whether it is connected, as LeRobot's do."""

    def __init__(self, connected: bool, works: bool = True):
        super().__init__()
        self.is_connected, self.works, self.connects = connected, works, 0

    def connect(self) -> None:
        if self.is_connected:
            raise ConnectionError("already connected")
        self.connects += 1
        self.is_connected = self.works


def test_a_device_that_is_connected_already_is_not_connected_again() -> None:
    device = Plugged(connected=True)
    wrap(device, simulated=True).connect()
    assert device.connects == 0


def test_a_device_that_comes_back_unconnected_is_a_fault() -> None:
    with pytest.raises(RobotFault, match="says that it is not connected"):
        wrap(Plugged(connected=False, works=False), simulated=True).connect()


def test_a_device_that_is_lost_in_the_middle_is_a_fault_and_not_a_success() -> None:
    device, ticks = Arm(), 0
    send = device.send_action

    def send_action(action: dict[str, float]) -> dict[str, float]:
        nonlocal ticks
        ticks += 1
        if ticks > 40:
            raise ConnectionError("no status packet")
        return send(action)

    device.send_action = send_action  # type: ignore[method-assign]
    robot = wrap(device, simulated=True)
    robot.connect()
    with pytest.raises(RobotFault, match="no status packet"):
        StreamingExecutor(robot, 100.0).execute(trajectory_of(0.0, 0.4))
    device.send_action = send  # type: ignore[method-assign]
    back = trajectory_of(robot.get_observation().positions[0], 0.0)
    assert StreamingExecutor(robot, 100.0).execute(back).outcome is Outcome.SUCCEEDED
