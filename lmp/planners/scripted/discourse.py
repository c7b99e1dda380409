"""What has been spoken of so far, for "it", "them", "there", "the other one"."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lmp.schema.condition import Condition
from lmp.schema.scene import Scene


@dataclass(frozen=True)
class Place:
    """Where something was put: the relation, its references, and the words."""

    relation: str
    references: tuple[str, ...]
    words: str
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Discourse:
    """The state of the conversation between two clauses.

    Attributes:
        scene: The scene in which all words are understood.
        themes: What each clause so far was about, oldest first.
        references: What the last clause referred to as a place.
        nouns: Head nouns so far, oldest first, for "one".
        place: Where the last thing was put.
        left: What the instruction says to leave where it is.
    """

    scene: Scene
    themes: tuple[tuple[str, ...], ...] = ()
    references: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    place: Place | None = None
    left: frozenset[str] = frozenset()

    @property
    def mentioned(self) -> tuple[str, ...]:
        """Everything that was acted on so far, once each, in order."""
        return tuple(dict.fromkeys(name for theme in self.themes for name in theme))

    def after(
        self, theme: tuple[str, ...], references: tuple[str, ...], nouns: tuple[str, ...], place: Place | None
    ) -> Discourse:
        """The state after a clause."""
        return replace(
            self,
            themes=(*self.themes, theme) if theme else self.themes,
            references=references,
            nouns=(*self.nouns, *nouns),
            place=place or self.place,
        )
