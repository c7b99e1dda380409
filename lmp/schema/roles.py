"""The part that an object plays in a condition or a target, written at the field that names it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Annotated, Literal, get_args

from pydantic import BaseModel

from lmp.schema.base import Name

RoleName = Literal["object", "support", "container", "reference"]


@dataclass(frozen=True)
class Role:
    """Marks a field that names an object of the scene.

    Attributes:
        name: `object`: what it is said of, and what is moved to make it true. `support` carries it, `container` holds it;
            a `reference` is what its place is told from.
    """

    name: RoleName


Subject = Annotated[Name, Role("object")]
Support = Annotated[Name, Role("support")]
Container = Annotated[Name, Role("container")]
Reference = Annotated[Name, Role("reference")]


@cache
def roles_of(model: type[BaseModel]) -> dict[str, RoleName]:
    """The fields that name objects, also those that may be null, with the part that each plays."""
    return {
        field: mark.name
        for field, info in model.model_fields.items()
        for mark in (
            *info.metadata,
            *(mark for part in get_args(info.annotation) for mark in getattr(part, "__metadata__", ())),
        )
        if isinstance(mark, Role)
    }
