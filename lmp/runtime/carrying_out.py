"""Carries a run out to its end: wrong use is refused first; then the arm at rest, the record complete, and an episode."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from lmp import registry
from lmp.capabilities import need_part, planner_capabilities, robot_capabilities, robot_moved_by, world_capabilities
from lmp.errors import BadFile, PlannerFault, RecordFault, RobotFault, SetupFault, did_you_mean, need
from lmp.model_settings import ModelSettings
from lmp.planners.model.faults import ModelBudgetSpent, NotAuthorised, UnknownModel
from lmp.planners.scripted.asked_conditions import asked_conditions
from lmp.runtime.flow.following import Following
from lmp.runtime.flow.memory import Memory
from lmp.runtime.flow.run_state import Pending, RunState
from lmp.runtime.flow.steps import Steps
from lmp.runtime.gates import with_approval
from lmp.runtime.loop import Approve, Ask, run_loop
from lmp.runtime.report import write_report
from lmp.schema.base import cut
from lmp.schema.budget import Budget
from lmp.schema.episode import Attempt, Compiled, Episode, SubgoalReport, WorldObject
from lmp.schema.exchange import ModelUse
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.proposal import GateDecision
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.sims.world_report import world_report
from lmp.stages import Executor, Planner, Stages, World
from lmp.uninterrupted import interruption_in, uninterrupted

NOTHING_TO_DO = "Nothing was moved: what the instruction asks for is so already."

Key = tuple[int, str, tuple[str, ...], str]


@dataclass(frozen=True)
class Heading:
    """The circumstances that an episode tells of."""

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
    """The use that a planner has made of models; None for one that asks none."""
    model = planner_capabilities(planner).asks_model
    return None if model is None else model.use


def reports(attempts: Iterable[Attempt], plan: Sequence[Subgoal], previewed: Sequence[Pending]) -> tuple[SubgoalReport, ...]:
    """One report a subgoal, in the order of the first try; a subgoal that several plans share is one."""
    found: dict[Key, SubgoalReport] = {}
    for attempt in attempts:
        key = _key(attempt.subgoal)
        tries = found[key].attempts + 1 if key in found else 1
        found[key] = _report(attempt.subgoal, attempt.primitive, attempt.compiled, tries, attempt.outcome, attempt.gates)
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
    subgoal: Subgoal,
    primitive: SkillParameters | None,
    verdict: Compiled | None,
    tries: int,
    outcome: Outcome,
    gates: tuple[GateDecision, ...] = (),
) -> SubgoalReport:
    return SubgoalReport(
        description=subgoal.description,
        reasoning=subgoal.reasoning,
        skill=subgoal.skill,
        objects=subgoal.objects,
        primitive=primitive,
        verdict=verdict,
        gates=gates,
        attempts=tries,
        outcome=outcome,
    )


def _hint(steps: Steps, state: RunState, succeeded: bool) -> str:
    if succeeded:
        return "" if steps.memory.attempts else NOTHING_TO_DO
    return cut(state.get("hint", ""))


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during a run; the arm is at rest and the record is complete.

    Attributes:
        episode: What was done until then.
    """

    def __init__(self, episode: Episode):
        self.episode = episode
        super().__init__(episode.error)


def carry_out(
    steps: Steps,
    heading: Heading,
    before: tuple[WorldObject, ...] | None,
    approve: Approve | None,
    ask: Ask | None,
    *,
    report: bool,
    again: RunState | None,
) -> Episode:
    """The episode of a run, from its first step or from where it was cut off.

    Raises:
        Interrupted: Ctrl-C.
    """
    state, broken = _carried_out(steps, approve, ask, again)
    with uninterrupted():
        episode = close_episode(heading, steps, state, before)
        try:
            _complete(steps, episode, report)
        except (RecordFault, BadFile) as fault:
            words = f"{fault} The run itself: {episode.outcome.value}. {episode.error or ''}".strip()
            episode = episode.model_copy(update={"outcome": Outcome.RECORD_FAILED, "error": words[:2000]})
    if isinstance(broken, KeyboardInterrupt):
        raise Interrupted(episode)
    if broken is not None:
        raise broken
    return episode


