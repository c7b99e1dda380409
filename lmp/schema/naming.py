"""Which fields of primitives, goals and conditions name objects of the scene."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

RELATED = ("support", "container", "reference", "first", "second")
"""Fields that name what the `object` beside them stands in a relation to."""
NAMING = ("object", *RELATED, "frame")
"""All fields that name an object; a `frame` may be null, for the world."""


def objects_in(data: Any) -> Iterator[str]:
    """The objects that JSON data name, in order; one that stands there twice comes twice."""
    for field, value in data.items() if isinstance(data, dict) else ():
        if field in NAMING and isinstance(value, str):
            yield value
        yield from objects_in(value)
