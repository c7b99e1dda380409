"""Follows a checked trajectory tick by tick, watches the arm, and brings it to rest whatever happens."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from lmp.errors import RobotFault
from lmp.schema.executable import require_executable
from lmp.schema.outcome import Execution, Outcome
from lmp.schema.scene import RobotState
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict
from lmp.sims.arm import Arm
from lmp.sims.deferred_signals import Deferred, deferred_signals
from lmp.sims.tick_plan import TickPlan, blend, tick_plan
from lmp.stages import Robot
from lmp.stopping import slow_to_stop

START_TOLERANCE = 0.05
"""Largest distance of a joint from the trajectory's start at which it is begun at all [rad]; 5 cm at 1 m of reach."""

CONVERGED = 2e-3
"""Distance of a joint from its goal below which it counts as there [rad]; 2 mm at 1 m of reach."""

MAX_TRACKING_ERROR = 0.15
"""Largest distance of a joint from its command before the motion is stopped [rad].

A joint at 2.2 rad/s that lags by three ticks of 10 ms is 0.07 rad behind; twice that is an arm that is held back.
"""

AT_REST = 0.01
"""Joint speed below which the arm is at rest [rad/s]."""

CONVERGENCE_SECONDS = 0.5
"""How long the arm may take to arrive after the last sample, and to come to rest after a stop [s]."""


class StreamingExecutor:
    """Sends a robot one position a tick, interpolated from the trajectory's samples.

    Between two samples it interpolates linearly, so that it never leaves what was checked. The robot paces the ticks:
    a simulated one advances its time in `send_action`, a real one waits in it. Ctrl-C during a motion takes effect when
    the arm is at rest.

    Args:
        robot: The arm; one `send_action` is one tick.
        rate_hz: Ticks a second.
        on_progress: Told the share that was followed, 0 to 1, at each tick.
        max_tracking_error: Largest distance of a joint from its command [rad].
    """

    def __init__(
        self,
        robot: Robot,
        rate_hz: float,
        on_progress: Callable[[float], None] | None = None,
        *,
        max_tracking_error: float = MAX_TRACKING_ERROR,
    ):
        self.arm = Arm(robot)
        self.rate_hz = rate_hz
        self.on_progress = on_progress or (lambda fraction: None)
        self.max_tracking_error = max_tracking_error

    @property
    def robot(self) -> Robot:
        """The robot that moves."""
        return self.arm.robot

    def execute(self, trajectory: JointTrajectory | Verdict) -> Execution:
        """Follows the trajectory to its end, or says why it was stopped. The arm is at rest when this returns or raises.

        Raises:
            NotExecutable: What came must not move this robot; nothing was moved.
            RobotFault: The robot failed; it was told to stop as far as it still obeyed.
        """
        checked = require_executable(trajectory, self.arm.joint_names)
        plan = tick_plan(checked, self.rate_hz, self.arm.joint_names)
        state = self.arm.observe()
        gap = np.abs(self.arm.positions(state) - plan.start)
        if gap.max() > START_TOLERANCE:
            worst = int(np.argmax(gap))
            return _execution(
                Outcome.TRACKING_ERROR,
                f"The arm is not where the trajectory starts: {self.arm.joint_names[worst]} is {gap[worst]:.3f} rad away, "
                f"at most {START_TOLERANCE} rad are allowed; nothing was moved. Perceive and compile again.",
                tracking_error=float(gap.max()),
                state=state,
            )
        with deferred_signals() as signals:
            return _Motion(self, checked, plan, signals).run(self.arm.positions(state))


