"""A plan as a data file: an instruction, the world it is for, and subgoals each with its typed primitive."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lmp.schema.base import Model, Name, Text
from lmp.schema.condition import KnownCondition
from lmp.schema.plan import Subgoal
from lmp.schema.skill import RecordedParameters, SkillParameters


class PlannedSubgoal(Model):
    """One subgoal, as a person or a program writes it.

    Attributes:
        description: What will happen, in words.
        reasoning: Why, in words.
        primitive: The skill's own parameters; its `kind` names the skill.
        objects: What it is about, the manipulated object first; what the primitive names where left out.
        success: Conditions of which all have to hold after it.
        step: Index of the step of the instruction that it serves.
        lasting: True if `success` still has to hold when the whole plan is done.
    """

    description: Text
    reasoning: Text = "It is so in the plan file."
    primitive: RecordedParameters
    objects: tuple[Name, ...] = Field(default=(), max_length=16)
    success: tuple[KnownCondition, ...] = Field(default=(), max_length=16)
    step: Annotated[int, Field(ge=0, le=999, description="index of the instruction's step [count]")] = 0
    lasting: bool = False

    @classmethod
    def of(cls, subgoal: Subgoal, primitive: SkillParameters) -> PlannedSubgoal:
        """A subgoal that a planner made, with the primitive that it was grounded to."""
        kept = {name: getattr(subgoal, name) for name in ("description", "reasoning", "objects", "success", "step", "lasting")}
        return cls(primitive=RecordedParameters.model_validate(primitive.model_dump(mode="json")), **kept)


class PlanFile(Model):
    """A plan.

    Attributes:
        instruction: What the plan is for, in words.
        world: Address of the world; a file's path is as seen from the plan file.
        seed: Seed of the world.
        robot: Name of the robot, or its file; left out for the world's own.
    """

    instruction: Annotated[str, Field(min_length=1, max_length=2000)]
    world: Annotated[str, Field(min_length=1, max_length=512)] = "tabletop"
    seed: Annotated[int, Field(ge=0, le=2**32 - 1, description="seed of the world [count]")] = 0
    robot: Annotated[str, Field(min_length=1, max_length=256)] | None = None
    subgoals: tuple[PlannedSubgoal, ...] = Field(min_length=1, max_length=256)
