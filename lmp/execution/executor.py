"""Follows a checked trajectory tick by tick, watches the motion, and brings the arm to rest whatever happens."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from lmp.capabilities import robot_capabilities
from lmp.errors import RobotFault, SetupFault
from lmp.execution.arm import Arm
from lmp.execution.command_stream import AT_REST, NEAR, CommandStream, TickPlan, tick_plan
from lmp.execution.deferred_signals import Deferred
from lmp.execution.monitoring.monitor import Monitor
from lmp.execution.monitoring.outcome_of import TRACKING_ERROR, outcome_of
from lmp.execution.stopping import posture_before, stopping_path
from lmp.schema.evidence import Evidence, Touch
from lmp.schema.executable import require_executable
from lmp.schema.findings import Execution
from lmp.schema.outcome import Outcome
from lmp.schema.scene import Scene
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict
from lmp.stages import Robot
from lmp.uninterrupted import uninterrupted

START_TOLERANCE = NEAR
"""Largest distance of a joint from the trajectory's start at which it is begun at all [rad]."""

CONVERGED = 2e-3
"""Distance of a joint from its goal below which it counts as there [rad]; 2 mm at 1 m of reach."""

MAX_TRACKING_ERROR = 0.15
"""Largest distance of a joint from its command before the motion is stopped [rad].

A joint at 2.2 rad/s that lags by three ticks of 10 ms is 0.07 rad behind; twice that is an arm that is held back.
"""

CONVERGENCE_SECONDS = 0.5
"""How long the arm may take to arrive after the last sample [s]."""

OVERRUN_SECONDS, OVERRUN_SHARE = 1.0, 0.1
"""How much longer than planned a motion may take on a clock: this [s], and this share of its duration [dimensionless]."""


class StreamingExecutor:
    """Sends a robot one position a tick, interpolated from the trajectory's samples.

    The robot paces the ticks: a simulated one advances its time in `send_action`, a real one waits in it. Ctrl-C during a
    motion takes effect when the arm is at rest. What the monitor sees stops the motion on its path, within limits; the
    fingers stay as they are.

    Args:
        robot: The arm; one `send_action` is one tick.
        rate_hz: Ticks a second.
        on_progress: Told the share that was followed, 0 to 1, at each tick.
        touch: Tells what the gripper feels; without it the grip is judged by the width between the fingers.
        look: Tells where objects are, just before a segment that expects some in their places; None does not look.
        max_tracking_error: Largest distance of a joint from its command [rad].
        clock: Tells the time; a robot that does not declare `simulated = True` is watched by it [s].
        watched: True if any robot is, since its world is real.

    Raises:
        SetupFault: The robot declares a `rate_hz`, and it is another.
    """

    def __init__(
        self,
        robot: Robot,
        rate_hz: float,
        on_progress: Callable[[float], None] | None = None,
        *,
        touch: Callable[[], Touch] | None = None,
        look: Callable[[], Scene] | None = None,
        max_tracking_error: float = MAX_TRACKING_ERROR,
        clock: Callable[[], float] = time.monotonic,
        watched: bool = False,
    ):
        self.arm = Arm(robot)
        own = robot_capabilities(robot).rate_hz
        if own is not None and own != rate_hz:
            raise SetupFault(
                f"The robot takes {own:g} ticks a second and the executor would send {rate_hz:g}: a motion would be carried "
                f"out {own / rate_hz:.3g} times as fast as it was checked. Give both the same rate_hz."
            )
        self.rate_hz = rate_hz
        self.on_progress = on_progress or (lambda fraction: None)
        self.touch, self.look = touch, look
        self.max_tracking_error, self.clock, self.watched = max_tracking_error, clock, watched

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
        checked = require_executable(trajectory, self.robot.description)
        plan = tick_plan(checked, self.rate_hz, self.arm.joint_names)
        state = self.arm.observe()
        present = self.arm.positions(state)
        gap = np.abs(present - plan.start)
        if gap.max() > START_TOLERANCE:
            worst = int(np.argmax(gap))
            return Execution(
                outcome=TRACKING_ERROR,
                message=f"The arm is not where the trajectory starts: {self.arm.joint_names[worst]} is {gap[worst]:.3f} rad "
                f"away, at most {START_TOLERANCE} rad are allowed; nothing was moved. Perceive and compile again.",
                duration=0.0,
                tracking_error=float(gap.max()),
                gripper_width=state.gripper_width,
            )
        signals = Deferred()
        with uninterrupted(signals):
            return _Motion(self, checked, plan, signals, present).run()


