"""Asks a planner and holds it to its contract: whatever breaks in it, or is not an answer, is a PlannerFault."""

from __future__ import annotations

from lmp.errors import LmpError, PlannerFault
from lmp.schema.episode import History
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.stages import Planner

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
