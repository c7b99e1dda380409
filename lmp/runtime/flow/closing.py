"""How a run becomes an `Episode`: what was planned, how each part ended, what the world itself says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lmp.capabilities import planner_capabilities
from lmp.runtime.flow.run_state import Pending, RunState
from lmp.runtime.flow.steps import Steps
from lmp.schema.base import cut
from lmp.schema.episode import Attempt, Compiled, Episode, SubgoalReport, WorldObject
from lmp.schema.exchange import ModelUse
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.skill import SkillParameters
from lmp.sims.world_report import world_report
from lmp.stages import Planner

NOTHING_TO_DO = "Nothing was moved: what the instruction asks for is so already."

Key = tuple[int, str, tuple[str, ...], str]


@dataclass(frozen=True)
class Heading:
    """What an episode says of its circumstances."""

    instruction: str
    world: str
    seed: int
    robot: str
    planner: str


def close_episode(heading: Heading, steps: Steps, state: RunState, before: tuple[WorldObject, ...] | None) -> Episode:
    """The episode of a run that came to its end."""
    outcome = Outcome(state.get("outcome") or Outcome.ROBOT_FAILED)
    succeeded = outcome is Outcome.SUCCEEDED
    return Episode(
        **vars(heading),
        outcome=outcome,
        verified=succeeded and state.get("verified", False),
        error=None if succeeded else cut(state.get("message") or outcome.message),
        hint=_hint(steps, state, succeeded),
        subgoals=reports(steps.memory.attempts, steps.memory.plan, steps.memory.previewed),
        attempts=tuple(steps.memory.attempts),
        replans=state.get("replans", 0),
        seconds=steps.telling.seconds,
        timings=steps.telling.timings,
        models=models_used(steps.stages.planner),
        run=str(steps.memory.record.path),
        scene_before=before,
        scene_after=world_report(steps.stages.world),
    )


def planned_episode(
    heading: Heading,
    answer: Sequence[Subgoal] | Refusal,
    previewed: Sequence[Pending],
    seconds: float,
    before: tuple[WorldObject, ...] | None,
    models: ModelUse | None = None,
) -> Episode:
    """The episode of a plan of which nothing was moved."""
    outcome, message, hint = Outcome.PLANNED, "", ""
    subgoals: Sequence[Subgoal] = ()
    if isinstance(answer, Refusal):
        outcome, message, hint = Outcome(answer.reason), answer.message, answer.hint
    else:
        subgoals = answer
        if previewed and previewed[-1].outcome is not Outcome.PLANNED:
            outcome, message = previewed[-1].outcome, f"{previewed[-1].subgoal.description}: {previewed[-1].message}"
    return Episode(
        **vars(heading),
        outcome=outcome,
        verified=False,
        error=None if outcome is Outcome.PLANNED else cut(message or outcome.message),
        hint=cut(hint),
        subgoals=reports((), subgoals, previewed),
        seconds=seconds,
        models=models,
        scene_before=before,
        scene_after=before,
    )


def models_used(planner: Planner) -> ModelUse | None:
    """What a planner has asked of models; None for one that asks none."""
    model = planner_capabilities(planner).asks_model
    return None if model is None else model.use


def reports(attempts: Iterable[Attempt], plan: Sequence[Subgoal], previewed: Sequence[Pending]) -> tuple[SubgoalReport, ...]:
    """One report a subgoal, in the order of the first try; a subgoal that several plans share is one."""
    found: dict[Key, SubgoalReport] = {}
    for attempt in attempts:
        key = _key(attempt.subgoal)
        tries = found[key].attempts + 1 if key in found else 1
        found[key] = _report(attempt.subgoal, attempt.primitive, attempt.compiled, tries, attempt.outcome)
    ran = bool(found)
    for entry in previewed:
        if _key(entry.subgoal) not in found:
            outcome = Outcome.NOT_RUN if ran and entry.outcome is Outcome.PLANNED else entry.outcome
            found[_key(entry.subgoal)] = _report(entry.subgoal, entry.primitive, entry.compiled, 0, outcome)
    for subgoal in plan:
        found.setdefault(_key(subgoal), _report(subgoal, None, None, 0, Outcome.NOT_RUN))
    return tuple(found.values())


def _key(subgoal: Subgoal) -> Key:
    return (subgoal.step, subgoal.skill, subgoal.objects, subgoal.description)


def _report(
    subgoal: Subgoal, primitive: SkillParameters | None, verdict: Compiled | None, tries: int, outcome: Outcome
) -> SubgoalReport:
    return SubgoalReport(
        description=subgoal.description,
        reasoning=subgoal.reasoning,
        skill=subgoal.skill,
        objects=subgoal.objects,
        primitive=primitive,
        verdict=verdict,
        attempts=tries,
        outcome=outcome,
    )


def _hint(steps: Steps, state: RunState, succeeded: bool) -> str:
    if succeeded:
        return "" if steps.memory.attempts else NOTHING_TO_DO
    return cut(state.get("hint", ""))