class _Motion:
    """One trajectory on its way."""

    def __init__(
        self,
        executor: StreamingExecutor,
        trajectory: JointTrajectory,
        plan: TickPlan,
        signals: Deferred,
        present: NDArray[np.float64],
    ):
        self.executor, self.trajectory, self.plan = executor, trajectory, plan
        self.arm, self.rate_hz = executor.arm, executor.rate_hz
        robot = self.arm.robot
        self.description = robot.description
        declared = robot_capabilities(robot)
        self.watched = executor.watched or not declared.simulated
        self.monitor = Monitor(trajectory, self.description, self.rate_hz, executor.max_tracking_error, declared.tells_width)
        self.done = 0
        self.commands = CommandStream(self.arm, self.rate_hz, signals, present)
        self.tracking_error = 0.0

    def run(self) -> Execution:
        try:
            return self._follow()
        except RobotFault:
            self._stop_as_far_as_it_obeys()
            raise
        except BaseException:
            self._slow_down()
            raise

    def _follow(self) -> Execution:
        if self.commands.blend_to(self.plan.start):
            return self._interrupted()
        allowed = OVERRUN_SECONDS + OVERRUN_SHARE * self.trajectory.duration
        begun = self.executor.clock()
        for index, positions in enumerate(self.plan.positions):
            begun, found = self._look(begun, float(self.plan.times[index]))
            if found is not None:
                return self._stopped(found)
            stop = self._tick(positions, index)
            found = self._watch()
            late = self.executor.clock() - begun - self._time if self.watched else 0.0
            if found is None and late > allowed:
                found = self.monitor.evidence("overrun", self._time, late, allowed, "s")
            if found is not None:
                return self._stopped(found)
            self.executor.on_progress((index + 1) / len(self.plan.positions))
            if stop:
                return self._interrupted()
        return self._arrive()

    def _look(self, begun: float, t: float) -> tuple[float, Evidence | None]:
        """Find what is not in its place before the tick that reaches `t` [s]; looking is no part of the motion's time."""
        if self.executor.look is None:
            return begun, None
        before = self.executor.clock()
        found = self.monitor.look(t, self.executor.look)
        return begun + self.executor.clock() - before, found

    def _watch(self) -> Evidence | None:
        """Return what the monitor says about the last tick."""
        state = self.arm.observe()
        error = np.abs(self.arm.positions(state) - self.commands.commanded)
        self.tracking_error = max(self.tracking_error, float(error.max()))
        touch = None if self.executor.touch is None else self.executor.touch()
        return self.monitor.tick(self._time, error, touch, state.gripper_width)

    def _tick(self, positions: NDArray[np.float64], index: int | None = None) -> bool:
        """One tick; its last gripper command goes with the positions. True if the motion is asked to stop."""
        events = self.plan.gripper[index] if index is not None else ()
        self.done = self.done if index is None else index + 1
        return self.commands.send(positions, events[-1] if events else None)

    def _arrive(self) -> Execution:
        """Holds the last sample until the arm is there."""
        for _ in range(round(CONVERGENCE_SECONDS * self.rate_hz)):
            error, speed = self.commands.distance()
            if error <= CONVERGED and speed <= AT_REST:
                break
            stop = self._tick(self.commands.commanded)
            found = self._watch()
            if found is not None:
                return self._stopped(found)
            if stop:
                return self._interrupted()
        state = self.arm.observe()
        gap = np.abs(self.arm.positions(state) - self.commands.commanded)
        if gap.max() > START_TOLERANCE:
            joint = self.arm.joint_names[int(np.argmax(gap))]
            late = self.monitor.evidence("overrun", self._time, CONVERGENCE_SECONDS, CONVERGENCE_SECONDS, "s", about=joint)
            return self._stopped(late)
        return self._ended(Outcome.SUCCEEDED, "")

    def _stopped(self, evidence: Evidence) -> Execution:
        """Stops for what the monitor saw, without pressing on.

        An arm that is held back is commanded to where it is. One that pressed goes back a little on the way that it came.
        """
        self._slow_down()
        if evidence.signal in ("tracking_error", "overrun"):
            self.commands.blend_to(self.arm.positions(self.arm.observe()))
            self.commands.hold()
        elif evidence.signal == "contact_force":
            self.commands.blend_to(
                posture_before(self.trajectory, evidence.t, self.monitor.segment_at(evidence.t), self.arm.joint_names)
            )
            self.commands.hold()
        outcome = outcome_of(evidence)
        return self._ended(outcome, f"{outcome.message} Seen: {evidence}.", evidence)

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
        self.commands.hold()

    def _stopping_path(self) -> NDArray[np.float64]:
        """Positions from the present tick to rest [rad]. Shape (n, dof)."""
        if self.done == 0:
            return np.empty((0, len(self.plan.start)))
        return stopping_path(self.trajectory, self._time, self.description, self.rate_hz)

    def _stop_as_far_as_it_obeys(self) -> None:
        try:
            self._slow_down()
        except RobotFault:
            return  # The fault that led here is on its way already.

    @property
    def _time(self) -> float:
        return float(self.plan.times[self.done - 1]) if self.done else 0.0

    def _ended(self, outcome: Outcome, message: str, evidence: Evidence | None = None) -> Execution:
        return Execution(
            outcome=outcome,
            message=message,
            duration=self._time,
            tracking_error=self.tracking_error,
            gripper_width=self.arm.observe().gripper_width,
            velocity=self.commands.shares.velocity,
            acceleration=self.commands.shares.acceleration,
            evidence=evidence,
        )
