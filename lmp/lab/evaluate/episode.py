"""Runs one episode of an evaluation in its own world and judges it."""

from __future__ import annotations

import hashlib
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from pydantic import Field

from lmp import registry
from lmp.capabilities import world_capabilities
from lmp.errors import LmpError, SetupFault
from lmp.lab.disturbances import OPTION
from lmp.lab.disturbances.disturbed_world import true_world
from lmp.lab.evaluate.executions import executions_of
from lmp.lab.evaluate.reachable import needed, out_of_reach
from lmp.lab.evaluate.result import Result, Settings
from lmp.lab.evaluate.sabotage import Sabotage
from lmp.lab.evaluate.source import InstructionSource, OwnTask, Source, TaskSource, world_of
from lmp.lab.tasks.filling import FilledTask, Skipped, fill
from lmp.lab.truth.truth import Finding, judge
from lmp.lab.truth.truth_snapshot import Snapshot
from lmp.registry import asks_model
from lmp.runtime.carrying_out import own_task
from lmp.runtime.worlds import scheme_of
from lmp.schema.base import Model
from lmp.schema.budget import Budget
from lmp.schema.episode import Episode
from lmp.schema.world_spec import with_option
from lmp.sims.scenes.engines import scene_of
from lmp.sims.world_report import world_report
from lmp.stages import Planner, World

REST_SECONDS = 1.0
"""How long everything rests before the truth is judged [s]."""

SABOTAGE_BUDGET = Budget(attempts_per_subgoal=2, replans=1)
"""A run that is spoilt again and again need not go on for long."""


class Job(Model):
    """One source and one seed.

    Attributes:
        out: Folder that keeps the run folders; None keeps none.
    """

    source: Source
    seed: Annotated[int, Field(ge=0, le=2**32 - 1, description="seed of the world [count]")]
    settings: Settings
    out: str | None = None

    @property
    def world(self) -> str:
        """Address of the world: the source's own, which the engine of the evaluation opens, or the evaluation's."""
        match self.source:
            case InstructionSource():
                own = self.source.world
            case TaskSource():
                own = self.source.task.world
            case OwnTask():
                own = None
        address = world_of(own, self.settings.world)
        return address if self.settings.disturb is None else with_option(address, OPTION, self.settings.disturb)

    @property
    def key(self) -> str:
        """The same for the same source, seed and settings."""
        unset = {"settings": {"model"}} if self.settings.model is None else None  # results from before models stay valid
        text = self.model_copy(update={"out": None}).model_dump_json(exclude=unset)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def result(self, **fields: object) -> Result:
        known = {"key": self.key, "label": self.source.label, "seed": self.seed, "settings": self.settings}
        return Result.model_validate({**known, **fields})


def run_episode(job: Job) -> Result:
    """Opens a world, carries the job out, and judges it after a rest with the arm home.

    What a part raises becomes the result's `fault`: one broken episode does not end the others.

    Raises:
        KeyboardInterrupt: Ctrl-C; the arm came to rest.
    """
    from lmp.runtime.worlds import closing, open_world

    settings = job.settings
    try:
        with closing(open_world(job.world, seed=job.seed, robot=settings.robot)) as world:
            return _run_in(world, job)
    except LmpError as error:
        return job.result(fault=f"{type(error).__name__}: {error}"[:2000])
    except Exception as error:
        return job.result(fault=f"Not an error of this library, {type(error).__name__}: {error}"[:2000])


