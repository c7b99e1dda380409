"""Whole trajectories that are broken off: cancelled, and at rest before anything goes on, or a fault says that nobody knows."""

from __future__ import annotations

import itertools
import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from action_doubles import FakeTime, RclpyClient
from panda_doubles import PANDA, REST, action_of, trajectory_of

from lmp.errors import RobotFault
from lmp.execution.hardware import TrajectoryExecutor, wrap, wrapped_robots
from lmp.execution.hardware import trajectory_executor as module
from lmp.execution.hardware.controller import Functions, TrajectoryFunction
from lmp.execution.hardware.joint_names import JointNames
from lmp.execution.hardware.waiting import Call
from lmp.execution.hardware.wrapped_robots import NotArrived, TrajectoryRobot
from lmp.execution.monitoring.outcome_of import TRACKING_ERROR
from lmp.schema.outcome import Outcome
from lmp.schema.trajectory import GripperEvent, JointTrajectory

SHORT = trajectory_of(0.0, 0.01, seconds=0.1)


class Moving:
    """A real controller that moves until it is cancelled, and comes back then, or does not."""

    def __init__(self, *signals: int, comes_back: bool = True):
        self.signals, self.comes_back = signals, comes_back
        self.cancelled, self.let_go, self.came_back = threading.Event(), threading.Event(), threading.Event()
        self.robot: Any = wrap(self.follow, shape="trajectory", cancel=self.cancel, start=tuple(REST))
        self.robot.connect()

    def follow(self, trajectory: JointTrajectory) -> None:
        for number in self.signals:
            os.kill(os.getpid(), number)
        (self.cancelled if self.comes_back else self.let_go).wait(60.0)
        self.came_back.set()

    def cancel(self) -> None:
        self.cancelled.set()


@pytest.mark.parametrize("times", [1, 2, 5])
def test_ctrl_c_cancels_a_motion_and_takes_effect_when_the_controller_is_back(times: int) -> None:
    moving = Moving(*[signal.SIGINT] * times)
    handler = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        TrajectoryExecutor(moving.robot).execute(SHORT)
    assert moving.came_back.is_set()
    assert signal.getsignal(signal.SIGINT) is handler
    with pytest.raises(RobotFault, match="Nobody knows where 'panda' is"):
        moving.robot.get_observation()


def test_a_request_to_terminate_reaches_its_handler_after_the_motion_was_cancelled() -> None:
    seen: list[bool] = []
    moving = Moving(signal.SIGTERM)
    previous = signal.signal(signal.SIGTERM, lambda *_: seen.append(moving.came_back.is_set()))
    try:
        execution = TrajectoryExecutor(moving.robot).execute(SHORT)
    finally:
        signal.signal(signal.SIGTERM, previous)
    assert execution.outcome is Outcome.INTERRUPTED
    assert seen == [True]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wrapped_robots, "STOP_SECONDS", 0.05)
    monkeypatch.setattr(module, "OVERRUN_SECONDS", 0.05)


@pytest.mark.parametrize(("signals", "why"), [((), "took 0.1 s too long"), ((signal.SIGINT,), "asked to stop")])
@pytest.mark.usefixtures("impatient")
def test_a_controller_that_does_not_come_back_from_being_cancelled_is_a_fault(signals: tuple[int, ...], why: str) -> None:
    moving = Moving(*signals, comes_back=False)
    with pytest.raises(RobotFault, match=rf"{why}.*nobody knows whether the arm has stopped"):
        TrajectoryExecutor(moving.robot).execute(SHORT)
    assert moving.cancelled.is_set()
    with pytest.raises(RobotFault, match="has not come back from the last trajectory"):
        moving.robot.hand_over(SHORT)
    moving.let_go.set()


