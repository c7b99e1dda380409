"""One instruction in one world, carried out or gone on with, and judged by the truth of its task."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from lmp.lab.disturbances import OPTION
from lmp.lab.disturbances.disturbed_world import true_world
from lmp.lab.evaluate.source import InstructionSource, TaskSource, world_of
from lmp.lab.tasks.filling import Skipped, fill
from lmp.lab.truth.truth import Predicate, judge
from lmp.lab.truth.truth_snapshot import Snapshot
from lmp.record import RunFolder
from lmp.runtime.agent import Agent
from lmp.runtime.agent import run as run_agent
from lmp.runtime.worlds import closing, open_world, reopen_world, scheme_of
from lmp.schema.base import Model, Text
from lmp.schema.episode import Episode, WorldObject
from lmp.schema.outcome import Outcome
from lmp.schema.world_spec import WorldSpec, with_option
from lmp.sims.scenes.engines import scene_of
from lmp.sims.world_report import world_report
from lmp.stages import World

REST_SECONDS = 1.0
"""How long everything rests before the truth is judged [s]."""


class Errand(Model):
    """An instruction, and the world where it is to be carried out.

    Attributes:
        world: Address of the world; its engine opens the scene of a source that names one.
        source: A task, or a sentence.
        disturb: What goes wrong on purpose.
    """

    world: Text
    source: InstructionSource | TaskSource
    seed: Annotated[int, Field(ge=0, le=2**32 - 1, description="seed of the world [count]")]
    disturb: Text | None = None

    @property
    def address(self) -> str:
        """Address of the world that is opened."""
        own = self.source.world if isinstance(self.source, InstructionSource) else self.source.task.world
        return world_of(own, self.world)


class Answer(Model):
    """The end of an errand.

    Attributes:
        skipped: Why this seed has no such task; None for one that was carried out.
        truth: Whether what was asked is true in the end; None where nobody can tell.
        why: What decided it.
        struck: Whether the disturbance struck.
        moved: Whether anything was moved.
    """

    skipped: Text | None = None
    instruction: Text = ""
    outcome: Outcome | None = None
    verified: bool = False
    truth: bool | None = None
    why: Text = ""
    error: Text | None = None
    struck: bool = False
    moved: bool = False
    replans: Annotated[int, Field(ge=0, description="times that the plan was made again [count]")] = 0
    seconds: Annotated[float, Field(ge=0.0, description="wall time [s]")] = 0.0

    @property
    def success(self) -> bool:
        return self.verified if self.truth is None else self.truth

    @property
    def false_success(self) -> bool:
        return self.verified and self.truth is False


def begin(errand: Errand, out: Path, **options: Any) -> Answer:
    """Opens the world, carries the errand out and judges it. The options are those of `Agent.run`."""
    address = errand.address if errand.disturb is None else with_option(errand.address, OPTION, errand.disturb)
    with closing(open_world(address, seed=errand.seed)) as world:
        filled = _filled(errand, Snapshot(scene_of(world.spec), world_report(true_world(world)) or ()))
        if isinstance(filled, Skipped):
            return Answer(skipped=filled.reason)
        episode = run_agent(filled[0], world=world, out=out, **options)
        return _judged(errand, world, episode, out)


def go_on(errand: Errand, run: Path, **options: Any) -> Answer:
    """Goes on with the errand from the record of a run that was cut off. The options are those of `Agent.resume`.

    If its process was killed just after its end, there is nothing to go on with, and the record has the answer.

    Raises:
        SetupFault: The run cannot be resumed; it says why.
    """
    ended = RunFolder.open(run)
    if ended.finished:
        episode = ended.episode()
        return _told(errand, episode, episode.scene_after or (), run)
    with RunFolder.resume(run) as record, closing(reopen_world(record)) as world:
        episode = Agent(world, str(record.settings()["planner"])).resume(record, **options)
        return _judged(errand, world, episode, run)


def _filled(errand: Errand, before: Snapshot) -> tuple[str, Predicate | None] | Skipped:
    source = errand.source
    if isinstance(source, InstructionSource):
        return source.instruction, source.truth
    found = fill(source.task, before, errand.seed)
    return found if isinstance(found, Skipped) else (found.instruction, found.truth)


def _judged(errand: Errand, world: World, episode: Episode, run: Path) -> Answer:
    """The answer, with the truth of the world as it is after a rest."""
    world.settle(REST_SECONDS)
    return _told(errand, episode, world_report(true_world(world)) or (), run)


def _told(errand: Errand, episode: Episode, after: tuple[WorldObject, ...], run: Path) -> Answer:
    record = RunFolder.open(run)
    scene = scene_of(record.world() or WorldSpec(address=scheme_of(errand.address)[1].plain))
    before = Snapshot(scene, episode.scene_before or ())
    filled, holds, why = _filled(errand, before), None, ""
    if not isinstance(filled, Skipped) and filled[1] is not None:
        found = judge(filled[1], before, Snapshot(scene, after))
        holds, why = found.holds, found.why[:2000]
    names = {event.name for event in record.events()}
    return Answer(
        instruction=episode.instruction,
        outcome=episode.outcome,
        verified=episode.verified,
        truth=holds,
        why=why,
        error=episode.error,
        struck="disturbed" in names,
        moved=bool(names & {"moving", "resting"}),
        replans=episode.replans,
        seconds=episode.seconds,
    )
