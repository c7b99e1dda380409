"""The arm of the kinematic world: it goes where it is told within a tick, as far as its limits allow."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from lmp.errors import RobotFault
from lmp.schema.action import check_action
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import RobotState
from lmp.sims.kinematic.gripper import Gripper


class KinematicRobot:
    """Perfectly tracked joints without dynamics; `send_action` advances its world by one tick.

    Positions are clipped to the joint limits, and steps to the speed limits.

    Args:
        description: The robot.
        rate_hz: Control ticks a second.
        gripper: Its fingers.
        advance: What the world does in a tick after the arm has moved, with a new gripper command [m] or none.

    Attributes:
        simulated: True.
        tells_width: True.
    """

    simulated = tells_width = True

    def __init__(
        self, description: RobotDescription, rate_hz: float, gripper: Gripper, advance: Callable[[float | None], None]
    ):
        self.description = description
        self.q = np.array(description.rest)
        self.v = np.zeros(len(self.q))
        self.rate_hz, self._gripper, self._advance = rate_hz, gripper, advance
        self._lower = np.array([joint.lower for joint in description.joints])
        self._upper = np.array([joint.upper for joint in description.joints])
        self._step = np.array([joint.velocity for joint in description.joints]) / rate_hz
        self._connected = True

    def connect(self) -> None:
        """Ready at once."""
        self._connected = True

    def disconnect(self) -> None:
        """After it, actions are refused."""
        self._connected = False

    def get_observation(self) -> RobotState:
        """The state, exactly."""
        return RobotState(
            joint_names=self.description.joint_names,
            positions=tuple(float(value) for value in self.q),
            velocities=tuple(float(value) for value in self.v),
            gripper_width=float(self._gripper.width),
        )

    def send_action(self, action: dict[str, float]) -> dict[str, float]:
        """Goes to the targets in one control tick, clipped to the joint and speed limits.

        Raises:
            SetupFault: The action names something that the robot does not have, or leaves out a joint.
            RobotFault: The robot is disconnected, or a target is not a finite number.
        """
        if not self._connected:
            raise RobotFault(f"The robot {self.description.name!r} is disconnected; call connect() first.")
        names = self.description.joint_names
        check_action(action, names)
        asked = np.array([action[name] for name in names])
        goal = np.clip(np.clip(asked, self._lower, self._upper), self.q - self._step, self.q + self._step)
        sent = {name: float(value) for name, value in zip(names, goal, strict=True)}
        width = None
        if "gripper" in action:
            sent["gripper"] = width = float(np.clip(action["gripper"], 0.0, self.description.max_width))
        if "gripper_force" in action:
            sent["gripper_force"] = float(np.clip(action["gripper_force"], 0.0, self.description.max_force))
        self._go(goal, width)
        return sent

    def hold(self) -> None:
        """One control tick with all targets as they are."""
        self._go(self.q, None)

    def _go(self, goal: NDArray[np.float64], width: float | None) -> None:
        self.v = (goal - self.q) * self.rate_hz
        self.q = goal
        self._advance(width)