def _run_in(world: World, job: Job) -> Result:
    before = _snapshot(world)
    filled = _filled(job, world, before)
    if isinstance(filled, Skipped):
        return job.result(skipped=filled.reason)
    instruction, truth = filled.instruction, filled.truth
    judges = world_capabilities(world).judges

    def found() -> Finding | None:
        now = _snapshot(world)
        if truth is not None and before is not None and now is not None:
            return judge(truth, before, now)
        if judges is None or judges.instruction != instruction:
            return None
        judgement = judges.success()
        return None if judgement.holds is None else Finding(judgement.holds, judgement.why or "the world's own predicate")

    sabotage, begun = _sabotage(job, found), len(_done_to(world))
    with tempfile.TemporaryDirectory(prefix="lmp-evaluate-") as folder:
        kept = None if job.out is None else Path(job.out) / f"{job.seed:04d}-{job.key}"
        path = kept or Path(folder) / "run"
        episode = _episode(world, filled, job.settings, path, sabotage)
        executions = executions_of(path)
    world.settle(REST_SECONDS)
    finding = found()
    holds = finding.holds if finding is not None else None
    after = None if holds else _snapshot(world)
    why_not = None if after is None else out_of_reach(needed(truth, episode), after)
    return job.result(
        instruction=instruction,
        outcome=episode.outcome,
        verified=episode.verified,
        truth=sabotage.truth if sabotage is not None and sabotage.done else holds,
        why=("" if finding is None else finding.why[:1900]) + (f"; {why_not}" if why_not else ""),
        error=episode.error,
        replans=episode.replans,
        seconds=episode.seconds,
        timings=episode.timings,
        disturbed="; ".join(_done_to(world)[begun:])[:2000],
        spoilt="; ".join(sabotage.done)[:2000] if sabotage is not None else "",
        reachable=why_not is None,
        right_refusal=why_not is not None and episode.outcome.cannot and bool(episode.error),
        velocity=max((execution.velocity for execution in executions), default=0.0),
        acceleration=max((execution.acceleration for execution in executions), default=0.0),
        rules=tuple(attempt.rule for attempt in episode.attempts if attempt.rule),
        run=str(kept) if kept else None,
    )


def _snapshot(world: World) -> Snapshot | None:
    """The world as the truth of tasks sees it; None for a world that is not made of a scene file."""
    if world.spec.address is None or not scheme_of(world.spec.address)[0].scenes:
        return None
    return Snapshot(scene_of(world.spec).with_base(world.robot.description), world_report(true_world(world)) or ())


def _done_to(world: World) -> list[str]:
    """The disturbances done to the world on purpose."""
    disturbable = world_capabilities(world).disturbable
    return [] if disturbable is None else list(disturbable.disturbances)


def _sabotage(job: Job, found: Callable[[], Finding | None]) -> Sabotage | None:
    def holds() -> bool | None:
        finding = found()
        return None if finding is None else finding.holds

    seed = zlib.crc32(f"{job.seed} {job.source.label}".encode())
    return Sabotage(job.settings.sabotage, seed, holds) if job.settings.sabotage else None


def _filled(job: Job, world: World, before: Snapshot | None) -> FilledTask | Skipped:
    """The instruction and its truth.

    Raises:
        SetupFault: The world has no task of its own, or is none in which this one can be judged.
    """
    source = job.source
    if isinstance(source, OwnTask):
        return FilledTask(own_task(world), None)
    if before is None:
        if isinstance(source, InstructionSource) and source.truth is None:
            return FilledTask(source.instruction, None)
        raise SetupFault(
            f"The truth of {source.label!r} is told from a scene file, and {world.spec} has none: evaluate instructions, or "
            "the world's own task."
        )
    if isinstance(source, InstructionSource):
        if source.truth is not None and judge(source.truth, before, before).holds:
            return Skipped("it is done already")
        return FilledTask(source.instruction, source.truth)
    return fill(source.task, before, job.seed)


def _episode(world: World, task: FilledTask, settings: Settings, out: Path, sabotage: Sabotage | None) -> Episode:
    from lmp.runtime.agent import run

    return run(
        task.instruction,
        world=world,
        planner=_planner(task, settings),
        model=settings.model,
        out=out,
        budget=None if sabotage is None else SABOTAGE_BUDGET,
        before_verify=sabotage,
        pictures=asks_model(settings.planner),
        report=False,
    )


def _planner(task: FilledTask, settings: Settings) -> str | Planner:
    """The planner: one that has the task's own plan, where it has one and no model is to be asked."""
    if task.plan is None or asks_model(settings.planner):
        return settings.planner
    from lmp.planners.plan_file.plan_file_planner import PlanFilePlanner

    return PlanFilePlanner(task.plan, {name: registry.load("skill", name).spec for name in registry.known("skill")})
