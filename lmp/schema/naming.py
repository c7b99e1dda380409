"""The fields of JSON data that name objects of the scene: of primitives, targets and conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lmp.schema.condition import CONDITIONS, TARGETS
from lmp.schema.roles import RoleName, roles_of

_ANYWHERE: dict[str, RoleName] = {
    "object": "object",
    "support": "support",
    "container": "container",
    "reference": "reference",
    "first": "reference",
    "second": "reference",
    "frame": "reference",
}
"""The names of such fields in data that do not tell their kind, or are of a skill; a `frame` may be null, for the robot."""


def named_by(data: Mapping[str, Any]) -> dict[str, RoleName]:
    """The fields of some data that name an object, with the part that it plays.

    Data of a kind that is known say so themselves: a relation of another package may call its fields as it likes.
    """
    kind = data.get("kind")
    found = (registry.get(kind) for registry in (CONDITIONS, TARGETS)) if isinstance(kind, str) else ()
    own = {field: role for model in found if model is not None for field, role in roles_of(model).items()}
    return {field: role for field, role in {**_ANYWHERE, **own}.items() if isinstance(data.get(field), str)}


def objects_in(data: Any) -> Iterator[str]:
    """The objects that JSON data name, in order; one that stands there twice comes twice."""
    naming = named_by(data) if isinstance(data, dict) else {}
    for field, value in data.items() if isinstance(data, dict) else ():
        if field in naming:
            yield value
        yield from objects_in(value)
