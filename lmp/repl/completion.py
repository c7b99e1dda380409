"""Completion of what can be typed next: commands, answers, names of objects, skills and fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lmp.repl.session import Session
from lmp.repl.slash import COMMANDS

ANSWERS = ("yes", "step", "no", "edit", "higher", "lower", "slower", "faster", "gentler", "a bit less", "the other one")
MOST = 200
"""Words that are offered [count]."""


@dataclass(frozen=True)
class Offer:
    """A word that fits.

    Attributes:
        text: The whole word.
        typed: How much of it is there already [characters].
        what: What it is, in a word.
    """

    text: str
    typed: int
    what: str


def offers(line: str, session: Session) -> Iterator[Offer]:
    """The completions that fit to the line before the cursor."""
    if line.startswith("/") and " " not in line:
        yield from _matching(line, (f"/{name}" for name in COMMANDS), "command")
        return
    word = re.split(r"[ .]", line)[-1]
    before = line[: len(line) - len(word)]
    if not before:
        yield from _matching(word, ANSWERS, "answer")
    if before.startswith(("edit ", "/edit ")):
        yield from _matching(word, _fields(before, session), "field")
    if word or before:
        yield from _matching(word, session.names, "object")
        yield from _matching(word, session.agent.skills, "skill")


def _matching(word: str, known: Iterable[str], what: str) -> Iterator[Offer]:
    fitting = (name for name in known if name.lower().startswith(word.lower()) and name != word)
    yield from (Offer(name, len(word), what) for _, name in zip(range(MOST), fitting, strict=False))


def _fields(before: str, session: Session) -> Iterator[str]:
    found = re.search(r"\d+", before)
    current = session.current
    index = int(found.group()) - 1 if found is not None and len(found.group()) < 4 else 0
    if current is not None and 0 <= index < len(current.steps):
        primitive = current.steps[index].primitive
        yield from (name for name in type(primitive).model_fields if name != "kind") if primitive is not None else ()
