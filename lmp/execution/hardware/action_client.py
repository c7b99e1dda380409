"""Clients of a FollowJointTrajectory action: rclpy's, actionlib's, and others with `send_goal`; none of them is imported."""

from __future__ import annotations

import threading
from typing import Any

from lmp.errors import RobotFault
from lmp.execution.hardware.answers import require_success
from lmp.execution.hardware.controller import Functions
from lmp.execution.hardware.goal import follow_joint_trajectory_goal
from lmp.execution.hardware.joint_names import JointNames
from lmp.execution.hardware.sent_goal import SentGoal, send
from lmp.execution.hardware.shape_of_controller import action_family, goal_type_of, method
from lmp.execution.hardware.typed_goal import typed_goal
from lmp.execution.hardware.waiting import Call, Waiting, result_seconds
from lmp.schema.trajectory import JointTrajectory

SERVER_SECONDS = 10.0
"""How long the server may take to appear when the client connects [s]."""


class ActionClient:
    """A client of a FollowJointTrajectory action.

    The client's own result is awaited. Whatever is not a clear success is a fault: a goal that is rejected, aborted, canceled
    or lost, an error code other than 0, no result, a result that says nothing, a result that does not come.

    Args:
        client: The client.
        rate_hz: Points a second in a goal.
        names: What the controller calls the joints.
        beside: Functions for the state, the gripper and its width.
        goal_type: The class of the client's goals, or a function that makes one of plain data; told by the client by default.
        waiting: Keeps the time.
    """

    def __init__(
        self,
        client: Any,
        rate_hz: float,
        names: JointNames,
        beside: Functions,
        goal_type: Any = None,
        waiting: Waiting | None = None,
    ):
        self._client, self._rate_hz, self._names, self._beside = client, rate_hz, names, beside
        self._goal_type, self._waiting = goal_type or goal_type_of(client), waiting or Waiting()
        self.read, self.grip, self.disconnect = beside.read, beside.grip, beside.disconnect

    def connect(self) -> None:
        """Waits for the action's server, where the client can tell whether it is there.

        Raises:
            RobotFault: It is not.
        """
        ready, wait = method(self._client, "server_is_ready"), method(self._client, "wait_for_server")
        if ready is not None:
            there = self._waiting.until(lambda: bool(ready()), SERVER_SECONDS)
        elif wait is not None:
            rclpy = action_family(self._client) == "rclpy"
            waited = Call(lambda: wait(timeout_sec=SERVER_SECONDS) if rclpy else wait())
            there = waited.within(SERVER_SECONDS) and waited.value() is not False
        else:
            there = True
        if not there:
            raise RobotFault(f"The server of the action did not appear within {SERVER_SECONDS:g} s. Is the controller running?")

    def motion(self, trajectory: JointTrajectory) -> ActionMotion:
        """The trajectory as a goal that is not sent yet."""
        plain = follow_joint_trajectory_goal(trajectory, self._rate_hz, self._names)
        goal = typed_goal(self._goal_type, plain)
        return ActionMotion(self._client, goal, result_seconds(trajectory.duration), self._waiting)


class ActionMotion:
    """One goal, from before it is sent to its end.

    Args:
        client: The client.
        goal: What it is sent.
        seconds: How long its result is waited for [s].
        waiting: Keeps the time.
    """

    def __init__(self, client: Any, goal: Any, seconds: float, waiting: Waiting):
        self._client, self._goal, self._seconds, self._waiting = client, goal, seconds, waiting
        self._cancelled = threading.Event()
        self._sent: SentGoal | None = None

    def run(self) -> None:
        """Sends the goal and waits for its result.

        Raises:
            RobotFault: It is anything but a clear success.
        """
        if self._cancelled.is_set():
            raise RobotFault("The goal was cancelled before it was sent.")
        self._sent = send(self._client, self._goal, self._waiting)
        if self._cancelled.is_set():  # While it was being sent, when there was nothing yet to cancel.
            self._sent.cancel()
            raise RobotFault("The goal was cancelled as soon as it was sent.")
        require_success(self._sent.answer(self._seconds), "The action")

    def cancel(self) -> None:
        """Cancels the goal, and returns once it has ended.

        Raises:
            RobotFault: It is not known to have ended.
        """
        self._cancelled.set()
        sent = self._sent
        if sent is not None:
            sent.cancel()
