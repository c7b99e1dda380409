"""Answers with every feature of JSON Schema that pydantic writes for our types, and those of the real questions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, ValidationError

from lmp.planners.model.answers import VerifyAnswer, correct_answer, decompose_answer, ground_answer, plan_answer
from lmp.registry import known, load
from lmp.schema.base import Model, Name


class Circle(Model):
    kind: Literal["circle"] = "circle"
    radius: Annotated[float, Field(gt=0.0, lt=0.5)]


class Ring(Model):
    kind: Literal["ring"] = "ring"
    inner: Circle
    width: Annotated[float, Field(ge=0.01, le=0.02)]


class Group(Model):
    kind: Literal["group"] = "group"
    parts: Annotated[tuple[Annotated[Circle | Ring, Field(discriminator="kind")], ...], Field(min_length=1, max_length=3)]


class Drawing(Model):
    """Nested unions, ranges, lists, tuples, names, patterns, optional and nullable fields."""

    title: Name
    code: Annotated[str, Field(pattern=r"^[A-Z]{2}-[0-9]{3}$")]
    shape: Annotated[Circle | Ring | Group, Field(discriminator="kind")]
    at: tuple[Annotated[float, Field(ge=-1.0, le=1.0)], Annotated[float, Field(ge=-1.0, le=1.0)]]
    count: Annotated[int, Field(ge=-3, le=12)]
    weights: Annotated[tuple[Annotated[float, Field(ge=-0.5, le=0.5)], ...], Field(max_length=40)] = ()
    tone: Literal["low", "high"] | None
    loud: bool
    note: Annotated[str, Field(max_length=80)] = ""
    scale: float | int | None = None


SPECS = {name: load("skill", name).spec for name in known("skill")}
ANSWERS: dict[str, type[BaseModel]] = {
    "drawing": Drawing,
    "verify": VerifyAnswer,
    "decompose": decompose_answer(SPECS),
    "plan": plan_answer(SPECS),
    **{f"ground {name}": ground_answer(spec) for name, spec in SPECS.items()},
    **{f"correct {name}": correct_answer(spec) for name, spec in SPECS.items()},
}


def misfits(name: str, text: str) -> list[str]:
    """What in an answer does not fit its schema; what only our own validators find is left to the re-asks."""
    try:
        ANSWERS[name].model_validate_json(text)
    except ValidationError as error:
        return [f"{found['loc']}: {found['msg']}" for found in error.errors() if found["type"] != "value_error"]
    return []
