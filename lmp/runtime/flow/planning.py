"""Planning of a run: asks the planner, holds it to its contract, and compiles the whole plan ahead.

A part of a planner that breaks, or an answer that is none, is a PlannerFault. Later subgoals are compiled on the scene that the
earlier ones predict; a plan that the compiler turns down goes back to the planner, which may clear something away first.
"""

from __future__ import annotations

from collections.abc import Sequence

from lmp.capabilities import planner_capabilities
from lmp.errors import LmpError, PlannerFault
from lmp.runtime.flow.run_state import Pending, summary
from lmp.schema.episode import History
from lmp.schema.outcome import Outcome
from lmp.schema.plan import INFEASIBLE, Refusal, Subgoal
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.schema.verdict import Verdict
from lmp.stages import Planner, Stages

MAX_SUBGOALS = 256
"""Most subgoals of one plan [count]."""


def decomposed(planner: Planner, instruction: str, scene: Scene, history: History | None) -> tuple[Subgoal, ...] | Refusal:
    """The planner's subgoals.

    Raises:
        PlannerFault: The planner raised, or answered something else.
    """
    try:
        answer = planner.decompose(instruction, scene, history)
    except LmpError:
        raise
    except Exception as error:
        raise _broke(planner, "decompose", error) from error
    if isinstance(answer, Refusal):
        return answer
    if not isinstance(answer, tuple | list) or not all(isinstance(subgoal, Subgoal) for subgoal in answer):
        raise PlannerFault(f"{_name(planner)}.decompose has to give a tuple of Subgoal, or a Refusal; it gave {answer!r:.200}.")
    if len(answer) > MAX_SUBGOALS:
        raise PlannerFault(f"{_name(planner)}.decompose gave {len(answer)} subgoals; at most {MAX_SUBGOALS} are taken.")
    return tuple(answer)


def grounded(planner: Planner, subgoal: Subgoal, scene: Scene, history: History | None) -> SkillParameters | Refusal:
    """The planner's primitive for a subgoal.

    Raises:
        PlannerFault: The planner raised, or answered something else.
    """
    try:
        answer = planner.ground(subgoal, scene, history)
    except LmpError:
        raise
    except Exception as error:
        raise _broke(planner, "ground", error) from error
    if not isinstance(answer, SkillParameters | Refusal):
        raise PlannerFault(f"{_name(planner)}.ground has to give SkillParameters, or a Refusal; it gave {answer!r:.200}.")
    if isinstance(answer, SkillParameters) and answer.kind != subgoal.skill:
        raise PlannerFault(
            f"{_name(planner)}.ground gave parameters of {answer.kind!r} for a subgoal of the skill {subgoal.skill!r}."
        )
    return answer


def _broke(planner: Planner, verb: str, error: Exception) -> PlannerFault:
    return PlannerFault(f"{_name(planner)}.{verb} raised {type(error).__name__}: {error}"[:2000])


def _name(planner: Planner) -> str:
    return type(planner).__name__


def preview(stages: Stages, subgoals: Sequence[Subgoal], scene: Scene, history: History | None = None) -> list[Pending]:
    """Grounds and compiles the subgoals in order; ends at the first that cannot be done.

    Returns:
        One entry a subgoal that was reached; the last has the outcome PLANNED if all can be done, else why not. Where a
        planner that asks a model has nothing to say ahead of the motions, the look ahead ends without a complaint.
    """
    seen: list[Pending] = []
    for subgoal in subgoals:
        entry = Pending(subgoal, scene)
        seen.append(entry)
        primitive = _primitive(stages.planner, subgoal, scene, history)
        if primitive is None:
            entry.outcome = Outcome.PLANNED
            break
        if isinstance(primitive, Refusal):
            entry.fail(Outcome(primitive.reason), primitive.message)
            break
        entry.primitive = primitive
        compiled = stages.compiler.compile(primitive, scene)
        entry.compiled = summary(compiled)
        if isinstance(compiled, Verdict):
            entry.fail(INFEASIBLE, str(compiled))
            break
        entry.trajectory, entry.outcome = compiled, Outcome.PLANNED
        scene = stages.world_model.predict(primitive, scene, compiled)
    return seen


def _primitive(planner: Planner, subgoal: Subgoal, scene: Scene, history: History | None) -> SkillParameters | Refusal | None:
    """Choose where to look: a model is not asked about a scene that nobody has seen, its planner's rules are."""
    model = planner_capabilities(planner).asks_model
    if scene.predicted and model is not None:
        return model.draft(subgoal, scene)
    return grounded(planner, subgoal, scene, history)


ROUNDS = 6
"""Times that a planner is asked for another plan before anything moves [count]."""
REPLANNED = "infeasible: decompose again, with the verdict"

Plan = tuple[Subgoal, ...]


def plan_that_compiles(
    stages: Stages, instruction: str, plan: Plan, scene: Scene, history: History | None
) -> tuple[Plan | Refusal, list[Pending]]:
    """Compiles the whole plan ahead; asks for another one as long as it cannot be done and the answers differ.

    Returns:
        The last plan, or the planner's refusal, and what compiling the last plan gave: its last entry is PLANNED if all of it
        can be done.
    """
    seen = preview(stages, plan, scene, history)
    for _ in range(ROUNDS):
        if not seen or seen[-1].outcome is not INFEASIBLE or seen[-1].compiled is None:
            break
        known = history or History(first_scene=scene)
        history = known.model_copy(update={"attempts": (*known.attempts, seen[-1].close(REPLANNED))})
        answer = decomposed(stages.planner, instruction, scene, history)
        if isinstance(answer, Refusal):
            return answer, seen
        if answer == plan:
            break
        plan = answer
        seen = preview(stages, plan, scene, history)
    return plan, seen
