"""Pairs of names that may touch, as they are given: whatever they are made of, or refused in words."""

from __future__ import annotations

from collections.abc import Iterable

ALLOWED = """pairs of two names each, such as [("fingers", "table")]"""


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