def _complete(steps: Steps, episode: Episode, report: bool) -> None:
    if episode.outcome is Outcome.RECORD_FAILED:
        return  # The record stays one of a run that was cut off, which can be gone on with.
    record = steps.memory.record
    try:
        steps.telling.tell("closed", outcome=episode.outcome, verified=episode.verified)
    finally:  # Whatever a listener makes of it.
        record.save_episode(episode)
        if report:
            write_report(record)


def _carried_out(
    steps: Steps, approve: Approve | None, ask: Ask | None, again: RunState | None
) -> tuple[RunState, BaseException | None]:
    """Run the loop; return how it ended, and what is to be raised again once the record is complete."""
    try:
        return run_loop(steps, approve, ask, again=again), None
    except RecordFault as error:
        return _cut_short(steps, Outcome.RECORD_FAILED, str(error)), None
    except RobotFault as error:
        return _cut_short(steps, Outcome.ROBOT_FAILED, str(error)), None
    except ModelBudgetSpent as error:
        return _cut_short(steps, Outcome.OUT_OF_BUDGET, str(error)), None
    except (PlannerFault, NotAuthorised, UnknownModel) as error:
        return _cut_short(steps, Outcome.PLANNER_FAILED, str(error)), None
    except (KeyboardInterrupt, Exception) as error:
        interruption = interruption_in(error)
        if interruption is not None:
            return _cut_short(steps, Outcome.INTERRUPTED, Outcome.INTERRUPTED.message), interruption
        return _cut_short(steps, Outcome.ROBOT_FAILED, f"{type(error).__name__}: {error}"), error


def _cut_short(steps: Steps, outcome: Outcome, message: str) -> RunState:
    """The end of a run in the middle of an attempt."""
    with suppress(RecordFault):  # what cannot be written is in the episode, which is handed back all the same
        steps.abandon(outcome, message)
    held = next((item.name for item in world_report(steps.stages.world) or () if item.held), None)
    hint = f"{held} is still in the gripper." if held is not None else ""
    return RunState(outcome=outcome.value, message=message, hint=hint)


ASIDE = (0.5, -0.5)
"""Turns of the first joint away from the rest posture, in the postures that are tried beside it [rad or m]."""


def steps_of(
    stages: Stages,
    skills: Mapping[str, Any],
    memory: Memory,
    following: Following,
    instruction: str,
    budget: Budget,
    pictures: bool,
    approve: Approve | None,
    ask: Ask | None,
) -> Steps:
    """The nodes of a run; with somebody who approves, and for what is real, its last gate asks before each motion."""
    rest, specs = registry.rest(skills), {name: skill.spec for name, skill in skills.items()}
    turns = ASIDE if "turn" in type(rest).model_fields else ()
    wanted = approve is not None or not is_simulated(stages.world, stages.executor)
    certifies = planner_capabilities(stages.planner).certifies
    return Steps(
        replace(stages, gates=with_approval(stages.gates, wanted)),
        memory,
        following.telling,
        following,
        instruction,
        rest=rest,
        aside=tuple(rest.model_copy(update={"turn": turn}) for turn in turns),
        asked=None if certifies else partial(asked_conditions, skills=specs),
        budget=budget,
        pictures=pictures,
        asks=ask is not None,
    )


def own_task(world: World) -> str:
    """The instruction that a world brings.

    Raises:
        SetupFault: It brings none.
    """
    judges = world_capabilities(world).judges
    if judges is None:
        raise SetupFault(f"The world {world.spec} has no task of its own: say what to do.")
    return judges.instruction


MAX_INSTRUCTION = 2000
"""Longest instruction that a record takes [characters]."""


def check_instruction(instruction: str) -> None:
    """Raises a SetupFault for what is no instruction, or too long a one."""
    if not isinstance(instruction, str):
        raise SetupFault(f"An instruction is a text, got {type(instruction).__name__}.")
    if any("\ud800" <= sign <= "\udfff" for sign in instruction):
        raise SetupFault(f"An instruction is text; this one holds bytes that are not UTF-8: {instruction!r:.120}.")
    if len(instruction) > MAX_INSTRUCTION:
        raise SetupFault(f"An instruction has at most {MAX_INSTRUCTION} characters, this one has {len(instruction)}.")


