"""Planning of a run: asks the planner, holds it to its contract, and compiles the whole plan ahead.

A part of a planner that breaks, or an answer that is none, is a PlannerFault. Later subgoals are compiled on the scene that the
earlier ones predict; a plan that the compiler turns down goes back to the planner, which may clear something away first.
"""

from __future__ import annotations

from collections.abc import Sequence

from lmp.capabilities import planner_capabilities
from lmp.choosing import CheckedMotion, Choice, Gate
from lmp.errors import LmpError, PlannerFault
from lmp.runtime.flow.checking import checked, class_of
from lmp.runtime.flow.run_state import Pending, summary
from lmp.runtime.flow.varying import tried_before
from lmp.schema.episode import Attempt, History
from lmp.schema.outcome import Outcome
from lmp.schema.plan import INFEASIBLE, TARGET_MISSED, Refusal, Subgoal
from lmp.schema.proposal import MOST_PROPOSALS, Abstain, AskFirst, GateDecision, Go, Proposal
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory
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


def proposed(
    planner: Planner, subgoal: Subgoal, scene: Scene, history: History | None, most: int = 1
) -> tuple[Proposal, ...] | Refusal:
    """The planner's proposals for a subgoal, the preferred one first; more than were wanted are taken as they come.

    Raises:
        PlannerFault: The planner raised, or answered something else.
    """
    try:
        answer = planner.propose(subgoal, scene, history, most)
    except LmpError:
        raise
    except Exception as error:
        raise _broke(planner, "propose", error) from error
    if isinstance(answer, Refusal):
        return answer
    if not isinstance(answer, tuple | list) or not answer or not all(isinstance(one, Proposal) for one in answer):
        raise PlannerFault(
            f"{_name(planner)}.propose has to give a tuple of Proposal, one at least, or a Refusal; it gave {answer!r:.200}."
        )
    if len(answer) > MOST_PROPOSALS:
        raise PlannerFault(f"{_name(planner)}.propose gave {len(answer)} proposals; at most {MOST_PROPOSALS} are taken.")
    other = next((one.primitive.kind for one in answer if one.primitive.kind != subgoal.skill), None)
    if other is not None:
        raise PlannerFault(
            f"{_name(planner)}.propose gave parameters of {other!r} for a subgoal of the skill {subgoal.skill!r}."
        )
    return tuple(answer)


def judged(name: str, gate: Gate, motion: CheckedMotion) -> GateDecision:
    """What a gate answers to a motion.

    Raises:
        PlannerFault: The gate raised, or answered something else; then nothing is moved.
    """
    try:
        answer = gate.judge(motion)
    except LmpError:
        raise
    except Exception as error:
        raise PlannerFault(f"The gate {name!r} raised {type(error).__name__}: {error}"[:2000]) from error
    if not isinstance(answer, Go | Abstain | AskFirst):
        raise PlannerFault(f"The gate {name!r} has to answer Go, Abstain or AskFirst; it gave {answer!r:.200}.")
    return GateDecision(gate=name, answer=answer)


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
        proposals = _ahead(stages, subgoal, scene, history)
        if proposals is None:
            entry.outcome = Outcome.PLANNED
            break
        if isinstance(proposals, Refusal):
            entry.fail(Outcome(proposals.reason), proposals.message)
            break
        after: list[tuple[JointTrajectory, Scene]] = []
        compiled = choose(entry, stages, proposals, after)
        entry.compiled = summary(compiled)
        if isinstance(compiled, Verdict):
            entry.fail(class_of(compiled, moved=False), str(compiled))
            break
        entry.trajectory, entry.outcome = compiled, Outcome.PLANNED
        scene = next(predicted for trajectory, predicted in after if trajectory is compiled)
    return seen


def choose(
    entry: Pending,
    stages: Stages,
    proposals: Sequence[Proposal],
    after: list[tuple[JointTrajectory, Scene]] | None = None,
    attempts: Sequence[Attempt] = (),
) -> JointTrajectory | Verdict:
    """Has the chooser take one of the proposals for an attempt; what has failed equally twice is turned down.

    Args:
        entry: The attempt, which gets what was taken and why.
        stages: Whose chooser, compiler and predictions.
        proposals: What there is to choose from.
        after: Gets each trajectory with the scene that it leads to.
        attempts: What was tried so far.

    Raises:
        PlannerFault: The chooser raised, or took something else.
    """

    def tried(primitive: SkillParameters) -> JointTrajectory | Verdict:
        compiled, predicted = checked(stages, entry.subgoal, primitive, entry.before)
        if isinstance(compiled, Verdict) or predicted is None:
            return compiled
        if after is not None:
            after.append((compiled, predicted))
        return tried_before(entry.subgoal, primitive, compiled, attempts) or compiled

    try:
        taken = stages.chooser.choose(proposals, tried)
    except LmpError:
        raise
    except Exception as error:
        raise PlannerFault(f"{type(stages.chooser).__name__}.choose raised {type(error).__name__}: {error}"[:2000]) from error
    if not isinstance(taken, Choice) or taken.proposal not in proposals:
        raise PlannerFault(
            f"{type(stages.chooser).__name__}.choose has to give a Choice of a proposal, it gave {taken!r:.200}."
        )
    entry.primitive, entry.proposed, entry.chosen = taken.proposal.primitive, len(proposals), taken.why
    return taken.compiled


def _ahead(stages: Stages, subgoal: Subgoal, scene: Scene, history: History | None) -> tuple[Proposal, ...] | Refusal | None:
    """Choose where to look: a model is not asked about a scene that nobody has seen, its planner's rules are."""
    planner = stages.planner
    model = planner_capabilities(planner).asks_model
    if scene.predicted and model is not None:
        drafted = model.draft(subgoal, scene)
        return None if drafted is None else (Proposal(primitive=drafted),)
    return proposed(planner, subgoal, scene, history, stages.chooser.most)


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
        if not seen or seen[-1].outcome not in (INFEASIBLE, TARGET_MISSED) or seen[-1].compiled is None:
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
