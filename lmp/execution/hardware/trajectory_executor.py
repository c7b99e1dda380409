"""Carries out a checked trajectory with a controller that takes whole ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from lmp.errors import RobotFault
from lmp.execution.hardware.bounded_wait import ends_within
from lmp.execution.hardware.goal import stretch_between
from lmp.execution.hardware.parts import Part, parts_at_rest
from lmp.execution.hardware.wrapped_robots import TrajectoryRobot
from lmp.execution.monitoring.monitor import Monitor
from lmp.execution.monitoring.outcome_of import TRACKING_ERROR, outcome_of
from lmp.schema.evidence import Evidence
from lmp.schema.executable import require_executable
from lmp.schema.findings import Execution
from lmp.schema.outcome import Outcome
from lmp.schema.scene import RobotState, Scene
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict

ARRIVED = 0.05
"""Largest distance of a joint from the trajectory's start, and in the end from its end [rad]."""
OVERRUN_SECONDS, OVERRUN_SHARE = 1.0, 0.1
"""How much longer than planned a controller may take: this [s], and this share of the duration [dimensionless]."""


class TrajectoryExecutor:
    """Hands a trajectory over and waits; between its parts, at rest, it commands the gripper and looks after the grip.

    Without gripper commands, and with nothing to hold or to look for, that is one call. A gripper command that falls into a
    motion waits for its next rest. What is carried is judged by the width between the fingers, if the robot tells it.

    Args:
        robot: The robot.
        on_progress: Told the share that was followed, 0 to 1, after each part.
        look: Tells where things are, just before a segment that expects some in their places; None does not look.
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

        If anything breaks in, or the controller does not come back in time, it is asked to cancel first.

        Raises:
            NotExecutable: What came must not move this robot; nothing was moved.
            RobotFault: The controller failed.
        """
        names = self.robot.description.joint_names
        checked = require_executable(trajectory, self.robot.description)
        columns = [checked.joint_names.index(name) for name in names]
        away = self._away(self.robot.get_observation(), checked.positions[0, columns])
        if away > ARRIVED:
            message = f"The arm is {away:.3f} rad away from the start; nothing was moved."
            return self._ended(checked, TRACKING_ERROR, message, 0.0, away)
        try:
            reached, evidence = self._follow(checked)
        except BaseException:
            self._cancel()
            raise
        if evidence is not None:
            outcome = outcome_of(evidence)
            return self._ended(checked, outcome, f"{outcome.message} Seen: {evidence}.", reached, away, evidence)
        away = self._away(self.robot.get_observation(), checked.positions[-1, columns])
        if away > ARRIVED:
            message = f"The arm ended {away:.3f} rad away from the trajectory's end; at most {ARRIVED} rad are allowed."
            return self._ended(checked, TRACKING_ERROR, message, checked.duration, away)
        return self._ended(checked, Outcome.SUCCEEDED, "", checked.duration, away)

    def _follow(self, trajectory: JointTrajectory) -> tuple[float, Evidence | None]:
        """Until when it was followed [s], and what stopped it."""
        monitor = Monitor(trajectory, self.robot.description, 0.0, np.inf, self.robot.tells_width)
        for part in parts_at_rest(trajectory, self._instants(trajectory)):
            moved = None if self.look is None else monitor.look(part.start + 1e-6, self.look)
            if moved is not None:
                return part.start, moved
            for event in part.events:
                self.robot.grip(event.width, event.force)
            late = self._hand_over(trajectory, part, monitor)
            if late is not None:
                return part.start, late
            lost = monitor.tick(part.end, np.zeros(1), None, self.robot.get_observation().gripper_width)
            if lost is not None:
                return part.end, lost
            self.on_progress(part.end / trajectory.duration)
        return trajectory.duration, None

    def _instants(self, trajectory: JointTrajectory) -> list[float]:
        """Where to stop for a moment, to look or to look after the grip [s]."""
        looked = [s.start for s in trajectory.segments if s.expects] if self.look is not None else []
        held = [s.end for s in trajectory.segments if s.takes is not None] if self.robot.tells_width else []
        return [*looked, *held]

    def _hand_over(self, trajectory: JointTrajectory, part: Part, monitor: Monitor) -> Evidence | None:
        """Has the controller follow a part; evidence if a real one does not come back in time."""
        seconds = part.end - part.start
        if seconds <= 0.0:
            return None
        whole = seconds == trajectory.duration
        stretch = trajectory if whole else stretch_between(trajectory, part.start, part.end)
        if self.robot.simulated:
            self.robot.follow(stretch)
            return None
        allowed = OVERRUN_SECONDS + OVERRUN_SHARE * seconds
        if ends_within(seconds + allowed, lambda: self.robot.follow(stretch)):
            return None
        self._cancel()
        return monitor.evidence("overrun", part.end, allowed, allowed, "s")

    def _cancel(self) -> None:
        try:
            self.robot.cancel()
        except RobotFault:
            return  # What led here is on its way already.

    def _away(self, state: RobotState, goal: NDArray[np.float64]) -> float:
        return float(np.abs(np.array(state.positions) - goal).max())

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
            gripper_width=self.robot.get_observation().gripper_width,
            velocity=float(speeds.max(initial=0.0)),
            acceleration=float(accelerations.max(initial=0.0)),
            evidence=evidence,
        )
