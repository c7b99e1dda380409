"""A robot addressed by arrays in the order of its robot file, whose every failure is a RobotFault."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.errors import LmpError, RobotFault
from lmp.execution.observing import check_state
from lmp.schema.scene import RobotState
from lmp.schema.trajectory import GripperEvent
from lmp.stages import Robot


class Arm:
    """The thin skin between the executor's arrays and the robot's actions by joint name.

    Attributes:
        sent: The joint positions that were sent last [rad]; None before the first tick. Shape (dof,).
    """

    def __init__(self, robot: Robot):
        self.robot = robot
        self.joint_names = robot.description.joint_names
        self.sent: NDArray[np.float64] | None = None

    def observe(self) -> RobotState:
        """The robot's state.

        Raises:
            RobotFault: The robot did not answer, or not with all its joints, or with values that are no numbers.
        """
        try:
            state = self.robot.get_observation()
        except LmpError:
            raise
        except Exception as error:
            raise RobotFault(f"The robot {self._name} did not tell its state: {_words(error)}.") from error
        check_state(self.robot, state)
        missing = [name for name in self.joint_names if name not in state.joint_names]
        if missing:
            raise RobotFault(f"The robot {self._name} tells no position of {', '.join(missing)}.")
        return state

    def positions(self, state: RobotState) -> NDArray[np.float64]:
        """Joint positions [rad]. Shape (dof,)."""
        return state.positions_of(self.joint_names)

    def velocities(self, state: RobotState) -> NDArray[np.float64]:
        """Joint velocities [rad/s]. Shape (dof,)."""
        return state.velocities_of(self.joint_names)

    def command(self, positions: NDArray[np.float64], gripper: GripperEvent | None = None) -> None:
        """Sends one tick: joint positions [rad], shape (dof,), and a gripper command if there is one.

        Raises:
            RobotFault: The robot failed.
        """
        action = {name: float(position) for name, position in zip(self.joint_names, positions, strict=True)}
        if gripper is not None:
            action |= {"gripper": gripper.width, "gripper_force": gripper.force}
        self.sent = positions
        try:
            self.robot.send_action(action)
        except LmpError:
            raise
        except Exception as error:
            raise RobotFault(f"The robot {self._name} failed while it moved: {_words(error)}.") from error

    @property
    def _name(self) -> str:
        return repr(self.robot.description.name)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": .")
