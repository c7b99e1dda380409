"""The words around a question: labels before pictures, the schema for servers that take none, complaints about an answer."""

from __future__ import annotations

import json
from collections.abc import Iterator

from lmp.planners.model.request import Picture, Request
from lmp.schema.exchange import Turn

NOTHING = "(no answer)"
"""Stands for an empty answer; providers refuse empty messages."""


def label_line(picture: Picture) -> str:
    """The line before a picture."""
    return f"Picture: {picture.label}"


def system_with_schema(request: Request) -> str:
    """The system prompt with the answer's schema in it, for servers that take no schema beside it."""
    schema = json.dumps(request.answer.model_json_schema(), ensure_ascii=False, separators=(",", ":"))
    return (
        f"{request.system}\n\nAnswer with one JSON object, and nothing before or after it. It has to fit this JSON Schema "
        f"(answer with an instance of it, not with the schema):\n{schema}"
    )


def earlier(request: Request) -> Iterator[tuple[str, str]]:
    """Earlier answers as they came, each followed by everything that was wrong with it."""
    for turn in request.turns:
        yield "assistant", turn.text if turn.text.strip() else NOTHING
        yield "user", complaint_text(turn)


def complaint_text(turn: Turn) -> str:
    """Everything that is wrong with an answer, numbered."""
    listed = "\n".join(f"{number}. {complaint}" for number, complaint in enumerate(turn.complaints, 1))
    return (
        f"This answer cannot be used. Everything that is wrong with it:\n{listed}\n"
        "Give the whole answer again in the same form, with all of this put right and the rest as it was."
    )
