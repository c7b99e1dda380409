"""Follows a checked motion tick by tick, watches it, and brings the arm to rest whatever happens."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from lmp.capabilities import closed_loop, robot_capabilities
from lmp.errors import NotExecutable, RobotFault, SetupFault
from lmp.execution.arm import Arm
from lmp.execution.command_stream import AT_REST, NEAR, CommandStream, TickPlan, tick_plan
from lmp.execution.deferred_signals import Deferred
from lmp.execution.monitoring.monitor import Monitor
from lmp.execution.monitoring.outcome_of import TRACKING_ERROR, outcome_of
from lmp.execution.splicing import commanded_at, require_chunk, spliced
from lmp.execution.stopping import posture_before, stopping_path
from lmp.schema.evidence import Evidence, Touch
from lmp.schema.executable import ClosedLoop, Motion, UnderWay, require_executable
from lmp.schema.findings import Execution, Retarget
from lmp.schema.outcome import Outcome
from lmp.schema.scene import Scene
from lmp.schema.trajectory import JointTrajectory, Segment
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
    fingers stay as they are. The chunks of a closed loop take the place of the rest of what is followed, so that at every
    tick there is one checked trajectory to its end, at rest, which is watched and stopped like any other.

    Args:
        robot: The arm; one `send_action` is one tick.
        rate_hz: Ticks a second.
        on_progress: Told the share that was followed, 0 to 1, at each tick.
        touch: Tells what the gripper feels; without it the grip is judged by the width between the fingers.
        look: Tells where objects are, just before a segment that expects some in their places, and for closed loops; None does
            not look, and takes no closed loop.
        max_tracking_error: Largest distance of a joint from its command [rad].
        clock: Tells the time; a robot that does not declare `simulated = True` is watched by it [s].
        watched: True if any robot is, since its world is real.

    Attributes:
        closes_loops: True.

    Raises:
        SetupFault: The robot declares a `rate_hz`, and it is another.
    """

    closes_loops = True

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

    def execute(self, motion: Motion | Verdict) -> Execution:
        """Follows the motion to its end, or says why it was stopped. The arm is at rest when this returns or raises.

        Raises:
            NotExecutable: What came must not move this robot and nothing was moved; or a chunk must not, and the arm was
                stopped on its path.
            RobotFault: The robot failed; it was told to stop as far as it still obeyed.
        """
        loop = closed_loop(motion)
        if loop is not None and self.look is None:
            raise NotExecutable("This executor cannot look, and a closed loop needs what is seen: pass look=.")
        checked = require_executable(loop.first if loop is not None else motion, self.robot.description)
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
            return _Motion(self, checked, loop, plan, signals, present).run()


class _Motion:
    """One motion on its way."""

    def __init__(
        self,
        executor: StreamingExecutor,
        trajectory: JointTrajectory,
        loop: ClosedLoop | None,
        plan: TickPlan,
        signals: Deferred,
        present: NDArray[np.float64],
    ):
        self.executor, self.trajectory, self.loop, self.plan = executor, trajectory, loop, plan
        self.expected_seconds, self.retargets = trajectory.duration, list[Retarget]()
        self.ticks_a_look = 0 if loop is None else max(1, round(executor.rate_hz / loop.rate_hz))
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
        begun = self.executor.clock()
        while self.done < len(self.plan.positions):
            index = self.done
            begun, found = self._seen(begun, self._displaced)
            if found is not None:
                return self._stopped(found)
            stop = self._tick(self.plan.positions[index], index)
            found = self._watch()
            late = self.executor.clock() - begun - self._time if self.watched else 0.0
            allowed = OVERRUN_SECONDS + OVERRUN_SHARE * self.trajectory.duration
            if found is None and late > allowed:
                found = self.monitor.evidence("overrun", self._time, late, allowed, "s")
            if found is not None:
                return self._stopped(found)
            self.expected_seconds = max(self.expected_seconds, self.trajectory.duration)
            self.executor.on_progress(self._time / self.expected_seconds)
            if stop:
                return self._interrupted()
            begun, found = self._seen(begun, self._closed)
            if found is not None:
                return self._stopped(found)
        return self._arrive()

    def _seen(self, begun: float, look: Callable[[], Evidence | None]) -> tuple[float, Evidence | None]:
        """What a look finds, and when the motion then counts as begun [s]: looking is no part of its time."""
        before = self.executor.clock()
        found = look()
        return begun + self.executor.clock() - before, found

    def _displaced(self) -> Evidence | None:
        """Find what is not in its place before the next tick."""
        look = self.executor.look
        return None if look is None else self.monitor.look(float(self.plan.times[self.done]), look)

    def _closed(self) -> Evidence | None:
        """Asks the closed loop, where it is due after a tick, and follows its chunk from the next tick on."""
        loop, look, t = self.loop, self.executor.look, self._time
        if loop is None or look is None:
            return None
        ended = self.done == len(self.plan.positions)
        if not ended and (self.done % self.ticks_a_look or not loop.looks_in(self.monitor.segment_at(t))):
            return None
        joints = commanded_at(self.trajectory, t)
        chunk = loop.chunk(UnderWay(t, self.trajectory, joints, look()))
        if not isinstance(chunk, JointTrajectory):
            return chunk
        require_executable(chunk, self.description)
        require_chunk(chunk, joints, self.trajectory.joint_names, self.description)
        self._goes_on_with(chunk, t)
        return None

    def _goes_on_with(self, chunk: JointTrajectory, t: float) -> None:
        """Puts a chunk in place of what comes after an instant [s]."""
        present, first = self.monitor.segment_at(t), chunk.segments[0]
        if first.name == present.name:
            old, new = (_end_of(*each) for each in ((self.trajectory, present), (chunk, first)))
            about, away = None if first.follows is None else first.follows.object, float(np.linalg.norm(new - old))
            self.retargets.append(Retarget(t=t, segment=first.name, about=about, distance=away))
        rest = tick_plan(chunk, self.rate_hz, self.arm.joint_names)
        self.trajectory = self.monitor.trajectory = spliced(self.trajectory, t, chunk)
        plan, done = self.plan, self.done
        self.plan = TickPlan(
            np.concatenate([plan.times[:done], t + rest.times]),
            np.concatenate([plan.positions[:done], rest.positions]),
            plan.start,
            (*plan.gripper[:done], *rest.gripper),
        )

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
            retargets=tuple(self.retargets),
        )


def _end_of(trajectory: JointTrajectory, segment: Segment) -> NDArray[np.float64]:
    """Where the tool is at the end of a segment [m]. Shape (3,)."""
    row = int(np.searchsorted(trajectory.times, segment.end - 1e-9))
    place: NDArray[np.float64] = trajectory.tool_path[min(row, len(trajectory.times) - 1)]
    return place