class _Motion:
    """One trajectory on its way."""

    def __init__(self, executor: StreamingExecutor, trajectory: JointTrajectory, plan: TickPlan, signals: Deferred):
        self.executor, self.trajectory, self.plan, self.signals = executor, trajectory, plan, signals
        self.arm, self.rate_hz = executor.arm, executor.rate_hz
        self.done = 0
        self.commanded = plan.start
        self.tracking_error = 0.0

    def run(self, present: NDArray[np.float64]) -> Execution:
        try:
            return self._follow(present)
        except RobotFault:
            self._stop_as_far_as_it_obeys()
            raise
        except BaseException:
            self._slow_down()
            raise

    def _follow(self, present: NDArray[np.float64]) -> Execution:
        gap = float(np.abs(present - self.plan.start).max())
        if gap > CONVERGED:
            for positions in blend(present, self.plan.start, 10.0 * gap, self.rate_hz):
                if self._tick(positions):
                    return self._interrupted()
        for index, positions in enumerate(self.plan.positions):
            stop = self._tick(positions, index)
            state = self.arm.observe()
            error = np.abs(self.arm.positions(state) - positions)
            self.tracking_error = max(self.tracking_error, float(error.max()))
            if error.max() > self.executor.max_tracking_error:
                return self._lost(int(np.argmax(error)), state, self.executor.max_tracking_error)
            self.executor.on_progress((index + 1) / len(self.plan.positions))
            if stop:
                return self._interrupted()
        return self._arrive()

    def _tick(self, positions: NDArray[np.float64], index: int | None = None) -> bool:
        """One tick; its last gripper command goes with the positions. True if somebody wants the motion to stop."""
        events = self.plan.gripper[index] if index is not None else ()
        self.commanded = positions
        self.done = self.done if index is None else index + 1
        self.arm.command(positions, events[-1] if events else None)
        return self.signals.tick()

    def _arrive(self) -> Execution:
        """Holds the last sample until the arm is there."""
        for _ in range(round(CONVERGENCE_SECONDS * self.rate_hz)):
            error, speed = self._distance()
            if error <= CONVERGED and speed <= AT_REST:
                break
            if self._tick(self.commanded):
                return self._interrupted()
        state = self.arm.observe()
        gap = np.abs(self.arm.positions(state) - self.commanded)
        if gap.max() > START_TOLERANCE:
            return self._lost(int(np.argmax(gap)), state, START_TOLERANCE)
        return self._ended(Outcome.SUCCEEDED, "")

    def _lost(self, joint: int, state: RobotState, allowed: float) -> Execution:
        """The arm did not follow: it is held where it is, not where it should be."""
        away = abs(float(self.arm.positions(state)[joint] - self.commanded[joint]))
        self.commanded = self.arm.positions(state)
        self._hold()
        return self._ended(
            Outcome.TRACKING_ERROR,
            f"{self.arm.joint_names[joint]} was {away:.3f} rad away from its command at t = {self._time:.2f} s; "
            f"at most {allowed} rad are allowed. The arm was stopped.",
        )

    def _interrupted(self) -> Execution:
        self._slow_down()
        return self._ended(Outcome.INTERRUPTED, Outcome.INTERRUPTED.message)

    def _slow_down(self) -> None:
        """Slows down along the path, without gripper commands, and then holds."""
        for positions in self._stopping_path():
            try:
                self._tick(positions)
            except KeyboardInterrupt:
                continue  # A further Ctrl-C from within the robot's code must not leave the arm moving.
        self._hold()

    def _stopping_path(self) -> NDArray[np.float64]:
        """Positions from the present tick to rest [rad]. Shape (n, dof)."""
        if self.done == 0:
            return np.empty((0, len(self.commanded)))
        trajectory, limits = self.trajectory, {joint.name: joint for joint in self.arm.robot.description.joints}
        stop = slow_to_stop(
            trajectory.times,
            trajectory.positions,
            trajectory.velocities,
            trajectory.accelerations,
            self._time,
            acceleration_limits=np.array([limits[name].acceleration for name in trajectory.joint_names]),
            jerk_limits=np.array([limits[name].jerk for name in trajectory.joint_names]),
            rate_hz=self.rate_hz,
        )
        columns = [trajectory.joint_names.index(name) for name in self.arm.joint_names]
        path: NDArray[np.float64] = stop.positions[1:, columns]
        return path

    def _stop_as_far_as_it_obeys(self) -> None:
        try:
            self._slow_down()
        except RobotFault:
            return  # The fault that led here is on its way already.

    def _hold(self) -> None:
        """Sends the last command until the arm is at rest."""
        for _ in range(max(1, round(CONVERGENCE_SECONDS * self.rate_hz))):
            try:
                self._tick(self.commanded)
                if self._distance()[1] <= AT_REST:
                    return
            except KeyboardInterrupt:
                continue

    def _distance(self) -> tuple[float, float]:
        """Largest distance of a joint from its command [rad] and largest joint speed [rad/s]."""
        state = self.arm.observe()
        error = np.abs(self.arm.positions(state) - self.commanded).max()
        return float(error), float(np.abs(self.arm.velocities(state)).max())

    @property
    def _time(self) -> float:
        return float(self.plan.times[self.done - 1]) if self.done else 0.0

    def _ended(self, outcome: Outcome, message: str) -> Execution:
        return _execution(outcome, message, self.tracking_error, self.arm.observe(), self._time)


def _execution(outcome: Outcome, message: str, tracking_error: float, state: RobotState, duration: float = 0.0) -> Execution:
    return Execution(
        outcome=outcome,
        message=message,
        duration=duration,
        tracking_error=tracking_error,
        gripper_width=state.gripper_width,
    )
