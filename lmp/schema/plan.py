"""The answer of a planner: subgoals with reasoning and success conditions, or a refusal that helps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from lmp.schema.base import Model, Name, Text
from lmp.schema.condition import AnyCondition
from lmp.schema.motion import Timing
from lmp.schema.outcome import FAILURES, FailureClass, Outcome, Response, Rule

LONGEST = 600
"""Longest message and hint of a refusal that a planner raises [characters]."""


Request = (
    Annotated[float, Field(description="of a parameter, in its own unit [unit of the parameter]")]
    | Annotated[str, Field(max_length=64)]
)
"""The value of a parameter that was asked for."""


class Subgoal(Model):
    """One skill's worth of the task.

    Attributes:
        description: What will happen, in words.
        reasoning: Which words and facts led to it.
        skill: Name of a skill in the registry.
        objects: Names of the scene objects that it is about, the manipulated one first.
        success: Conditions of which all have to hold after it.
        step: Index of the step of the instruction that it serves; a step may take several subgoals.
        lasting: True if `success` still has to hold when the whole task is done.
        speed: Largest tool speed that the instruction asked for; None where it said nothing.
        timing: How the instruction wants the motions spread over time; None where it said nothing.
        requests: What the instruction asked for beyond that, by the parameter of the skill that it fills.
    """

    description: Text
    reasoning: Text
    skill: Name
    objects: tuple[Name, ...] = Field(default=(), max_length=16)
    success: tuple[AnyCondition, ...] = Field(default=(), max_length=16)
    step: Annotated[int, Field(ge=0, le=999, description="index of the instruction's step [count]")] = 0
    lasting: bool = False
    speed: Annotated[float, Field(ge=0.02, le=1.5)] | None = Field(
        default=None, description="requested largest speed of the tool [m/s]"
    )
    timing: Timing | None = Field(default=None, description="fastest: as fast as the limits allow")
    requests: dict[Name, Request] = Field(default_factory=dict, max_length=16)


class Plan(Model):
    """The subgoals that a planner made of an instruction."""

    instruction: Text
    subgoals: tuple[Subgoal, ...] = Field(max_length=256)


RefusalReason = Literal["not_understood", "absent", "ambiguous", "impossible", "infeasible"]


class Refusal(Model):
    """The reason why nothing will be done, and the nearest request that would work.

    Attributes:
        reason: The class of the reason.
        message: One sentence: what is wrong, with the words that it is about.
        hint: The nearest request that would work, in words; empty if there is none.
        candidates: Names of scene objects that the words could mean, or that come near.
    """

    kind: Literal["refusal"] = "refusal"
    reason: RefusalReason
    message: Text
    hint: Text = ""
    candidates: tuple[Name, ...] = Field(default=(), max_length=64)

    @property
    def outcome(self) -> Outcome:
        """The failure class of the reason."""
        return Outcome(self.reason)


class Refused(Exception):
    """Carries a Refusal to a planner's public methods; never leaves them.

    Attributes:
        refusal: The answer.
    """

    def __init__(self, reason: RefusalReason, message: str, hint: str = "", candidates: Iterable[str] = ()):
        named = tuple(dict.fromkeys(candidates))[:64]
        self.refusal = Refusal(reason=reason, message=message[:LONGEST], hint=hint[:LONGEST], candidates=named)
        super().__init__(message)


NOT_UNDERSTOOD = FAILURES.register(
    FailureClass(
        "not_understood",
        "The instruction was not understood; nothing was moved.",
        "The planner refuses: words or grammar that it does not know.",
    )
).outcome
ABSENT = FAILURES.register(
    FailureClass(
        "absent",
        "Something that the instruction names is not there.",
        "The planner refuses: no object of the scene fits the words.",
        recovery=Rule(((Response.DECOMPOSE_AGAIN, 1),)),
        cannot=True,
    )
).outcome
AMBIGUOUS = FAILURES.register(
    FailureClass(
        "ambiguous",
        "The instruction could mean several things.",
        "The planner refuses: several objects fit the words.",
    )
).outcome
IMPOSSIBLE = FAILURES.register(
    FailureClass(
        "impossible",
        "What the instruction asks for cannot be.",
        "The planner refuses: geometry or the order of the steps forbids it.",
        recovery=Rule(((Response.DECOMPOSE_AGAIN, 1),)),
        cannot=True,
    )
).outcome
INFEASIBLE = FAILURES.register(
    FailureClass(
        "infeasible",
        "No checked motion exists for a subgoal.",
        "The compiler gives a verdict instead of a trajectory: its violations say what, by how much and when. "
        "Or the planner refuses: it sees beforehand that no motion can exist.",
        recovery=Rule(((Response.OTHER_POSTURE, 1), (Response.DECOMPOSE_AGAIN, 2))),
        cannot=True,
    )
).outcome
ABSTAINED = FAILURES.register(
    FailureClass(
        "abstained",
        "A gate held the motion back; nothing was moved.",
        "Before the motion: a gate answers ABSTAIN, with the score that it found and the limit.",
        recovery=Rule(((Response.NEXT_CHOICE, 2), (Response.DECOMPOSE_AGAIN, 1))),
    )
).outcome
TARGET_MISSED = FAILURES.register(
    FailureClass(
        "target_missed",
        "The primitive aims at something that does not make the subgoal's conditions true; nothing was moved.",
        "Before the motion: a condition does not hold in the predicted scene, or a requested parameter is missed.",
        recovery=Rule(((Response.DECOMPOSE_AGAIN, 2),)),
    )
).outcome
