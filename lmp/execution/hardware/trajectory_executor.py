"""Carries out a checked trajectory with a controller that takes whole ones."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np

from lmp.errors import RobotFault
from lmp.execution.deferred_signals import Deferred
from lmp.execution.hardware.controller import GRIP_SECONDS
from lmp.execution.hardware.goal import stretch_between
from lmp.execution.hardware.parts import Part, parts_at_rest
from lmp.execution.hardware.waiting import Call
from lmp.execution.hardware.wrapped_robots import ARRIVED, HandedOver, NotArrived, TrajectoryRobot
from lmp.execution.monitoring.monitor import Monitor
from lmp.execution.monitoring.outcome_of import TRACKING_ERROR, outcome_of
from lmp.schema.evidence import Evidence
from lmp.schema.executable import require_executable
from lmp.schema.findings import Execution
from lmp.schema.outcome import Outcome
from lmp.schema.scene import Scene
from lmp.schema.trajectory import GripperEvent, JointTrajectory
from lmp.schema.verdict import Verdict
from lmp.uninterrupted import uninterrupted

OVERRUN_SECONDS, OVERRUN_SHARE = 1.0, 0.1
"""How much longer than planned a controller may take: this [s], and this share of the duration [dimensionless]."""
LOOK_SECONDS = 0.02
"""How often it is looked whether the motion is asked to stop [s]."""


class TrajectoryExecutor:
    """Hands a trajectory over and waits; between its parts, at rest, it commands the gripper and looks after the grip.

    Without gripper commands, and with nothing to hold or to look for, that is one call. A gripper command that falls into a
    motion waits for its next rest. What is carried is judged by the width between the fingers, if the robot tells it.

    Args:
        robot: The robot.
        on_progress: Told the share that was followed, 0 to 1, after each part.
        look: Tells where objects are, just before a segment that expects some in their places; None does not look.
    """

    def __init__(
        self,
        robot: TrajectoryRobot,
        on_progress: Callable[[float], None] | None = None,
        *,
        look: Callable[[], Scene] | None = None,
    ):
        self.robot, self.look = robot, look
        self.on_progress = on_progress or (lambda fraction: None)

    def execute(self, trajectory: JointTrajectory | Verdict) -> Execution:
        """Follows the trajectory to its end, or to the part after which it was stopped.

        If anything breaks in, a Ctrl-C too, or a real controller does not come back in time, the motion is cancelled, and the
        arm is at rest when this returns or raises; a fault says so where that is not known.

        Raises:
            NotExecutable: What came must not move this robot; nothing was moved.
            RobotFault: The controller did not clearly succeed, or is not known to have stopped.
        """
        checked = require_executable(trajectory, self.robot.description)
        columns = [checked.joint_names.index(name) for name in self.robot.description.joint_names]
        away = float(np.abs(self.robot.positions() - checked.positions[0, columns]).max())
        if away > ARRIVED:
            message = f"The arm is {away:.3f} rad away from the start; nothing was moved."
            return self._ended(checked, TRACKING_ERROR, message, 0.0, away)
        if self.robot.simulated:
            return self._carried_out(checked, columns, None)
        signals = Deferred()
        with uninterrupted(signals):
            try:
                return self._carried_out(checked, columns, signals)
            except RobotFault:
                signals.pending.clear()  # An arm that may still move is worse news than that it was asked to stop.
                raise

    def _carried_out(self, trajectory: JointTrajectory, columns: list[int], signals: Deferred | None) -> Execution:
        try:
            reached, stop = self._follow(trajectory, signals)
        except NotArrived as error:
            return self._ended(trajectory, TRACKING_ERROR, str(error), trajectory.duration, error.away)
        if isinstance(stop, Evidence):
            outcome = outcome_of(stop)
            return self._ended(trajectory, outcome, f"{outcome.message} Seen: {stop}.", reached, 0.0, stop)
        if stop is not None:
            return self._ended(trajectory, stop, stop.message, reached, 0.0)
        away = float(np.abs(self.robot.positions() - trajectory.positions[-1, columns]).max())
        return self._ended(trajectory, Outcome.SUCCEEDED, "", trajectory.duration, away)

    def _follow(self, trajectory: JointTrajectory, signals: Deferred | None) -> tuple[float, Evidence | Outcome | None]:
        """Until when it was followed [s], and what stopped it: something seen, or a person."""
        monitor = Monitor(trajectory, self.robot.description, 0.0, np.inf, self.robot.tells_width)
        for part in parts_at_rest(trajectory, self._instants(trajectory)):
            moved = None if self.look is None else monitor.look(part.start + 1e-6, self.look)
            if moved is not None:
                return part.start, moved
            for event in part.events:
                self._grip(event, signals)
            if signals is not None and signals.tick():
                return part.start, Outcome.INTERRUPTED
            stop = self._hand_over(trajectory, part, monitor, signals)
            if stop is not None:
                return part.start, stop
            lost = monitor.tick(part.end, np.zeros(1), None, self.robot.gripper_width)
            if lost is not None:
                return part.end, lost
            self.on_progress(part.end / trajectory.duration)
        return trajectory.duration, None

    def _grip(self, event: GripperEvent, signals: Deferred | None) -> None:
        """Commands the gripper; a real one has to come back."""
        if signals is None:
            self.robot.grip(event.width, event.force)
            return
        call = Call(lambda: self.robot.grip(event.width, event.force))
        if not _ended_within(call, GRIP_SECONDS + 1.0, signals):
            raise RobotFault(f"The gripper has not come back within {GRIP_SECONDS:g} s.")
        call.value()

    def _instants(self, trajectory: JointTrajectory) -> list[float]:
        """Times at which to stop for a moment, to look or to look after the grip [s]."""
        looked = [s.start for s in trajectory.segments if s.expects] if self.look is not None else []
        held = [s.end for s in trajectory.segments if s.takes is not None] if self.robot.tells_width else []
        return [*looked, *held]

    def _hand_over(
        self, trajectory: JointTrajectory, part: Part, monitor: Monitor, signals: Deferred | None
    ) -> Evidence | Outcome | None:
        """Has the controller follow a part; what stopped it, if it did not come back in time or a person wanted it."""
        seconds = part.end - part.start
        if seconds <= 0.0:
            return None
        whole = seconds == trajectory.duration
        handed = self.robot.hand_over(trajectory if whole else stretch_between(trajectory, part.start, part.end))
        if signals is None:
            handed.run()
        else:
            call, allowed = Call(handed.run), OVERRUN_SECONDS + OVERRUN_SHARE * seconds
            if not _ended_within(call, seconds + allowed, signals, or_wanted=True):
                wanted = bool(signals.pending)
                why = "The motion was asked to stop." if wanted else f"The controller took {allowed:.1f} s too long."
                self._stop(handed, signals, why)
                return Outcome.INTERRUPTED if wanted else monitor.evidence("overrun", part.end, allowed, allowed, "s")
            call.value()
        handed.require_arrival()
        return None

    def _stop(self, handed: HandedOver, signals: Deferred, why: str) -> None:
        """Stops a motion; a further Ctrl-C waits until it is known whether the arm rests.

        Raises:
            RobotFault: It is not known to have stopped.
        """
        stopping = Call(handed.stop)
        _ended_within(stopping, math.inf, signals)
        try:
            stopping.value()
        except RobotFault as error:
            raise RobotFault(f"{why} {error}") from error

    def _ended(
        self,
        trajectory: JointTrajectory,
        outcome: Outcome,
        message: str,
        duration: float,
        away: float,
        evidence: Evidence | None = None,
    ) -> Execution:
        followed = trajectory.times <= duration + 1e-9 if duration > 0.0 else np.zeros(len(trajectory.times), dtype=bool)
        joints = {joint.name: joint for joint in self.robot.description.joints}
        limits = [joints[name] for name in trajectory.joint_names]
        speeds = np.abs(trajectory.velocities[followed]) / [joint.velocity for joint in limits]
        accelerations = np.abs(trajectory.accelerations[followed]) / [joint.acceleration for joint in limits]
        return Execution(
            outcome=outcome,
            message=message,
            duration=duration,
            tracking_error=away,
            gripper_width=self.robot.gripper_width,
            velocity=float(speeds.max(initial=0.0)),
            acceleration=float(accelerations.max(initial=0.0)),
            evidence=evidence,
        )


def _ended_within(call: Call, seconds: float, signals: Deferred, or_wanted: bool = False) -> bool:
    """Waits for a call at most a time [s], or until the motion is asked to stop; True once it has ended."""
    until = time.monotonic() + seconds
    while not call.within(LOOK_SECONDS):
        wanted = signals.tick()
        if time.monotonic() >= until or (or_wanted and wanted):
            return False
    return True
