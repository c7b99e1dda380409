"""Names of bodies, and pairs of them that may touch, as they are given: whatever they are made of, or refused in words."""

from __future__ import annotations

from collections.abc import Container, Iterable

PART_OF = "/"
"""Between the name of an object and that of one of its parts, where the part is a body of its own."""
ALLOWED = """pairs of two names each, such as [("fingers", "table")]"""


def part_body(name: str, part: str) -> str:
    """The name of the body that a part of an object with joints is."""
    return f"{name}{PART_OF}{part}"


def object_of(body: str, objects: Container[str]) -> str | None:
    """The object that a body is, or is a part of; None where it is of the robot."""
    while body not in objects:
        body, between, _ = body.rpartition(PART_OF)
        if not between:
            return None
    return body


def named_pairs(pairs: Iterable[Iterable[str]]) -> tuple[tuple[str, str], ...]:
    """The pairs as tuples.

    Raises:
        ValueError: They are no pairs of names: one name alone, one pair that is not in a list, or something else.
    """
    if isinstance(pairs, str) or not isinstance(pairs, Iterable):
        raise ValueError(f"contacts are {ALLOWED}, got {pairs!r:.80}")
    return tuple(_pair(pair) for pair in pairs)


def _pair(pair: Iterable[str]) -> tuple[str, str]:
    if not isinstance(pair, str) and isinstance(pair, Iterable):
        names = tuple(pair)
        if len(names) == 2 and isinstance(names[0], str) and isinstance(names[1], str):
            return names[0], names[1]
    raise ValueError(f"contacts are {ALLOWED}, got {pair!r:.80} among them")
