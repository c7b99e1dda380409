"""Clients of a FollowJointTrajectory action, in the shape that ROS gave them, without ROS."""

from __future__ import annotations

from typing import Any

from lmp.errors import RobotFault
from lmp.execution.hardware.controller import Functions, Grip, State, Width
from lmp.execution.hardware.goal import follow_joint_trajectory_goal
from lmp.schema.trajectory import JointTrajectory


class ActionClient(Functions):
    """A client of a FollowJointTrajectory action: `send_goal` takes a goal, the handle that it returns is waited for.

    The handle's `result()`, `get_result()` or `wait()` is called if it has one; a result with an `error_code` other than 0
    is a failure. `cancel_goal()` or `cancel()` of the handle, or of the client, stops the motion.
    """

    def __init__(
        self, client: Any, rate_hz: float, state: State | None = None, gripper: Grip | None = None, width: Width | None = None
    ):
        super().__init__(state, gripper, width)
        self._client, self._rate_hz = client, rate_hz
        self._handle: Any = None

    def follow(self, trajectory: JointTrajectory) -> None:
        """Sends the goal and waits for its result.

        Raises:
            RobotFault: The action ended with an error code.
        """
        self._handle = self._client.send_goal(follow_joint_trajectory_goal(trajectory, self._rate_hz))
        result = self._handle
        for verb in ("result", "get_result", "wait"):
            if callable(getattr(self._handle, verb, None)):
                result = getattr(self._handle, verb)()
                break
        code = result.get("error_code", 0) if isinstance(result, dict) else getattr(result, "error_code", 0)
        if isinstance(code, int) and code != 0:
            raise RobotFault(f"The action ended with error code {code}.")

    def cancel(self) -> None:
        """Cancels the goal."""
        for target in (self._handle, self._client):
            for verb in ("cancel_goal", "cancel"):
                if callable(getattr(target, verb, None)):
                    getattr(target, verb)()
                    return
