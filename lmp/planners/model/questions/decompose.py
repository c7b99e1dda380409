"""*decompose*, and *plan*, which asks for the primitives in the same call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pydantic import JsonValue

from lmp.meaning.relations import unmet_of
from lmp.planners.model.answers import decompose_answer, plan_answer
from lmp.planners.model.briefing import Briefing
from lmp.planners.model.pixel_answers import in_frame_pixels, pixel_complaints
from lmp.planners.model.scene_complaints import name_complaints, plan_complaints, untrue
from lmp.planners.model.shown import Shown
from lmp.planners.scripted.asked_conditions import asked_conditions
from lmp.schema.condition import CONDITIONS, Condition
from lmp.schema.episode import History
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters

if TYPE_CHECKING:
    from lmp.planners.model.model_planner import ModelPlanner

Planned = list[tuple[Subgoal, SkillParameters | None]]


def asked_to_decompose(planner: ModelPlanner, instruction: str, scene: Scene, history: History | None) -> Planned | Refusal:
    """The model's subgoals, with primitives where it was asked for both."""
    at_once = planner.settings.one_call
    question = "plan" if at_once else "decompose"
    answer_class = plan_answer(planner.skills) if at_once else decompose_answer(planner.skills)
    briefing = Briefing(planner, scene)
    told = {
        "instruction": instruction,
        "skills": briefing.skills(parameters=at_once),
        "conditions": briefing.conditions(),
        **briefing.situation(),
        "history": briefing.history(history),
        **({"goals": briefing.goals()} if at_once else {}),
    }

    first = history.first_scene if history is not None else scene

    def check(raw: JsonValue, answer: Any | None, shown: Shown) -> Sequence[str]:
        found = list(name_complaints(raw, shown))
        if answer is None or found:
            return found
        if found := list(pixel_complaints(raw, scene, planner.settings)):
            return found
        done = [_condition(condition, first) for condition in answer.already]
        return [*plan_complaints(answer, shown), *untrue(done, scene), *_left_out(answer, instruction, first, scene, planner)]

    answer: Any = briefing.ask(question, told, answer_class, check)
    if answer.refusal is not None:
        return Refusal(**answer.refusal.model_dump())
    return [_planned(subgoal, first, scene, planner) for subgoal in answer.subgoals]


def _left_out(answer: Any, instruction: str, first: Scene, scene: Scene, planner: ModelPlanner) -> Sequence[str]:
    """Complaints about a plan that takes for done what is not, as far as the instruction can be read without a model."""
    if answer.subgoals or answer.refusal is not None:
        return []
    asked = asked_conditions(instruction, first, planner.skills) or ()
    return [
        f"subgoals: {words}. Plan what is left to do, or say in a refusal why it cannot be done."
        for words in unmet_of(asked, scene)
    ]


def _planned(answer: Any, first: Scene, scene: Scene, planner: ModelPlanner) -> tuple[Subgoal, SkillParameters | None]:
    primitive = answer.primitive if planner.settings.one_call else None
    subgoal = Subgoal(
        description=answer.description,
        reasoning=answer.reasoning,
        skill=answer.skill if primitive is None else primitive.kind,
        objects=answer.objects,
        success=tuple(_condition(condition, first) for condition in answer.success),
        step=answer.step,
        lasting=answer.lasting,
    )
    return subgoal, None if primitive is None else in_frame_pixels(primitive, scene, planner.settings)


def _condition(answer: Any, first: Scene) -> Condition:
    """The condition that is meant, some of which remember where objects were when the instruction was understood."""
    return CONDITIONS[answer.kind].from_answer(answer, first)
