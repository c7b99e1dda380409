"""Runs one episode of an evaluation in its own world and judges it."""

from __future__ import annotations

import hashlib
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from pydantic import Field

from lmp.errors import LmpError
from lmp.lab.evaluate.executions import executions_of
from lmp.lab.evaluate.reachable import RIGHT_REFUSALS, needed, out_of_reach
from lmp.lab.evaluate.result import Result, Settings
from lmp.lab.evaluate.sabotage import Sabotage
from lmp.lab.evaluate.source import InstructionSource, Source
from lmp.lab.tasks.filling import FilledTask, Skipped, fill
from lmp.lab.truth.truth import Finding, judge
from lmp.lab.truth.truth_predicates import Predicate
from lmp.lab.truth.truth_snapshot import Snapshot
from lmp.registry import asks_model
from lmp.schema.base import Model
from lmp.schema.budget import Budget
from lmp.schema.episode import Episode
from lmp.sims.scenes.loader import load_scene_file
from lmp.stages import World

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
    def scene(self) -> str:
        own = self.source.scene if isinstance(self.source, InstructionSource) else self.source.task.scene
        return own or self.settings.scene

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
    from lmp.runtime.worlds import open_world

    settings = job.settings
    try:
        with open_world(job.scene, seed=job.seed, robot=settings.robot, world=settings.world) as world:
            return _run_in(world, job)
    except LmpError as error:
        return job.result(fault=f"{type(error).__name__}: {error}"[:2000])
    except Exception as error:
        return job.result(fault=f"Not an error of this library, {type(error).__name__}: {error}"[:2000])


def _run_in(world: World, job: Job) -> Result:
    scene = load_scene_file(job.scene)
    before = Snapshot(scene, world.objects())
    filled = _filled(job, before)
    if isinstance(filled, Skipped):
        return job.result(skipped=filled.reason)
    instruction, truth = filled

    def found() -> Finding | None:
        return None if truth is None else judge(truth, before, Snapshot(scene, world.objects()))

    sabotage, begun = _sabotage(job, found), len(_done_to(world))
    with tempfile.TemporaryDirectory(prefix="lmp-evaluate-") as folder:
        kept = None if job.out is None else Path(job.out) / f"{job.seed:04d}-{job.key}"
        path = kept or Path(folder) / "run"
        episode = _episode(world, instruction, job.settings, path, sabotage)
        executions = executions_of(path)
    world.settle(REST_SECONDS)
    finding = found()
    holds = finding.holds if finding is not None else None
    why_not = None if holds else out_of_reach(needed(truth, episode), Snapshot(scene, world.objects()))
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
        right_refusal=why_not is not None and episode.outcome in RIGHT_REFUSALS and bool(episode.error),
        velocity=max((execution.velocity for execution in executions), default=0.0),
        acceleration=max((execution.acceleration for execution in executions), default=0.0),
        rules=tuple(attempt.rule for attempt in episode.attempts if attempt.rule),
        run=str(kept) if kept else None,
    )


def _done_to(world: World) -> list[str]:
    """What was done to the world on purpose."""
    return list(getattr(world, "disturbances", ()))


def _sabotage(job: Job, found: Callable[[], Finding | None]) -> Sabotage | None:
    def holds() -> bool | None:
        finding = found()
        return None if finding is None else finding.holds

    seed = zlib.crc32(f"{job.seed} {job.source.label}".encode())
    return Sabotage(job.settings.sabotage, seed, holds) if job.settings.sabotage else None


def _filled(job: Job, before: Snapshot) -> tuple[str, Predicate | None] | Skipped:
    source = job.source
    if isinstance(source, InstructionSource):
        if source.truth is not None and judge(source.truth, before, before).holds:
            return Skipped("it is done already")
        return source.instruction, source.truth
    found = fill(source.task, before, job.seed)
    return (found.instruction, found.truth) if isinstance(found, FilledTask) else found


def _episode(world: World, instruction: str, settings: Settings, out: Path, sabotage: Sabotage | None) -> Episode:
    from lmp.runtime.running import run_in

    return run_in(
        world,
        instruction,
        planner=settings.planner,
        model=settings.model,
        out=out,
        disturb=settings.disturb,
        budget=None if sabotage is None else SABOTAGE_BUDGET,
        before_verify=sabotage,
        pictures=asks_model(settings.planner),
        report=False,
    )
