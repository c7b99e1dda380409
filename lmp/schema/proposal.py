"""Proposals of a planner for one subgoal, and the answers of gates to a motion that is ready to begin."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lmp.schema.base import Model, Text
from lmp.schema.skill import AnyParameters, SkillParameters

MOST_PROPOSALS = 32
"""Most proposals for one subgoal [count]."""


class Proposal(Model):
    """One primitive that would reach a subgoal.

    Attributes:
        primitive: What would be carried out.
        prior: Preference of the planner before anything is compiled.
        reasoning: Why, in words.
    """

    primitive: AnyParameters
    prior: Annotated[float, Field(ge=0.0, le=1.0)] = Field(
        default=1.0, description="preference before anything is compiled, 1 for the best [dimensionless]"
    )
    reasoning: Text = ""


def ranked_choices(primitive: SkillParameters, most: int) -> tuple[Proposal, ...]:
    """The proposals of a planner that grounds one primitive: that one, then the skill's next choices for it.

    Args:
        primitive: The preferred one.
        most: How many proposals are wanted [count].
    """
    choices = [primitive]
    for rank in range(1, min(most, MOST_PROPOSALS)):
        if (following := primitive.next_choice(rank)) not in choices:
            choices.append(following)
    return tuple(Proposal(primitive=choice, prior=0.5**rank) for rank, choice in enumerate(choices))


class Go(Model):
    """The motion may begin, as far as this gate can tell."""

    kind: Literal["go"] = "go"

    def __str__(self) -> str:
        return "GO"


class Abstain(Model):
    """The motion does not begin: a score is below its limit.

    Attributes:
        score: What was found, in `unit`.
        limit: The least that is allowed, in `unit`.
        unit: Unit of score and limit; "1" for what has none.
        why: In one sentence.
    """

    kind: Literal["abstain"] = "abstain"
    score: float = Field(description="what was found [in `unit`]")
    limit: float = Field(description="the least that is allowed [in `unit`]")
    unit: str = "1"
    why: Text

    def __str__(self) -> str:
        return f"ABSTAIN: {self.why}"


class AskFirst(Model):
    """A person has to be asked before the motion begins.

    Attributes:
        words: What they are asked.
    """

    kind: Literal["ask"] = "ask"
    words: Text

    def __str__(self) -> str:
        return f"ASK: {self.words}"


GateAnswer = Annotated[Go | Abstain | AskFirst, Field(discriminator="kind")]
"""GO, ABSTAIN or ASK."""


class GateDecision(Model):
    """What one gate answered to one motion.

    Attributes:
        gate: The gate, as it was asked for.
        answer: Its answer.
        approved: What the person said who was asked; None where nobody was.
    """

    gate: Text
    answer: GateAnswer
    approved: bool | None = None

    def __str__(self) -> str:
        said = {None: "", True: " (approved)", False: " (not approved)"}[self.approved]
        return f"{self.gate} {self.answer}{said}"
