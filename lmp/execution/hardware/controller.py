"""Controllers that people have, behind one face: positions or trajectories out, positions back, a gripper."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault, did_you_mean
from lmp.schema.robot import RobotDescription
from lmp.schema.trajectory import JointTrajectory

Positions = NDArray[np.float64]
State = Callable[[], Any]
Grip = Callable[[float, float], object]
Width = Callable[[], float]


class Controller(Protocol):
    """What every wrapped robot needs of its controller."""

    def connect(self) -> None: ...

    def disconnect(self) -> None: ...

    def read(self) -> tuple[Positions | None, float | None]:
        """Joint positions [rad], shape (dof,), and width [m]; None for what it cannot tell."""

    def grip(self, width: float, force: float) -> None:
        """A gripper command [m], [N]."""


class PositionController(Controller, Protocol):
    """A controller that takes one position a tick."""

    def send(self, positions: Positions) -> None:
        """One tick [rad]. Shape (dof,)."""


class TrajectoryController(Controller, Protocol):
    """A controller that takes whole trajectories."""

    def follow(self, trajectory: JointTrajectory) -> None:
        """Carries it out, and returns when it is done."""

    def cancel(self) -> None:
        """Stops where it is, if it can."""


class Functions:
    """Functions beside a controller that has none of its own.

    Args:
        state: Returns joint positions [rad]; without it, what was commanded counts as reached.
        gripper: Called with a width [m] and a force [N]; without it, gripper commands go nowhere.
        width: Returns the distance between the fingers [m]; without it, nobody knows whether something is held.
    """

    def __init__(self, state: State | None = None, gripper: Grip | None = None, width: Width | None = None):
        self._state, self._gripper, self._width = state, gripper, width

    def connect(self) -> None:
        """Functions are ready."""

    def disconnect(self) -> None:
        """Functions stay."""

    def read(self) -> tuple[Positions | None, float | None]:
        """What `state` and `width` return."""
        positions = None if self._state is None else np.asarray(self._state(), dtype=np.float64)
        return positions, None if self._width is None else float(self._width())

    def grip(self, width: float, force: float) -> None:
        """Calls `gripper`."""
        if self._gripper is not None:
            self._gripper(width, force)


class PositionFunction(Functions):
    """A function that is called with joint positions [rad] at every tick. Shape (dof,)."""

    def __init__(
        self,
        send: Callable[[Positions], object],
        state: State | None = None,
        gripper: Grip | None = None,
        width: Width | None = None,
    ):
        super().__init__(state, gripper, width)
        self._send = send

    def send(self, positions: Positions) -> None:
        """Calls the function with an array of its own."""
        self._send(positions.copy())


class TrajectoryFunction(Functions):
    """A function that is called with a whole trajectory and returns when it has been carried out."""

    def __init__(
        self,
        function: Callable[[JointTrajectory], object],
        state: State | None = None,
        gripper: Grip | None = None,
        cancel: Callable[[], object] | None = None,
        width: Width | None = None,
    ):
        super().__init__(state, gripper, width)
        self._function, self._cancel = function, cancel

    def follow(self, trajectory: JointTrajectory) -> None:
        """Calls the function."""
        self._function(trajectory)

    def cancel(self) -> None:
        """Calls `cancel`, if there is one."""
        if self._cancel is not None:
            self._cancel()


class LeRobotController:
    """An object with LeRobot's verbs. Keys are `<joint>.pos`; `gripper.pos` is the opening in percent.

    Args:
        device: The object.
        description: The robot.
        degrees: True if the device counts in degrees.
        gripper: Called with a width [m] and a force [N], in place of `gripper.pos`.
    """

    def __init__(
        self,
        device: Any,
        description: RobotDescription,
        degrees: bool = False,
        gripper: Grip | None = None,
    ):
        self._device, self._gripper = device, gripper
        self._names, self._max_width = description.joint_names, description.max_width
        self._scale = math.pi / 180.0 if degrees else 1.0
        self._width: float | None = None

    def connect(self) -> None:
        """Connects and looks whether all joints are there.

        Raises:
            SetupFault: The device does not tell every joint.
        """
        self._device.connect()
        self._joints(self._device.get_observation())

    def disconnect(self) -> None:
        """Disconnects the device."""
        self._device.disconnect()

    def read(self) -> tuple[Positions | None, float | None]:
        """What the device observes."""
        observation = self._device.get_observation()
        opening = observation.get("gripper.pos")
        return self._joints(observation), None if opening is None else float(opening) / 100.0 * self._max_width

    def send(self, positions: Positions) -> None:
        """One action, with the last gripper command in it."""
        action = {f"{name}.pos": float(value) / self._scale for name, value in zip(self._names, positions, strict=True)}
        if self._width is not None:
            action["gripper.pos"] = 100.0 * self._width / self._max_width
        self._device.send_action(action)

    def grip(self, width: float, force: float) -> None:
        """Goes with the next action, or to `gripper`."""
        if self._gripper is not None:
            self._gripper(width, force)
        else:
            self._width = width

    def _joints(self, observation: Mapping[str, Any]) -> Positions:
        missing = [f"{name}.pos" for name in self._names if f"{name}.pos" not in observation]
        if missing:
            known = sorted(str(key) for key in observation)
            near = did_you_mean(missing[0], known)
            raise SetupFault(f"The device tells nothing of {', '.join(missing)}.{near} It tells: {', '.join(known)}.")
        return np.array([float(observation[f"{name}.pos"]) * self._scale for name in self._names])
