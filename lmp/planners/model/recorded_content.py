"""The content that makes two questions the same question, and the place where two of them part."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from lmp.planners.model.asking import LONGEST_PROMPT
from lmp.planners.model.request import Request
from lmp.schema.exchange import Exchange

SHOWN = 160
"""How much of a line is told [characters]."""


@dataclass(frozen=True)
class Content:
    """The content of a question.

    Attributes:
        question: decompose, ground, ...
        system, user: The text, as a record holds it.
        schema: What the answer has to fit, as JSON in one form.
    """

    question: str
    system: str
    user: str
    schema: str

    @classmethod
    def of_request(cls, request: Request) -> Content:
        """The content of a question that is asked now."""
        schema = request.answer.model_json_schema()
        return cls(request.question, _as_recorded(request.system), _as_recorded(request.user), _one_form(schema))

    @classmethod
    def of_exchange(cls, exchange: Exchange) -> Content:
        """The content of a question that was recorded."""
        return cls(exchange.question, exchange.system, exchange.user, _one_form(exchange.answer_schema))

    def likeness(self, other: Content) -> tuple[bool, bool, int]:
        """Likeness to another content; more is nearer. The last number counts lines that both have [count]."""
        lines = Counter(self.user.splitlines()) & Counter(other.user.splitlines())
        lines += Counter(self.system.splitlines()) & Counter(other.system.splitlines())
        return self.question == other.question, self.schema == other.schema, lines.total()


def first_difference(asked: Content, recorded: Content) -> str:
    """The first line in which a question differs from a recorded one, in a sentence."""
    if asked.question != recorded.question:
        return f"it asked another question: {recorded.question!r}."
    for part, now, then in (
        ("the user text", asked.user.splitlines(), recorded.user.splitlines()),
        ("the system text", asked.system.splitlines(), recorded.system.splitlines()),
        ("the answer's schema", _lines(asked.schema), _lines(recorded.schema)),
    ):
        for number, (here, there) in enumerate(zip_longest(now, then), start=1):
            if here != there:
                apart = _apart(here or "", there or "")
                return f"line {number} of {part} is {_shown(here, apart)}, recorded is {_shown(there, apart)}."
    return "only line ends differ."


def _as_recorded(text: str) -> str:
    clean = text if text.isascii() else text.encode("utf-8", "replace").decode()
    return clean[:LONGEST_PROMPT]


def _one_form(schema: dict[str, Any]) -> str:
    return json.dumps(schema, sort_keys=True)


def _lines(schema: str) -> list[str]:
    return json.dumps(json.loads(schema), indent=1).splitlines()


def _apart(one: str, other: str) -> int:
    """Place where two lines begin to differ [characters]."""
    differing = (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(differing, min(len(one), len(other)))


def _shown(line: str | None, apart: int) -> str:
    """The part of a line where it begins to differ; nothing in it can forge output."""
    if line is None:
        return "missing"
    begin = 0 if len(line) <= SHOWN else max(0, apart - SHOWN // 4)
    piece = line[begin : begin + SHOWN]
    return ("..." if begin else "") + repr(piece) + ("..." if begin + SHOWN < len(line) else "")
