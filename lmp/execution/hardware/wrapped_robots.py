"""Robots behind controllers that take one position a tick, and behind those that take whole trajectories."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lmp.errors import RobotFault
from lmp.execution.hardware.controller import Motion, PositionController, TrajectoryController
from lmp.execution.hardware.goal import tick_trajectory
from lmp.execution.hardware.waiting import Call, Waiting
from lmp.execution.hardware.wrapped_robot import WrappedRobot
from lmp.schema.robot import RobotDescription
from lmp.schema.trajectory import JointTrajectory
from lmp.uninterrupted import uninterrupted

ARRIVED = 0.05
"""Largest distance of a joint from a trajectory's start, and in the end from its end [rad]."""
SETTLE_SECONDS = 0.5
"""How long an arm may take to arrive after its controller said that it is done [s]."""
STOP_SECONDS = 5.0
"""How long a controller may take to come back, and an arm to come to rest, after a motion was cancelled [s]."""
REST_TICK = 0.05
"""Time between the two looks that tell whether an arm rests [s]."""
AT_REST = 0.01
"""Joint speed below which an arm is at rest [rad/s]."""


class PositionRobot(WrappedRobot):
    """A robot that is sent one position a tick."""

    def __init__(self, controller: PositionController, description: RobotDescription, rate_hz: float, **options: Any):
        super().__init__(controller, description, rate_hz, **options)
        self._positions = controller

    def _send(self, goal: NDArray[np.float64]) -> None:
        self._positions.send(goal)


class TrajectoryRobot(WrappedRobot):
    """A robot that is handed whole trajectories by `follow`, and single ticks as trajectories of one period.

    `lmp.execution.hardware.TrajectoryExecutor` carries out a checked trajectory with it in one piece.

    Attributes:
        under_way: What the controller has not come back from yet.
    """

    def __init__(
        self,
        controller: TrajectoryController,
        description: RobotDescription,
        rate_hz: float,
        *,
        waiting: Waiting | None = None,
        **options: Any,
    ):
        super().__init__(controller, description, rate_hz, **options)
        self._trajectories, self._waiting = controller, waiting or Waiting()
        self.under_way: HandedOver | None = None

    def hand_over(self, trajectory: JointTrajectory) -> HandedOver:
        """A trajectory in the controller's hands: `run` carries it out, `cancel` stops it from another thread.

        Raises:
            RobotFault: It is disconnected, or the last trajectory is still under way.
        """
        if not self._connected:
            raise RobotFault(f"The robot {self.description.name!r} is disconnected; call connect() first.")
        if self.under_way is not None:
            raise RobotFault(f"The controller of {self.description.name!r} has not come back from the last trajectory.")
        made: list[Motion] = []
        self.guarded(lambda: made.append(self._trajectories.motion(trajectory)))
        return HandedOver(self, made[0], trajectory, self._waiting)

    def arrived_at(self, positions: NDArray[np.float64]) -> None:
        """Takes note of where a trajectory ended [rad]. Shape (dof,)."""
        self._q, self._v = positions, np.zeros(len(positions))

    def follow(self, trajectory: JointTrajectory) -> None:
        """Hands a trajectory over and returns when the controller has carried it out; an arm that is read back has arrived.

        Raises:
            NotArrived: The controller says that it is done, and the arm is somewhere else.
            RobotFault: It is disconnected, the last one is still under way, or the controller did not clearly succeed.
        """
        handed = self.hand_over(trajectory)
        handed.run()
        handed.require_arrival()

    def grip(self, width: float, force: float) -> None:
        """A gripper command [m], [N]."""
        self._grip({"gripper": width, "gripper_force": force})

    def cancel(self) -> None:
        """Stops what is under way in another thread, if anything is.

        Raises:
            RobotFault: It is not known to have stopped.
        """
        if self.under_way is not None:
            self.under_way.stop()

    def disconnect(self) -> None:
        """Stops what is under way, and disconnects; after it, actions are refused. A second time does nothing."""
        try:
            if self._connected:
                self.cancel()
        finally:
            super().disconnect()

    def _send(self, goal: NDArray[np.float64]) -> None:
        self.hand_over(tick_trajectory(self.description.joint_names, self._q, goal, 1.0 / self.rate_hz)).run()


