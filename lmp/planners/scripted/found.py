"""The objects that a phrase means, and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Found:
    """The objects that a phrase means, and why.

    Attributes:
        names: Objects in the order in which they should be acted on.
        why: One clause of reasoning with the phrase's words.
        noun: The head noun, for a later "one".
    """

    names: tuple[str, ...]
    why: str
    noun: str = ""
