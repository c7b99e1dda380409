"""The pieces of a read instruction: noun phrases, prepositional phrases, clauses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from lmp.planners.scripted.words import Word


@dataclass(frozen=True)
class Adjective:
    """A property: kind colour, size, place or shape; degree positive, comparative or superlative; negated by "not"."""

    kind: str
    value: str
    degree: str
    text: str
    negated: bool = False


@dataclass(frozen=True)
class Relation:
    """A preposition with what it refers to.

    Attributes:
        value: The relation, such as "left_of"; "side" for "on the left" without a reference.
        objects: The reference noun phrases; none for "side".
        side: For "side", which one.
        distance: For "5 cm left of ..." [m]; 0 where none was said.
        negated: For "that is not on ...".
    """

    value: str
    objects: tuple[NounPhrase, ...]
    text: str
    side: str = ""
    distance: float = 0.0
    negated: bool = False
    relative: bool = False


@dataclass(frozen=True)
class NounPhrase:
    """A noun phrase; `text` is what was written.

    Attributes:
        head: NOUN, NAME, ONE, THING, EVERY, PRON, STRUCTURE, REGION, or "" where the head is left out ("the red").
        noun: The head's value.
        determiner: the, a, demonstrative, or "".
        quantifier: all, both, any, some, or "".
        count: The number, 0 where none was said.
        partitive: "two *of* the blocks", "the largest *of* the blocks".
        ordinal: 1 for first, -1 for last, 0 where none was said.
        outer: How many of the adjectives stand before the "of" of a partitive.
        other: "other", "remaining", "rest".
        members: For "the smaller of the red and the blue block", the phrases after "of".
    """

    text: str
    head: str = ""
    noun: str = ""
    plural: bool = False
    determiner: str = ""
    quantifier: str = ""
    count: int = 0
    partitive: bool = False
    outer: int = 0
    definite_count: bool = False
    ordinal: int = 0
    from_side: str = ""
    other: bool = False
    adjectives: tuple[Adjective, ...] = ()
    relations: tuple[Relation, ...] = ()
    exceptions: tuple[NounPhrase, ...] = ()
    members: tuple[NounPhrase, ...] = ()

    @property
    def many(self) -> bool:
        """True if it speaks of several things."""
        return self.plural or self.count > 1 or self.quantifier in ("all", "both") or self.head == "EVERY"


Chunk: TypeAlias = NounPhrase | Relation | Word


@dataclass(frozen=True)
class Clause:
    """One clause: its marks (then, before, instead ...), its verb, and what stands before and after the verb.

    Attributes:
        kind: command, unable, goes or gapped (without a verb of its own).
    """

    kind: str
    marks: tuple[str, ...]
    verb: Word | None
    front: tuple[Chunk, ...]
    items: tuple[Chunk, ...]
    start: int = 0
    end: int = 0
    trailing: tuple[str, ...] = field(default=())

    def text_of(self, text: str) -> str:
        """What was written."""
        return " ".join(text[self.start : self.end].split())
