"""Controllers that people have, behind one face: positions or trajectories out, positions back, a gripper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from lmp.execution.hardware.answers import require_done
from lmp.execution.hardware.joint_names import JointNames
from lmp.execution.hardware.joint_state import positions_of, width_of
from lmp.execution.hardware.waiting import Waiting, result_seconds
from lmp.schema.robot import RobotDescription
from lmp.schema.trajectory import JointTrajectory

Positions = NDArray[np.float64]
State = Callable[[], Any]
Grip = Callable[[float, float], object]
Width = Callable[[], float]

GRIP_SECONDS = 10.0
"""How long a gripper may take [s]."""
TICK_SECONDS = 1.0
"""How long a future that a function of positions returns is waited for [s]."""


class Controller(Protocol):
    """The methods that every wrapped robot needs of its controller."""

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


class Motion(Protocol):
    """A trajectory in the hands of a controller."""

    def run(self) -> None:
        """Carries it out, and returns when it is done.

        Raises:
            RobotFault: It was not clearly a success.
        """

    def cancel(self) -> None:
        """Stops it, from another thread or after `run` was broken off.

        Raises:
            RobotFault: It could have been told that it ended, and was not.
        """


class TrajectoryController(Controller, Protocol):
    """A controller that takes whole trajectories."""

    def motion(self, trajectory: JointTrajectory) -> Motion:
        """The trajectory, ready to be carried out; nothing moves yet."""


class Functions:
    """Functions beside a controller that has none of its own.

    Args:
        robot: The robot.
        names: What the controller calls the joints.
        state: Returns joint positions [rad], as `positions_of` reads them; without it, what was commanded counts as reached.
        gripper: Called with a width [m] and a force [N]; without it, gripper commands go nowhere.
        width: Returns the distance between the fingers [m]; without it, nobody knows whether something is held.
        waiting: Keeps the time.
    """

    def __init__(
        self,
        robot: RobotDescription,
        names: JointNames,
        state: State | None = None,
        gripper: Grip | None = None,
        width: Width | None = None,
        waiting: Waiting | None = None,
    ):
        self.robot, self.names, self.waiting = robot, names, waiting or Waiting()
        self._state, self._gripper, self._width = state, gripper, width

    def connect(self) -> None:
        """Functions are ready."""

    def disconnect(self) -> None:
        """Functions stay."""

    def read(self) -> tuple[Positions | None, float | None]:
        """Return what `state` and `width` return."""
        positions = None if self._state is None else positions_of(self._state(), self.robot, self.names, "state=")
        return positions, None if self._width is None else width_of(self._width(), self.robot.max_width, "width=")

    def grip(self, width: float, force: float) -> None:
        """Calls `gripper`."""
        if self._gripper is not None:
            require_done(self._gripper(width, force), "gripper=", GRIP_SECONDS, self.waiting)


class PositionFunction:
    """A function that is called with joint positions [rad] at every tick. Shape (dof,)."""

    def __init__(self, send: Callable[[Positions], object], beside: Functions):
        self._send, self._beside = send, beside
        self.connect, self.disconnect, self.read, self.grip = beside.connect, beside.disconnect, beside.read, beside.grip

    def send(self, positions: Positions) -> None:
        """Calls the function with an array of its own."""
        require_done(self._send(positions.copy()), "The function of positions", TICK_SECONDS, self._beside.waiting)


class TrajectoryFunction:
    """A function that is called with a whole trajectory and returns when it has been carried out.

    By this contract None is a success. False, an exception, and any other answer that is not clearly a success is none.
    """

    def __init__(
        self,
        function: Callable[[JointTrajectory], object],
        beside: Functions,
        cancel: Callable[[], object] | None = None,
    ):
        self._function, self._beside, self._cancel = function, beside, cancel
        self.connect, self.disconnect, self.read, self.grip = beside.connect, beside.disconnect, beside.read, beside.grip

    def motion(self, trajectory: JointTrajectory) -> FunctionMotion:
        """The trajectory, with which the function is not called yet."""
        return FunctionMotion(self._function, self._cancel, trajectory, self._beside.waiting)


class FunctionMotion:
    """One call of a function with a trajectory."""

    def __init__(
        self,
        function: Callable[[JointTrajectory], object],
        cancel: Callable[[], object] | None,
        trajectory: JointTrajectory,
        waiting: Waiting,
    ):
        self._function, self._cancel, self._trajectory, self._waiting = function, cancel, trajectory, waiting

    def run(self) -> None:
        """Calls the function."""
        seconds = result_seconds(self._trajectory.duration)
        require_done(self._function(self._trajectory), "The function of a trajectory", seconds, self._waiting)

    def cancel(self) -> None:
        """Calls `cancel`, if there is one."""
        if self._cancel is not None:
            require_done(self._cancel(), "cancel=", GRIP_SECONDS, self._waiting)
