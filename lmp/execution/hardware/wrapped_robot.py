"""A controller as a robot that keeps the contract: limits, pace, watchdog, read-back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from lmp.errors import LmpError, RobotFault, SetupFault
from lmp.execution.hardware.controller import Controller
from lmp.execution.hardware.guard import Guard
from lmp.execution.hardware.pace import NoPace, Pace
from lmp.schema.action import GRIPPER, GRIPPER_FORCE, check_action
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import RobotState


class WrappedRobot(ABC):
    """A robot behind a controller.

    Without read-back the last command counts as the state: `start` before the first one, the rest posture by default.

    Args:
        controller: What moves it.
        description: The robot.
        rate_hz: Ticks a second.
        simulated: True if nothing real moves; then no time is kept, and no approval is asked for.
        start: Where the arm is, if the controller cannot tell [rad]. Shape (dof,).
        pace: Keeps the time; by default the wall clock, or nothing in simulation.

    Attributes:
        simulated: Whether nothing real moves.
        tells_width: Whether the controller tells how far the fingers are apart; otherwise the last command counts.
        lost: Whether a motion did not end well, so that only a controller that reads back knows where the arm is.
    """

    def __init__(
        self,
        controller: Controller,
        description: RobotDescription,
        rate_hz: float,
        *,
        simulated: bool = False,
        start: NDArray[np.float64] | None = None,
        pace: Pace | NoPace | None = None,
    ):
        self.description, self.rate_hz, self.simulated = description, rate_hz, simulated
        self._controller, self._guard = controller, Guard(description, rate_hz)
        self._pace = pace or (NoPace() if simulated else Pace(rate_hz))
        self._start = np.array(description.rest) if start is None else np.array(start, dtype=np.float64)
        self._q, self._v = self._start, np.zeros(len(self._start))
        self._width, self._force = description.max_width, 0.0 if description.gripper is None else description.gripper.force
        self._connected = self.tells_width = self.lost = False

    def connect(self) -> None:
        """Connects and takes the present position as the first command; a second time does nothing.

        An arm that was lost and cannot tell where it is counts as being at `start` again: a person has put it there.

        Raises:
            RobotFault: The controller failed; it is disconnected again.
            SetupFault: It does not tell every joint, or not in radians.
        """
        if self._connected:
            return
        self.guarded(self._controller.connect)
        try:
            if self.lost:
                self._q, self.lost = self._start, False
            self._q = self._believed(*self._read())[0]
        except BaseException:
            with suppress(RobotFault):
                self.guarded(self._controller.disconnect)
            raise
        self._v = np.zeros(len(self._q))
        self._connected = True

    def disconnect(self) -> None:
        """After it, actions are refused; a second time does nothing."""
        if self._connected:
            self._connected = False
            self.guarded(self._controller.disconnect)

    def get_observation(self) -> RobotState:
        """Return what the controller reads back, or else what was commanded. Velocities are those of the commands.

        Raises:
            RobotFault: The controller failed, does not tell one finite number for each joint, or nobody knows where the arm is.
        """
        positions, width = self._measured()
        return RobotState(
            joint_names=self.description.joint_names,
            positions=tuple(float(value) for value in positions),
            velocities=tuple(float(value) for value in self._v),
            gripper_width=min(max(width, 0.0), 1.0),
        )

    def positions(self) -> NDArray[np.float64]:
        """Joint positions, told or else commanded [rad]. Shape (dof,).

        Raises:
            RobotFault: As in `get_observation`.
        """
        return self._measured()[0]

    def last_told(self) -> NDArray[np.float64] | None:
        """Joint positions as the controller tells them [rad]; None if it tells none. Shape (dof,).

        Raises:
            RobotFault: The controller failed.
        """
        return self._told()[0]

    @property
    def gripper_width(self) -> float:
        """The width between the fingers, told or else commanded; also where nobody knows where the arm is [m].

        Raises:
            RobotFault: The controller failed.
        """
        width = self._told()[1]
        return self._width if width is None else min(max(width, 0.0), 1.0)

    def send_action(self, action: dict[str, float]) -> dict[str, float]:
        """Sends one tick and waits until the next is due. Targets are clipped to the joint and speed limits.

        Returns:
            What was sent: all joints, and the gripper's command if there was one.

        Raises:
            SetupFault: The action names something that the robot does not have, or leaves out a joint.
            RobotFault: It is disconnected, the tick is late while the arm moves, a target is not finite or a jump, or the
                controller failed.
        """
        if not self._connected:
            raise RobotFault(f"The robot {self.description.name!r} is disconnected; call connect() first.")
        names = self.description.joint_names
        check_action(action, names)
        if self.lost:
            self._measured()
        self._pace.check(moving=bool(np.abs(self._v).max() > 1e-3))
        goal = self._guard.allowed(np.array([action[name] for name in names]), self._q)
        sent = {name: float(value) for name, value in zip(names, goal, strict=True)} | self._grip(action)
        velocity = (goal - self._q) * self.rate_hz
        self.guarded(lambda: self._send(goal))
        self._q, self._v = goal, velocity
        self._pace.wait()
        return sent

    @abstractmethod
    def _send(self, goal: NDArray[np.float64]) -> None:
        """Hands one tick to the controller [rad]. Shape (dof,)."""

    def _grip(self, action: dict[str, float]) -> dict[str, float]:
        if GRIPPER not in action and GRIPPER_FORCE not in action:
            return {}
        robot = self.description
        self._width = min(max(float(action.get(GRIPPER, self._width)), 0.0), robot.max_width)
        self._force = min(max(float(action.get(GRIPPER_FORCE, self._force)), 0.0), robot.max_force)
        self.guarded(lambda: self._controller.grip(self._width, self._force))
        return {GRIPPER: self._width, GRIPPER_FORCE: self._force}

    def _measured(self) -> tuple[NDArray[np.float64], float]:
        return self._believed(*self._told())

    def _told(self) -> tuple[NDArray[np.float64] | None, float | None]:
        """Return what the controller tells, where what a person had to put right before is now a fault of the robot."""
        try:
            return self._read()
        except SetupFault as error:
            raise RobotFault(str(error)) from error

    def _read(self) -> tuple[NDArray[np.float64] | None, float | None]:
        found: list[tuple[NDArray[np.float64] | None, float | None]] = []
        self.guarded(lambda: found.append(self._controller.read()))
        return found[0]

    def _believed(self, positions: NDArray[np.float64] | None, width: float | None) -> tuple[NDArray[np.float64], float]:
        """Joint positions [rad], shape (dof,), and width [m]; what was commanded where the controller cannot tell."""
        self.tells_width = width is not None
        if positions is not None and self.lost:
            self._q, self.lost = positions, False
        if positions is None:
            if self.lost:
                raise RobotFault(
                    f"Nobody knows where {self.description.name!r} is: its last trajectory was not carried out to its end, and "
                    "without state= nothing tells where the arm stopped. Bring it to the posture start=, then disconnect() and "
                    "connect() again."
                )
            positions = self._q
        return positions, self._width if width is None else width

    def guarded(self, call: Callable[[], object]) -> None:
        """Calls the controller; what it raises is a fault of the robot."""
        try:
            call()
        except LmpError:
            raise
        except Exception as error:
            raise RobotFault(f"The controller of {self.description.name!r} failed: {type(error).__name__}: {error}") from error
