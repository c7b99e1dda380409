"""Motions of a run: each trajectory is followed once, and the world is saved on the way."""

from __future__ import annotations

from dataclasses import dataclass

from lmp.capabilities import robot_capabilities, taking_closed_loops, world_capabilities
from lmp.execution.observing import look_at
from lmp.execution.splicing import spliced
from lmp.record import RunFolder
from lmp.runtime.flow.telling import Telling
from lmp.schema.evidence import Evidence
from lmp.schema.executable import ClosedLoop, UnderWay
from lmp.schema.findings import Execution
from lmp.schema.plan import Subgoal
from lmp.schema.trajectory import JointTrajectory, Segment
from lmp.schema.verdict import Verdict
from lmp.stages import Stages

SAVE_SECONDS = 1.0
"""Longest stretch of a motion after which the world is saved again [s]."""


@dataclass(frozen=True)
class Followed:
    """A motion that was executed.

    Attributes:
        execution: How it went.
        commanded: What was commanded, where chunks made it another trajectory than the compiled one.
    """

    execution: Execution
    commanded: JointTrajectory | None = None


def follow(stages: Stages, compiled: JointTrajectory | Verdict) -> Followed:
    """Executes what was compiled: as a closed loop where there is a follower that makes one of it."""
    loops = taking_closed_loops(stages.executor)
    if stages.follower is None or loops is None or not isinstance(compiled, JointTrajectory):
        return Followed(stages.executor.execute(compiled))
    motion = stages.follower.motion(compiled)
    if isinstance(motion, JointTrajectory):
        return Followed(stages.executor.execute(motion))
    kept = _Kept(motion)
    return Followed(loops.execute(kept), kept.commanded)


class _Kept:
    """A closed loop that keeps what its chunks made of the trajectory: a replay of that needs no observation."""

    def __init__(self, behind: ClosedLoop):
        self._behind = behind
        self.first, self.rate_hz = behind.first, behind.rate_hz
        self._last: tuple[UnderWay, JointTrajectory] | None = None

    def looks_in(self, segment: Segment) -> bool:
        return self._behind.looks_in(segment)

    def chunk(self, now: UnderWay) -> JointTrajectory | Evidence | None:
        chunk = self._behind.chunk(now)
        if isinstance(chunk, JointTrajectory):
            self._last = now, chunk
        return chunk

    @property
    def commanded(self) -> JointTrajectory | None:
        """What was commanded, once it was executed; None where it was what was compiled."""
        if self._last is None:
            return None
        now, chunk = self._last
        return spliced(now.trajectory, now.t, chunk)


@dataclass
class Following:
    """Executes the trajectories of one run.

    Attributes:
        stages: The executor of trajectories, and the world in which they are followed.
        telling: Tells of it.
        record: Where states of the world, and what was commanded, are saved.
        moved: Whether anything has moved yet.
    """

    stages: Stages
    telling: Telling
    record: RunFolder
    moved: bool = False
    _motion: JointTrajectory | None = None
    _saved_at: float = 0.0
    _saved_time: float | None = None

    def follow(self, trajectory: JointTrajectory, subgoal: Subgoal | None = None, plan: tuple[Subgoal, ...] = ()) -> Execution:
        """Executes a trajectory to its end, or to where it is stopped; what was commanded instead of it is recorded.

        Args:
            trajectory: What to follow.
            subgoal: What it is for; None for the way to the rest posture.
            plan: The whole plan, for worlds that hear of it.
        """
        if (hearing := world_capabilities(self.stages.world).hears) is not None:
            hearing.moving(trajectory, subgoal, plan)
        self.moved = True
        self._motion, self._saved_at = trajectory, 0.0
        try:
            with self.telling.timed("execute"):
                done = follow(self.stages, trajectory)
        finally:
            self._motion = None
        if done.commanded is None:
            return done.execution
        name = self.record.save_trajectory(done.commanded)
        return done.execution.model_copy(update={"commanded": name})

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
        world = self.stages.world
        can = world_capabilities(world)
        if can.saves is None or not (can.simulated and robot_capabilities(world.robot).simulated):
            return
        now = look_at(world).time
        if now != self._saved_time:
            self._saved_time = now
            self.record.save_world(can.saves.save)

    def noted(self, words: str) -> None:
        """Tells of something that was done to the world from outside, and saves it: after a kill it must not be done twice."""
        self.telling.tell("disturbed", words=words)
        self._saved_time = None
        self.save_world()