_STAGE_ARGUMENTS: dict[str, tuple[type, str]] = {
    "scene": (Scene, "a Scene, as `perceive` returns it"),
    "before": (Scene, "the Scene before the motion, as `perceive` returns it"),
    "after": (Scene, "the Scene after the motion, as `perceive` returns it"),
    "subgoal": (Subgoal, "a Subgoal, one of those that `decompose` returns"),
    "primitive": (SkillParameters, "a primitive, as `ground` returns it"),
}


def check_stage(**given: object) -> None:
    """Raises a SetupFault for what a stage cannot take, such as the Refusal of the stage before."""
    for name, value in given.items():
        if isinstance(value, Refusal):
            raise SetupFault(f"{name} takes {_STAGE_ARGUMENTS[name][1]}, got its refusal: {value.message}")
        need(name, value, *_STAGE_ARGUMENTS[name])


def check_parts(world: object, planner: object, model: object, skills: object, **others: object) -> None:
    """Raises a SetupFault for what an agent cannot be made of; of the others, None is no part."""
    if isinstance(world, str):
        raise SetupFault(
            f"world takes an open world, got the address {world!r:.80}: open it with lmp.open_world({world!r:.80})."
        )
    need_part("world", world)
    if not isinstance(planner, str):
        need_part("planner", planner)
    need("model", model, (ModelSettings, type(None)), "a lmp.model_settings.ModelSettings")
    need("skills", skills, (Mapping, type(None)), "skills by their names, such as {'hover': HoverSkill()}")
    for name, skill in (skills or {}).items() if isinstance(skills, Mapping) else ():
        need_part("skill", skill, f"skills[{name!r:.60}]")
    for kind, part in others.items():
        if part is not None:
            need_part(kind, part)


def check_options(of: str, functions: tuple[Callable[..., object], ...], options: Mapping[str, object], agent: type) -> None:
    """Raises a SetupFault for keyword arguments that no function takes; says what comes near, or that an agent takes it."""
    kinds = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    parameters = [each for function in functions for each in inspect.signature(function).parameters.values()]
    known = tuple(dict.fromkeys(each.name for each in parameters if each.kind in kinds and each.name != "self"))
    for name in options:
        if name not in known and name in inspect.signature(agent).parameters:
            raise SetupFault(f"{of} takes no {name}=; lmp.Agent does: lmp.Agent(world, {name}=...).run(instruction).")
        if name not in known:
            raise SetupFault(f"{of} takes no {name}=.{did_you_mean(name, known)} Known: {', '.join(known)}.")


def is_simulated(world: World, executor: Executor) -> bool:
    """True if the world, its robot, and the robot that the executor moves declare that nothing real moves."""
    robots = (world.robot, robot_moved_by(executor, world))
    return world_capabilities(world).simulated and all(robot_capabilities(robot).simulated for robot in robots)


def check_approval(world: World, executor: Executor, person: object) -> None:
    """Raises a SetupFault where something real would move and nobody is there to be asked."""
    if person is None and not world_capabilities(world).simulated:
        raise SetupFault(
            "This world is real, since it does not declare `simulated = True`: pass approve=, a function that is asked "
            "before each motion."
        )
    if person is None and not is_simulated(world, executor):
        raise SetupFault(
            "This robot does not declare `simulated = True`, so that it counts as not simulated: pass approve=, a function "
            "that is asked before each motion."
        )


def check_functions(**given: object) -> None:
    """Raises a SetupFault for what cannot be called where a function is taken."""
    for name, function in given.items():
        if function is not None and not callable(function):
            raise SetupFault(f"{name}= takes a function {FUNCTIONS[name]}, got {function!r:.80}.")


FUNCTIONS = {
    "approve": "that is asked before each motion",
    "ask": "that is asked where a person could help",
    "before_verify": "that is called before each verification, with the world and the subgoal",
}