def test_an_arm_that_was_lost_is_found_by_connecting_again_at_its_start() -> None:
    moving = Moving(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        TrajectoryExecutor(moving.robot).execute(SHORT)
    with pytest.raises(RobotFault, match="Bring it to the posture start="):
        moving.robot.send_action(action_of(REST))
    moving.robot.disconnect()
    moving.robot.connect()
    np.testing.assert_array_equal(moving.robot.get_observation().positions, REST)


def read_back(function: Any, positions: Iterator[np.ndarray], **options: Any) -> TrajectoryRobot:
    """A robot with read-back, in the time of the test alone."""
    time = FakeTime()
    beside = Functions(PANDA, JointNames.mapped(PANDA), lambda: next(positions), waiting=time.waiting)
    robot = TrajectoryRobot(TrajectoryFunction(function, beside, **options), PANDA, 100.0, simulated=True, waiting=time.waiting)
    robot.connect()
    return robot


def refused(trajectory: JointTrajectory) -> bool:
    return False


def test_an_arm_that_still_moves_after_it_was_cancelled_is_a_fault() -> None:
    drifting = (REST + 0.002 * index for index in itertools.count())
    with pytest.raises(RobotFault, match=r"returned False.*still moves 5 s after its motion was cancelled. Use its stop"):
        read_back(refused, drifting).follow(SHORT)


def test_an_arm_that_comes_to_rest_after_it_was_cancelled_may_go_on_from_there() -> None:
    slowing = (REST + 0.01 * min(index, 20) * (np.arange(7) == 0) for index in itertools.count())
    robot = read_back(refused, slowing)
    with pytest.raises(RobotFault, match=r"returned False, which says that it failed\.$"):
        robot.follow(SHORT)
    assert robot.get_observation().positions[0] == pytest.approx(0.2)
    sent = robot._guard.allowed(REST + 0.2 * (np.arange(7) == 0), robot.positions())
    assert sent[0] == pytest.approx(0.2)


def test_an_arm_that_is_slow_to_arrive_has_arrived_and_one_that_is_not_there_has_not() -> None:
    end = REST + 0.4 * (np.arange(7) == 0)
    late = itertools.chain(itertools.repeat(REST, 20), itertools.repeat(end))
    read_back(lambda trajectory: None, late).follow(trajectory_of(0.0, 0.4))
    with pytest.raises(NotArrived, match=r"panda_joint1 is 0\.400 rad away from the trajectory's end; at most 0\.05"):
        read_back(lambda trajectory: True, itertools.repeat(REST)).follow(trajectory_of(0.0, 0.4))


def test_the_gripper_does_not_move_where_the_arm_has_not_arrived() -> None:
    gripped: list[float] = []
    close = GripperEvent(t=1.0, action="close", width=0.0, force=20.0)
    robot = wrap(
        lambda trajectory: None, state=lambda: REST, gripper=lambda width, force: gripped.append(width), simulated=True
    )
    robot.connect()
    execution = TrajectoryExecutor(robot).execute(trajectory_of(0.0, 0.2, 0.4, gripper=(close,)))  # type: ignore[arg-type]
    assert execution.outcome is TRACKING_ERROR
    assert gripped == []


def test_a_gripper_that_does_not_come_back_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GRIP_SECONDS", -0.95)
    let_go = threading.Event()
    robot = wrap(lambda trajectory: None, shape="trajectory", gripper=lambda width, force: let_go.wait(60.0))
    robot.connect()
    close = GripperEvent(t=0.0, action="close", width=0.0, force=20.0)
    with pytest.raises(RobotFault, match="gripper has not come back"):
        TrajectoryExecutor(robot).execute(SHORT.model_copy(update={"gripper": (close,)}))  # type: ignore[arg-type]
    let_go.set()


def test_disconnecting_stops_what_is_under_way() -> None:
    moving = Moving()
    call = Call(lambda: moving.robot.follow(SHORT))
    while moving.robot.under_way is None:
        pass
    moving.robot.disconnect()
    assert call.within(60.0)
    with pytest.raises(RobotFault, match="The motion was cancelled"):
        call.value()
    assert moving.cancelled.is_set()
    assert moving.came_back.is_set()
    with pytest.raises(RobotFault, match="disconnected"):
        moving.robot.follow(SHORT)


def test_ctrl_c_in_a_simulated_action_cancels_the_goal() -> None:
    client = RclpyClient(ends=False)
    client.future.done = lambda: client.cancelled > 0 or os.kill(os.getpid(), signal.SIGINT)  # type: ignore[func-returns-value,method-assign]
    robot = wrap(client, simulated=True)
    robot.connect()
    with pytest.raises(KeyboardInterrupt):
        TrajectoryExecutor(robot).execute(trajectory_of(0.0, 0.4))  # type: ignore[arg-type]
    assert client.cancelled == 1


def test_ctrl_c_in_a_real_action_cancels_the_goal() -> None:
    client = RclpyClient(ends=False)
    robot = wrap(client)
    robot.connect()
    sent = client.send_goal_async

    def send_goal_async(goal: Any) -> Any:
        os.kill(os.getpid(), signal.SIGINT)
        return sent(goal)

    client.send_goal_async = send_goal_async  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        TrajectoryExecutor(robot).execute(trajectory_of(0.0, 0.4))  # type: ignore[arg-type]
    assert client.cancelled >= 1