class NotArrived(RobotFault):
    """A controller says that a trajectory is done, and the arm that is read back is somewhere else.

    Attributes:
        joint: The joint that is farthest away.
        away: How far [rad].
    """

    def __init__(self, joint: str, away: float):
        self.joint, self.away = joint, away
        super().__init__(
            f"The controller says that it is done, and {joint} is {away:.3f} rad away from the trajectory's end; at most "
            f"{ARRIVED} rad are allowed."
        )


class HandedOver:
    """One trajectory in a controller's hands.

    One that does not end well leaves an arm of which nobody knows where it is, unless it is read back.
    """

    def __init__(self, robot: TrajectoryRobot, motion: Motion, trajectory: JointTrajectory, waiting: Waiting):
        self._robot, self._motion, self._waiting = robot, motion, waiting
        order = [trajectory.joint_names.index(name) for name in robot.description.joint_names]
        self._end = trajectory.positions[-1, order]
        self._stopped = False
        self._ended = threading.Event()

    def run(self) -> None:
        """Has it carried out, and returns when the controller says that it is done.

        Whatever breaks in, a Ctrl-C too, has it cancelled, and is raised again when the arm is known to be at rest.

        Raises:
            RobotFault: The controller did not clearly succeed, or is not known to have stopped.
        """
        robot = self._robot
        robot.under_way = self
        try:
            robot.guarded(self._motion.run)
        except BaseException as error:
            robot.lost = True
            with uninterrupted():
                self._cancelled_for(error)
            raise
        finally:
            robot.under_way = None
            self._ended.set()
        if self._stopped:
            raise RobotFault("The motion was cancelled; where the arm stopped is not where the trajectory ends.")
        robot.arrived_at(self._end)

    def stop(self) -> None:
        """Cancels it while it runs in another thread, and returns when it has ended and an arm that is read back rests.

        Raises:
            RobotFault: It is not known to have stopped.
        """
        self._stopped = self._robot.lost = True
        self._cancel()
        if not self._ended.wait(STOP_SECONDS):
            raise RobotFault(
                f"The controller was told to stop and has not come back within {STOP_SECONDS:g} s: nobody knows whether the "
                "arm has stopped."
            )
        self._require_rest()

    def require_arrival(self) -> None:
        """Passes once an arm that is read back is where the trajectory ends; one that is not cannot be asked.

        Raises:
            NotArrived: It does not get there.
        """
        robot, gap = self._robot, np.zeros(1)

        def there() -> bool:
            nonlocal gap
            gap = np.abs(robot.positions() - self._end)
            return bool(gap.max() <= ARRIVED)

        if not self._waiting.until(there, SETTLE_SECONDS):
            robot.lost = True
            worst = int(np.argmax(gap))
            raise NotArrived(robot.description.joint_names[worst], float(gap[worst]))

    def _cancelled_for(self, error: BaseException) -> None:
        """Cancels what was broken off; if that goes wrong, too, both are told."""
        try:
            self._cancel()
            self._require_rest()
        except RobotFault as further:
            if isinstance(error, RobotFault) and str(error) == str(further):
                return
            raise RobotFault(f"{str(error) or type(error).__name__} {further}") from error

    def _cancel(self) -> None:
        cancelling = Call(lambda: self._robot.guarded(self._motion.cancel))
        if not cancelling.within(2.0 * STOP_SECONDS):
            raise RobotFault("Cancelling the motion does not come back: nobody knows whether the arm has stopped.")
        cancelling.value()

    def _require_rest(self) -> None:
        """Passes once an arm that is read back does not move any more."""
        robot, last = self._robot, self._robot.last_told()
        if last is None:
            return

        def rests() -> bool:
            nonlocal last
            self._waiting.sleep(REST_TICK)
            before, last = last, robot.last_told()
            return before is not None and last is not None and bool(np.abs(last - before).max() <= AT_REST * REST_TICK)

        if not self._waiting.until(rests, STOP_SECONDS):
            raise RobotFault(f"The arm still moves {STOP_SECONDS:g} s after its motion was cancelled. Use its stop.")
