"""A task as a data file: a world, sentences with slots, what fills the slots, and what must be true in the end."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from lmp.lab.truth.predicates.displacements import Side
from lmp.schema.base import Model, Name, Text

SLOT = re.compile(r"\{(\w+)(?:\.(\w+))?\}")
"""`{x}` is the slot itself, `{x.colour}` one of its facets."""


class ObjectSlot(Model):
    """An object of the scene; no two slots get the same one.

    Attributes:
        category: Allowed categories; any movable object where left out.
        hollow: Whether it must have a hollow, or must not.
    """

    kind: Literal["object"] = "object"
    category: tuple[Name, ...] = Field(default=(), max_length=32)
    hollow: bool | None = None


class SideSlot(Model):
    """One of the robot's four directions."""

    kind: Literal["side"] = "side"
    sides: tuple[Side, ...] = Field(default=("left", "right", "forward", "backward"), min_length=1, max_length=4)


class LengthSlot(Model):
    """A distance, said in centimetres."""

    kind: Literal["length"] = "length"
    lengths: tuple[Annotated[float, Field(gt=0.0, le=0.5)], ...] = Field(
        min_length=1, max_length=32, description="to choose from [m]"
    )


class AngleSlot(Model):
    """An angle, said in degrees."""

    kind: Literal["angle"] = "angle"
    angles: tuple[Annotated[float, Field(ge=-3.1416, le=3.1416)], ...] = Field(
        min_length=1, max_length=32, description="to choose from [rad]"
    )


Slot = Annotated[ObjectSlot | SideSlot | LengthSlot | AngleSlot, Field(discriminator="kind")]


class FreePath(Model):
    """The object can slide that far in that direction: nothing in the way, room behind it for the gripper."""

    kind: Literal["free_path"] = "free_path"
    object: str
    direction: str
    distance: str


class FreeBeside(Model):
    """There is a free place for the object on that side of the reference, within the workspace."""

    kind: Literal["free_beside"] = "free_beside"
    object: str
    reference: str
    direction: Side


class FreeBetween(Model):
    """There is room for the object half way between two others."""

    kind: Literal["free_between"] = "free_between"
    object: str
    first: str
    second: str


Requirement = Annotated[FreePath | FreeBeside | FreeBetween, Field(discriminator="kind")]


class TaskFile(Model):
    """One kind of task.

    Attributes:
        world: Address of its world; where it names no scheme, that of the evaluation opens it.
        slots: What the sentences and the truth leave open, by name.
        instructions: Paraphrases; one is drawn for a seed.
        requires: What must be possible at the start; other fillings are drawn until it is.
        plan: Subgoals as in a plan file, with slots like the truth, for sentences that no rule reads: they are carried out in
            place of what the planner would plan, unless that asks a model.
        truth: A predicate with slots in place of names and numbers; `{kind = "each", category, except, of}` stands for
            all objects of a category but some, with `{each}` in `of`.
    """

    name: Name
    description: Text = ""
    world: Annotated[str, Field(min_length=1, max_length=512)] | None = None
    slots: dict[Name, Slot] = Field(default_factory=dict)
    instructions: tuple[Text, ...] = Field(min_length=1, max_length=64)
    requires: tuple[Requirement, ...] = Field(default=(), max_length=16)
    plan: tuple[dict[str, Any], ...] = Field(default=(), max_length=64)
    truth: dict[str, Any]

    @model_validator(mode="after")
    def _slots_exist(self) -> Self:
        texts = [
            *self.instructions,
            *_texts(self.truth),
            *_texts(self.plan),
            *(text for need in self.requires for text in _texts(need.model_dump())),
        ]
        used = {match[1] for text in texts for match in SLOT.finditer(text)} - {"each"}
        if unknown := sorted(used - set(self.slots)):
            raise ValueError(f"there is no slot named {', '.join(unknown)}; slots: {', '.join(self.slots) or 'none'}")
        if unused := sorted(set(self.slots) - used):
            raise ValueError(f"nothing uses the slots {', '.join(unused)}")
        return self


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for part in value.values() for text in _texts(part)]
    return [text for part in value for text in _texts(part)] if isinstance(value, list | tuple) else []
