"""Motions of a run: each trajectory is followed once, and the world is saved on the way."""

from __future__ import annotations

from dataclasses import dataclass

from lmp.capabilities import robot_capabilities, world_capabilities
from lmp.execution.observing import look_at
from lmp.record import RunFolder
from lmp.runtime.flow.telling import Telling
from lmp.schema.findings import Execution
from lmp.schema.plan import Subgoal
from lmp.schema.trajectory import JointTrajectory
from lmp.stages import Executor, World

SAVE_SECONDS = 1.0
"""Longest stretch of a motion after which the world is saved again [s]."""


@dataclass
class Following:
    """Executes the trajectories of one run.

    Attributes:
        executor: Follows a trajectory.
        world: What it happens in.
        telling: Tells of it.
        record: Where states of the world are saved.
        moved: Whether anything has moved yet.
    """

    executor: Executor
    world: World
    telling: Telling
    record: RunFolder
    moved: bool = False
    _motion: JointTrajectory | None = None
    _saved_at: float = 0.0
    _saved_time: float | None = None

    def follow(self, trajectory: JointTrajectory, subgoal: Subgoal | None = None, plan: tuple[Subgoal, ...] = ()) -> Execution:
        """Executes a trajectory to its end, or to where it is stopped.

        Args:
            trajectory: What to follow.
            subgoal: What it is for; None for the way to the rest posture.
            plan: The whole plan, for worlds that hear of it.
        """
        if (hearing := world_capabilities(self.world).hears) is not None:
            hearing.moving(trajectory, subgoal, plan)
        self.moved = True
        self._motion, self._saved_at = trajectory, 0.0
        try:
            with self.telling.timed("execute"):
                return self.executor.execute(trajectory)
        finally:
            self._motion = None

    def ticked(self, fraction: float) -> None:
        """Hears each control tick of a motion, 0 to 1 [dimensionless]."""
        self.telling.progress(fraction)
        if self._motion is None:
            return
        t = fraction * self._motion.duration
        if t - self._saved_at >= SAVE_SECONDS:
            self._saved_at = t
            self.save_world()

    def save_world(self) -> None:
        """Saves a simulated world, which dies with the process, if it can be saved and time has passed in it since."""
        can = world_capabilities(self.world)
        if can.saves is None or not (can.simulated and robot_capabilities(self.world.robot).simulated):
            return
        now = look_at(self.world).time
        if now != self._saved_time:
            self._saved_time = now
            self.record.save_world(can.saves.save)

    def noted(self, words: str) -> None:
        """Tells of something that was done to the world from outside, and saves it: after a kill it must not be done twice."""
        self.telling.tell("disturbed", words=words)
        self._saved_time = None
        self.save_world()
