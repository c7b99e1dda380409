"""Clients of actions in the shapes of rclpy and of actionlib, and a clock that waiting moves."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import ros_1_messages as ros_1
import ros_2_messages as ros_2

from lmp.execution.hardware.waiting import Waiting


class FakeTime:
    """A clock that sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    @property
    def waiting(self) -> Waiting:
        return Waiting(self.clock, self.sleep)


class Future:
    """As rclpy's: `result` of one that is not done is None."""

    def __init__(self, value: Any = None, done: bool = True):
        self.value, self.is_done = value, done

    def done(self) -> bool:
        return self.is_done

    def cancelled(self) -> bool:
        return False

    def result(self) -> Any:
        if isinstance(self.value, Exception):
            raise self.value
        return self.value if self.is_done else None


class RclpyClient:
    """One action client of rclpy.

    Args:
        status: The status that the result comes with.
        result: The result.
        accepted: Whether the server takes the goal.
        answers: Whether it answers to a goal at all.
        ends: Whether there is ever a result; a cancelled goal ends.
        cancels: Whether a goal ends that is cancelled.
    """

    def __init__(
        self,
        status: Any = 4,
        result: Any = None,
        accepted: bool = True,
        answers: bool = True,
        ends: bool = True,
        cancels: bool = True,
    ):
        self._action_type = ros_2.FollowJointTrajectory
        self.goals, self.ready, self.cancels, self.cancelled = list[Any](), True, cancels, 0
        self.response = SimpleNamespace(
            status=status, result=ros_2.FollowJointTrajectory.Result() if result is None else result
        )
        self.future = Future(self.response, done=ends)
        handle = SimpleNamespace(
            accepted=accepted, get_result_async=lambda: self.future, cancel_goal_async=self.cancel, status=0
        )
        self.acceptance = Future(handle, done=answers)

    def server_is_ready(self) -> bool:
        return self.ready

    def send_goal(self, goal: Any) -> Any:
        raise AssertionError("it would never come back, for nobody spins")

    def send_goal_async(self, goal: Any) -> Future:
        if not isinstance(goal, self._action_type.Goal):
            raise TypeError
        self.goals.append(goal)
        return self.acceptance

    def cancel(self) -> Future:
        self.cancelled += 1
        if self.cancels and not self.future.is_done:
            self.future.value = SimpleNamespace(status=5, result=ros_2.FollowJointTrajectory.Result())
            self.future.is_done = True
        return Future(SimpleNamespace(return_code=0))


class ActionlibClient:
    """A SimpleActionClient of actionlib.

    Args:
        state: The state in which the goal ends.
        result: The result.
        ends: Whether it ends by itself; a cancelled goal ends.
    """

    def __init__(self, state: Any = 3, result: Any = ..., ends: bool = True, cancels: bool = True, server: bool = True):
        self.action_client = SimpleNamespace(ActionGoal=ros_1.FollowJointTrajectoryActionGoal)
        self.state, self.result = state, ros_1.FollowJointTrajectoryResult() if result is ... else result
        self.goals, self.ends, self.cancels, self.server, self.cancelled = list[Any](), ends, cancels, server, 0
        self.over = threading.Event()

    def wait_for_server(self, timeout: Any = None) -> bool:
        return self.server

    def send_goal(self, goal: Any, done_cb: Any = None) -> None:
        if type(goal) is not ros_1.FollowJointTrajectoryGoal:
            raise TypeError("Invalid number of arguments")
        goal.serialize()
        self.goals.append(goal)
        if self.ends:
            self.over.set()

    def wait_for_result(self, timeout: Any = None) -> bool:
        return self.over.wait(60.0)

    def get_state(self) -> Any:
        return self.state

    def get_result(self) -> Any:
        return self.result

    def get_goal_status_text(self) -> str:
        return "so it was"

    def cancel_goal(self) -> None:
        self.cancelled += 1
        if self.cancels:
            self.state = 2
            self.over.set()
