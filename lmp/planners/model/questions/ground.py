"""*ground*: the typed primitive of one subgoal on the fresh scene, tried on the compiler before it is taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pydantic import JsonValue

from lmp.planners.model.answers import ground_answer
from lmp.planners.model.briefing import Briefing, SceneCheck
from lmp.planners.model.faults import NotValid
from lmp.planners.model.pixel_answers import in_frame_pixels, pixel_complaints
from lmp.planners.model.scene_complaints import name_complaints
from lmp.planners.model.shown import Shown
from lmp.planners.model.verdict_words import verdict_complaints
from lmp.schema.episode import History
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.proposal import Proposal
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters

if TYPE_CHECKING:
    from lmp.planners.model.model_planner import ModelPlanner


def asked_to_ground(
    planner: ModelPlanner, subgoal: Subgoal, scene: Scene, history: History | None, most: int
) -> tuple[Proposal, ...] | Refusal:
    """The model's primitives for a subgoal, `most` of them at most [count]."""
    briefing = Briefing(planner, scene)
    told = {**about(planner, briefing, subgoal), "history": briefing.history(history)}
    return typed_answer(planner, "ground", briefing, told, ground_answer(planner.skills[subgoal.skill], most), subgoal, scene)


def about(planner: ModelPlanner, briefing: Briefing, subgoal: Subgoal) -> dict[str, str]:
    """The text of a question about one subgoal: what it says of it and of the scene."""
    return {
        "instruction": planner.instruction,
        "subgoal": briefing.subgoal(subgoal),
        "skill": briefing.skill(subgoal.skill),
        **briefing.situation(),
        "goals": briefing.goals() if "target" in planner.skills[subgoal.skill].parameters.model_fields else "",
    }


def typed_answer(
    planner: ModelPlanner,
    question: str,
    briefing: Briefing,
    told: dict[str, str],
    answer_class: type[Any],
    subgoal: Subgoal,
    scene: Scene,
) -> tuple[Proposal, ...] | Refusal:
    """The primitives of an answer that names only what there is, the first of which compiles.

    Where the last answer is a good one but for the compiler's verdict, it is taken all the same: the loop records the
    verdict and decides what to do about it.
    """
    last: list[SkillParameters] = []
    check = _check(planner, subgoal, scene, last)
    try:
        answer: Any = briefing.ask(question, told, answer_class, check)
    except NotValid:
        if last:
            return (Proposal(primitive=last[-1]),)
        raise
    if answer.refusal is not None:
        return Refusal(**answer.refusal.model_dump())
    others: tuple[SkillParameters, ...] = answer.others if "others" in answer_class.model_fields else ()
    found = [in_frame_pixels(primitive, scene, planner.settings) for primitive in (answer.primitive, *others)]
    return tuple(
        Proposal(primitive=primitive, prior=0.5**rank, reasoning=answer.reasoning) for rank, primitive in enumerate(found)
    )


def _check(planner: ModelPlanner, subgoal: Subgoal, scene: Scene, last: list[SkillParameters]) -> SceneCheck[Any]:
    """All that is wrong with an answer; `last` holds the latest primitive that only the compiler is against."""

    def check(raw: JsonValue, answer: Any | None, shown: Shown) -> Sequence[str]:
        last.clear()
        found = list(name_complaints(raw, shown))
        if answer is None:
            return found
        if (answer.primitive is None) == (answer.refusal is None):
            return [*found, "primitive: an answer has either a primitive or a refusal, and not both; set the other to null."]
        if answer.primitive is None:
            return found
        others = answer.others if "others" in type(answer).model_fields else ()
        found += [words for primitive in (answer.primitive, *others) for words in _other_object(primitive, subgoal)]
        found += pixel_complaints(raw, scene, planner.settings)
        if found:
            return found
        primitive = in_frame_pixels(answer.primitive, scene, planner.settings)
        verdict = planner.verdict(subgoal, primitive, scene)
        if verdict is not None:
            last.append(primitive)
        return verdict_complaints(verdict)

    return check


def _other_object(primitive: SkillParameters, subgoal: Subgoal) -> list[str]:
    name = primitive.model_dump().get("object")
    if name is None or not subgoal.objects or name == subgoal.objects[0]:
        return []
    return [f"primitive.object: the subgoal is about {subgoal.objects[0]!r}, the primitive moves {name!r}."]
