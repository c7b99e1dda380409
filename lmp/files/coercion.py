"""Values of a data file that were taken as something else than they are: "7" as a number, "yes" or 1 as a truth value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def coerced(said: Any, taken: Any, place: str = "") -> Iterator[str]:
    """A sentence for each value whose kind was changed; a whole number will do where any number is wanted.

    Args:
        said: The plain values of the file.
        taken: What the model made of them, as plain values; where it has another form, that is the model's own doing.
        place: Where both stand.
    """
    match said, taken:
        case dict(), dict():
            for name in said.keys() & taken.keys():
                yield from coerced(said[name], taken[name], f"{place}.{name}" if place else str(name))
        case (list(), list() | tuple()) if len(said) == len(taken):
            for index, (one, other) in enumerate(zip(said, taken, strict=True)):
                yield from coerced(one, other, f"{place}.{index}" if place else str(index))
        case str() | bool() | int() | float(), bool() | int() | float() if _kind(said) is not _kind(taken):
            yield f"{place}: {_needed(taken)} is needed, got {said!r:.60}."


def _kind(value: object) -> type:
    if isinstance(value, bool):
        return bool
    return str if isinstance(value, str) else float


def _needed(taken: object) -> str:
    if isinstance(taken, bool):
        return "true or false"
    return "a whole number" if isinstance(taken, int) else "a number"
