"""Carries out a checked trajectory with a controller that takes whole ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from lmp.errors import RobotFault
from lmp.hardware.goal import stretch_between
from lmp.hardware.wrapped_robots import TrajectoryRobot
from lmp.schema.executable import require_executable
from lmp.schema.outcome import Execution, Outcome
from lmp.schema.scene import RobotState
from lmp.schema.trajectory import GripperEvent, JointTrajectory
from lmp.schema.verdict import Verdict

ARRIVED = 0.05
"""Largest distance of a joint from the trajectory's start, and in the end from its end [rad]."""
AT_REST = 1e-3
"""Joint speed below which a sample is at rest [rad/s]."""


class TrajectoryExecutor:
    """Hands a trajectory over and waits; between its parts, at rest, it commands the gripper.

    Without gripper commands that is one call. A gripper command that falls into a motion waits for its next rest.

    Args:
        robot: The robot.
        on_progress: Told the share that was followed, 0 to 1, after each part.
    """

    def __init__(self, robot: TrajectoryRobot, on_progress: Callable[[float], None] | None = None):
        self.robot = robot
        self.on_progress = on_progress or (lambda fraction: None)

    def execute(self, trajectory: JointTrajectory | Verdict) -> Execution:
        """Follows the trajectory to its end. If anything breaks in, the controller is asked to cancel first.

        Raises:
            NotExecutable: What came must not move this robot; nothing was moved.
            RobotFault: The controller failed.
        """
        names = self.robot.description.joint_names
        checked = require_executable(trajectory, names)
        columns = [checked.joint_names.index(name) for name in names]
        away = self._away(self.robot.get_observation(), checked.positions[0, columns])
        if away > ARRIVED:
            return self._ended(
                Outcome.TRACKING_ERROR, f"The arm is {away:.3f} rad away from the start; nothing was moved.", 0.0, away
            )
        try:
            for start, end, events in parts_at_rest(checked):
                for event in events:
                    self.robot.grip(event.width, event.force)
                if end > start:
                    whole = start == 0.0 and end == checked.duration
                    self.robot.follow(checked if whole else stretch_between(checked, start, end))
                self.on_progress(end / checked.duration)
        except BaseException:
            self._cancel()
            raise
        away = self._away(self.robot.get_observation(), checked.positions[-1, columns])
        if away > ARRIVED:
            message = f"The arm ended {away:.3f} rad away from the trajectory's end; at most {ARRIVED} rad are allowed."
            return self._ended(Outcome.TRACKING_ERROR, message, checked.duration, away)
        return self._ended(Outcome.SUCCEEDED, "", checked.duration, away)

    def _cancel(self) -> None:
        try:
            self.robot.cancel()
        except RobotFault:
            return  # What led here is on its way already.

    def _away(self, state: RobotState, goal: NDArray[np.float64]) -> float:
        return float(np.abs(np.array(state.positions) - goal).max())

    def _ended(self, outcome: Outcome, message: str, duration: float, away: float) -> Execution:
        width = self.robot.get_observation().gripper_width
        return Execution(outcome=outcome, message=message, duration=duration, tracking_error=away, gripper_width=width)


def parts_at_rest(trajectory: JointTrajectory) -> list[tuple[float, float, tuple[GripperEvent, ...]]]:
    """The trajectory cut where it rests at or after a gripper command: start [s], end [s], commands before the part."""
    resting = trajectory.times[(np.abs(trajectory.velocities) <= AT_REST).all(axis=1)]
    cuts: dict[float, list[GripperEvent]] = {0.0: []}
    for event in sorted(trajectory.gripper, key=lambda event: event.t):
        later = resting[resting >= event.t - 1e-9]
        cuts.setdefault(float(later[0]) if later.size else trajectory.duration, []).append(event)
    instants = sorted(cuts)
    return [(start, end, tuple(cuts[start])) for start, end in zip(instants, [*instants[1:], trajectory.duration], strict=True)]
