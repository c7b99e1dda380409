from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from panda_doubles import PANDA, REST, Arm, Client, action_of

from lmp.errors import RobotFault, SetupFault, UnknownName
from lmp.execution.hardware import wrap
from lmp.execution.hardware.pace import Pace
from lmp.execution.hardware.shape_of_controller import shape_of_controller
from lmp.execution.hardware.wrapped_robots import PositionRobot, TrajectoryRobot
from lmp.schema.trajectory import JointTrajectory


def fn_q(q): ...  # type: ignore[no-untyped-def]
def fn_named(trajectory): ...  # type: ignore[no-untyped-def]
def fn_annotated(what: JointTrajectory) -> None: ...
def fn_array(what: np.ndarray) -> None: ...
def fn_unclear(what): ...  # type: ignore[no-untyped-def]
def fn_two(q, v): ...  # type: ignore[no-untyped-def]
def fn_none() -> None: ...
def fn_defaults(q, gain=1.0): ...  # type: ignore[no-untyped-def]


@pytest.mark.parametrize(
    ("controller", "shape"),
    [
        (fn_q, "positions"),
        (fn_defaults, "positions"),
        (fn_array, "positions"),
        (lambda q: None, "positions"),
        (fn_named, "trajectory"),
        (fn_annotated, "trajectory"),
        (Arm(), "lerobot"),
        (Client(), "action"),
    ],
)
def test_the_shape_is_told_by_what_it_offers(controller: object, shape: str) -> None:
    assert shape_of_controller(controller) == shape


@pytest.mark.parametrize(
    ("controller", "shape", "words"),
    [
        (fn_unclear, None, r'argument named \'what\' could take.*shape="positions".*shape="trajectory"'),
        (print, None, "Say which it is: wrap"),
        (fn_two, None, "takes one argument, q or trajectory; this one asks for q, v"),
        (fn_none, None, "could take positions|one argument"),
        (7, None, "A int is no controller"),
        (7, "positions", "needs a function"),
        (fn_q, "position", "Did you mean 'positions'"),
        (fn_q, "lerobot", "lacks connect, get_observation, send_action, disconnect"),
    ],
)
def test_what_cannot_be_told_is_asked_for(controller: object, shape: str | None, words: str) -> None:
    with pytest.raises(SetupFault, match=words):
        wrap(controller, shape=shape)  # type: ignore[arg-type]


def test_a_said_shape_decides() -> None:
    assert isinstance(wrap(fn_unclear, shape="positions"), PositionRobot)
    assert isinstance(wrap(fn_unclear, shape="trajectory"), TrajectoryRobot)


def test_wrong_options() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'panda'"):
        wrap(fn_q, robot="pandda")
    for wrong in ({"rate_hz": 0.0}, {"rate_hz": math.nan}, {"start": [0.0]}, {"start": [math.nan] * 7}):
        with pytest.raises(SetupFault, match="has to"):
            wrap(fn_q, **wrong)


def test_it_is_hardware_unless_it_is_said_to_be_simulated() -> None:
    assert not wrap(fn_q).simulated
    assert wrap(fn_q, simulated=True).simulated


def test_lerobot_keys_units_and_gripper() -> None:
    device = Arm(scale=180.0 / math.pi)
    robot = wrap(device, degrees=True, simulated=True)
    robot.connect()
    assert device.connected
    np.testing.assert_allclose(robot.get_observation().positions, REST, atol=1e-12)
    robot.send_action(action_of(REST + 0.01, gripper=0.02, gripper_force=10.0))
    assert device.state["panda_joint1.pos"] == pytest.approx(math.degrees(0.01))
    assert device.state["gripper.pos"] == pytest.approx(25.0)
    assert robot.get_observation().gripper_width == pytest.approx(0.02)
    robot.disconnect()
    assert not device.connected


def test_a_lerobot_device_without_a_joint_is_refused_by_name() -> None:
    with pytest.raises(SetupFault, match=r"tells nothing of panda_joint3\.pos"):
        wrap(Arm(missing="panda_joint3.pos"), simulated=True).connect()


@given(st.lists(st.floats(-5.0, 5.0), min_size=7, max_size=7))
def test_whatever_is_asked_nothing_beyond_limits_is_sent(wish: list[float]) -> None:
    got: list[np.ndarray] = []
    robot = wrap(got.append, shape="positions", simulated=True)
    robot.connect()
    try:
        sent = robot.send_action(action_of(np.array(wish)))
    except RobotFault as error:
        assert "jump" in str(error)
        assert got == []
        return
    np.testing.assert_array_equal([sent[name] for name in PANDA.joint_names], got[0])
    for value, before, joint in zip(got[0], REST, PANDA.joints, strict=True):
        assert joint.lower <= value <= joint.upper
        assert abs(value - before) <= joint.velocity / 100.0 + 1e-12


def test_read_back_is_believed_and_checked() -> None:
    where: Any = REST + 0.1
    robot = wrap(fn_q, state=lambda: where, simulated=True)
    robot.connect()
    np.testing.assert_array_equal(robot.get_observation().positions, REST + 0.1)
    where = [0.0, 1.0]
    with pytest.raises(RobotFault, match="7 finite joint positions"):
        robot.get_observation()


def test_a_failing_controller_is_a_robot_fault() -> None:
    def fail(q: np.ndarray) -> None:
        raise OSError("no carrier")

    robot = wrap(fail, simulated=True)
    robot.connect()
    with pytest.raises(RobotFault, match="OSError: no carrier"):
        robot.send_action(action_of(REST))


class FakeTime:
    """A clock that sleeping and working move."""

    def __init__(self) -> None:
        self.now = 0.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def paced(work: Callable[[], float]) -> tuple[PositionRobot | TrajectoryRobot, FakeTime, list[float]]:
    time, ticks = FakeTime(), list[float]()

    def send(q: np.ndarray) -> None:
        ticks.append(time.now)
        time.now += work()

    robot = wrap(send, shape="positions", pace=Pace(100.0, clock=time.clock, sleep=time.sleep))
    robot.connect()
    return robot, time, ticks


def test_deadlines_are_absolute_so_that_delays_do_not_add_up() -> None:
    delays = iter([0.003, 0.012, 0.001, 0.009, 0.014] * 20)
    robot, _, ticks = paced(lambda: next(delays))
    for index in range(100):
        robot.send_action(action_of(REST + 0.001 * index))
    assert ticks[-1] == pytest.approx(0.99, abs=0.0151)
    assert max(abs(tick - 0.01 * index) for index, tick in enumerate(ticks)) <= 0.015


def test_a_late_tick_of_a_moving_arm_is_a_fault_and_the_arm_can_still_be_stopped() -> None:
    robot, time, ticks = paced(lambda: 0.0)
    robot.send_action(action_of(REST))
    robot.send_action(action_of(REST + 0.01))
    time.now += 0.2
    with pytest.raises(RobotFault, match="late; at most 50 ms"):
        robot.send_action(action_of(REST + 0.02))
    assert len(ticks) == 2
    robot.send_action(action_of(REST + 0.01))
    assert len(ticks) == 3


def test_a_pause_at_rest_is_no_fault() -> None:
    robot, time, ticks = paced(lambda: 0.0)
    robot.send_action(action_of(REST))
    time.now += 60.0
    robot.send_action(action_of(REST + 0.01))
    robot.send_action(action_of(REST + 0.02))
    assert ticks[2] - ticks[1] == pytest.approx(0.01)
