"""A model's answers: one class a question, made for the skills that there are. Their JSON Schemas go with the requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, JsonValue, create_model

from lmp.schema.base import Model, Name
from lmp.schema.condition import CONDITIONS, one_of
from lmp.schema.skill import SkillSpec

MOST_SUBGOALS = 32
"""Most subgoals of one answer [count]."""
Reason = Annotated[str, Field(min_length=1, max_length=1200)]
Sentence = Annotated[str, Field(min_length=1, max_length=300)]


NOT_SAID = "(not given)"
"""Stands for the words of an answer that came without them."""


class AnswerModel(Model):
    """Answer to a question.

    Attributes:
        bare: Fields that models are known to answer with alone, and what then stands in the others. Only words and what says
            nothing may stand there: no reading makes up what is acted on.
    """

    bare: ClassVar[Mapping[str, Mapping[str, JsonValue]]] = {}


class PlanBase(AnswerModel):
    """The fields that every list of subgoals has in common."""

    bare: ClassVar[Mapping[str, Mapping[str, JsonValue]]] = {
        "subgoals": {"understanding": NOT_SAID},
        "refusal": {"understanding": NOT_SAID, "subgoals": []},
    }


class GroundBase(AnswerModel):
    """The fields that every answer with one primitive has in common."""

    bare: ClassVar[Mapping[str, Mapping[str, JsonValue]]] = {
        "primitive": {"reasoning": NOT_SAID},
        "refusal": {"reasoning": NOT_SAID},
    }


_NO_FAILURE: Mapping[str, JsonValue] = {"time": None, "what": NOT_SAID}
_NO_CHANGE: Mapping[str, JsonValue] = {"direction": "none", "phase": 0.0, "amount": None, "words": NOT_SAID}


class CorrectBase(AnswerModel):
    """The fields that every correction has in common; of what failed and what was changed only the words are for people."""

    bare: ClassVar[Mapping[str, Mapping[str, JsonValue]]] = {
        field: {"reasoning": NOT_SAID, "first_failure": dict(_NO_FAILURE), "correction": dict(_NO_CHANGE)}
        for field in ("primitive", "refusal")
    }


def condition_answer() -> Any:
    """The type of a condition in an answer: every kind that there is, as models write it."""
    kinds = CONDITIONS.all().values()
    plain = [answer for kind in kinds if (answer := kind.answer_class(None)) is not None]
    holding = [kind.answer_class(one_of(plain)) for kind in kinds if kind.answer_class(None) is None]
    return one_of([*plain, *(answer for answer in holding if answer is not None)])


class RefusalAnswer(Model):
    """The reason why the instruction cannot be followed, and the nearest request that would work."""

    reason: Literal["not_understood", "absent", "ambiguous", "impossible"]
    message: Annotated[str, Field(min_length=1, max_length=600)]
    hint: Annotated[str, Field(max_length=600)] = ""
    candidates: tuple[Name, ...] = Field(default=(), max_length=16)


class FirstFailure(Model):
    """The first failure, in the order of time."""

    time: Annotated[float, Field(ge=0.0, le=600.0)] | None = Field(
        default=None, description="when it happened in the motion, null before or after it [s]"
    )
    what: Sentence


class Correction(Model):
    """The change, in the terms of a person who watches."""

    direction: Literal["up", "down", "left", "right", "forward", "backward", "none"]
    phase: Annotated[float, Field(ge=0.0, le=1.0, description="where in the motion, 0 its start, 1 its end [dimensionless]")]
    amount: Annotated[float, Field(ge=0.0, le=1.0)] | None = Field(
        default=None, description="by how much, null for no distance [m]"
    )
    words: Sentence


class VerifyAnswer(AnswerModel):
    """The judgement if the conditions hold after the motion."""

    reason: Reason
    held: bool
    confidence: Annotated[float, Field(ge=0.0, le=1.0, description="how sure this is [dimensionless]")]


def decompose_answer(skills: Mapping[str, SkillSpec]) -> type[Model]:
    """The answer to *decompose*: subgoals without their primitives."""
    skill = (Literal[tuple(skills)], ...)
    return _plan("DecomposeAnswer", _subgoal("SubgoalAnswer", {"skill": skill}))


def plan_answer(skills: Mapping[str, SkillSpec]) -> type[Model]:
    """The answer to *plan*: subgoals with their primitives, in one call."""
    return _plan("PlanAnswer", _subgoal("PlannedSubgoalAnswer", {"primitive": (any_primitive(skills), ...)}))


def ground_answer(skill: SkillSpec, most: int = 1) -> type[Model]:
    """The answer to *ground*: the primitive of one subgoal, of its own skill only; with others where several are wanted."""
    fields = _grounded(skill)
    if most > 1:
        words = (
            "other primitives that reach the subgoal in another way, the better ones first; one of all is chosen by its margins"
        )
        fields["others"] = (tuple[skill.parameters, ...], Field(default=(), max_length=most - 1, description=words))  # type: ignore[name-defined]
    return create_model("GroundAnswer", __base__=GroundBase, __doc__="The primitive of the subgoal.", **fields)


def correct_answer(skill: SkillSpec) -> type[Model]:
    """The answer to *correct*: what failed first, what is changed, and the edited primitive."""
    fields: dict[str, Any] = {"first_failure": (FirstFailure, ...), "correction": (Correction, ...), **_grounded(skill)}
    return create_model("CorrectAnswer", __base__=CorrectBase, __doc__="The edited primitive of the subgoal.", **fields)


def any_primitive(skills: Mapping[str, SkillSpec]) -> Any:
    """The union of all skills' parameters, told apart by `kind`."""
    return one_of(spec.parameters for spec in skills.values())


def _grounded(skill: SkillSpec) -> dict[str, Any]:
    refusal = Field(default=None, description="why there is no primitive; null where there is one")
    return {
        "reasoning": (Reason, ...),
        "primitive": (skill.parameters | None, Field(default=None, description="null only together with a refusal")),
        "refusal": (RefusalAnswer | None, refusal),
    }


def _subgoal(name: str, own: Mapping[str, Any]) -> type[Model]:
    condition: Any = condition_answer()
    fields: dict[str, Any] = {
        "reasoning": (Reason, ...),
        "description": (Sentence, ...),
        **own,
        "objects": (tuple[Name, ...], Field(max_length=8, description="what it is about, the moved object first")),
        "success": (tuple[condition, ...], Field(max_length=8, description="all of them have to hold after it")),
        "step": (Annotated[int, Field(ge=0, le=99, description="index of the instruction's step [count]")], ...),
        "lasting": (bool, Field(description="whether `success` still has to hold when everything is done")),
    }
    return create_model(name, __base__=Model, __doc__="One skill's worth of the task.", **fields)


def _plan(name: str, subgoal: type[Model]) -> type[Model]:
    condition: Any = condition_answer()
    listed = Field(max_length=MOST_SUBGOALS, description="in order; empty where all is done, or with a refusal")
    done = Field(
        default=(), max_length=MOST_SUBGOALS, description="conditions that were asked for and hold without any subgoal"
    )
    fields: dict[str, Any] = {
        "understanding": (Reason, ...),
        "already": (tuple[condition, ...], done),
        "subgoals": (tuple[subgoal, ...], listed),  # type: ignore[valid-type]
        "refusal": (RefusalAnswer | None, Field(default=None, description="null where the instruction can be followed")),
    }
    return create_model(name, __base__=PlanBase, __doc__="What is left to do, or why it cannot be done.", **fields)
