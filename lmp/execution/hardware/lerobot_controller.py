"""An object with LeRobot's verbs as a controller: positions and a gripper by keys."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from lmp.errors import RobotFault
from lmp.execution.hardware.answers import require_done
from lmp.execution.hardware.controller import GRIP_SECONDS, Grip, Positions
from lmp.execution.hardware.joint_names import JointNames
from lmp.execution.hardware.joint_state import positions_of, width_of
from lmp.execution.hardware.shape_of_controller import field
from lmp.execution.hardware.waiting import Waiting
from lmp.schema.robot import RobotDescription

CLIPPED = 0.05
"""How far from its command a device may send a joint before that is a fault [rad]."""


class LeRobotController:
    """An object with LeRobot's verbs. Keys are `<joint>.pos`; `gripper.pos` is the opening in percent.

    Args:
        device: The object.
        robot: The robot.
        names: What the device calls the joints.
        degrees: True if the device counts in degrees.
        gripper: Called with a width [m] and a force [N], in place of `gripper.pos`.
    """

    def __init__(
        self, device: Any, robot: RobotDescription, names: JointNames, degrees: bool = False, gripper: Grip | None = None
    ):
        self._device, self._robot, self._names, self._gripper = device, robot, names, gripper
        self._scale = math.pi / 180.0 if degrees else 1.0
        self._width: float | None = None

    def connect(self) -> None:
        """Connects, unless the device says that it is connected already, and looks whether all joints are there.

        Raises:
            RobotFault: It says that it is not connected.
            SetupFault: The device does not tell every joint, or not in radians.
        """
        if field(self._device, "is_connected") is not True:
            self._device.connect()
        if field(self._device, "is_connected") is False:
            raise RobotFault("The device came back from connect() and says that it is not connected.")
        self.read()

    def disconnect(self) -> None:
        """Disconnects the device."""
        self._device.disconnect()

    def read(self) -> tuple[Positions | None, float | None]:
        """Return what the device observes."""
        observation = self._device.get_observation()
        opening = observation.get("gripper.pos") if isinstance(observation, Mapping) else None
        width = None if opening is None else width_of(np.multiply(opening, self._robot.max_width / 100.0), 0.0, "gripper.pos")
        return self._joints(observation, "The device"), width

    def send(self, positions: Positions) -> None:
        """One action, with the last gripper command in it.

        Raises:
            RobotFault: The device did not answer what it sent, or sent something else.
        """
        keys = [f"{name}.pos" for name in self._names.theirs]
        action = {key: float(value) / self._scale for key, value in zip(keys, positions, strict=True)}
        if self._width is not None:
            action["gripper.pos"] = 100.0 * self._width / self._robot.max_width
        answer = self._device.send_action(dict(action))
        if not (isinstance(answer, Mapping) and all(key in answer for key in keys)):
            raise RobotFault(
                f"send_action has to return the action that was sent, with {', '.join(keys)}; it returned {answer!r:.200}."
            )
        gap = np.abs(self._joints({key: answer[key] for key in keys}, "The answer of send_action") - positions)
        if gap.max() > CLIPPED:
            worst = int(np.argmax(gap))
            raise RobotFault(
                f"The device sent {float(np.asarray(answer[keys[worst]]).item()):g} for {keys[worst]} where "
                f"{action[keys[worst]]:g} was asked for. Does it clip (max_relative_target)?"
            )

    def grip(self, width: float, force: float) -> None:
        """Goes with the next action, or to `gripper`."""
        if self._gripper is not None:
            require_done(self._gripper(width, force), "gripper=", GRIP_SECONDS, Waiting())
        elif self._robot.max_width > 0.0:
            self._width = width

    def _joints(self, told: Any, who: str) -> Positions:
        if not isinstance(told, Mapping):
            raise RobotFault(f"{who} told {told!r:.200}; a mapping with {self._names.theirs[0]}.pos is needed.")
        return positions_of({key: self._in_radians(value) for key, value in told.items()}, self._robot, self._names, who)

    def _in_radians(self, value: Any) -> Any:
        """A number in radians; what is no number, such as a picture, as it came."""
        array = np.asarray(value)
        return array * self._scale if array.size == 1 and array.dtype.kind in "iuf" else value
