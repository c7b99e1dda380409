"""The examples in a prompt: fenced blocks of JSON, which have to fit what the question's answer has to fit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from lmp.errors import BadFile
from lmp.files.data_complaints import complaints_of
from lmp.files.data_file import parse_data

_FENCE = re.compile(r"^```[ ]*(\w*)[ ]*(\w*)[^\n]*\n(.*?)^```[ ]*$", re.M | re.S)


@dataclass(frozen=True)
class Example:
    """A fenced block.

    Attributes:
        line: Where it begins in the text.
        form: What it says it is, such as "json".
        partial: Whether it leaves fields out, said by "json partial".
        text: What stands in it.
    """

    line: int
    form: str
    partial: bool
    text: str


def examples_in(text: str) -> Iterator[Example]:
    """The fenced blocks of a text."""
    for found in _FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Example(line, found[1].lower(), found[2] == "partial", found[3])


def prose_of(text: str) -> str:
    """The text without its fenced blocks; the lines keep their numbers."""
    return _FENCE.sub(lambda found: "\n" * found[0].count("\n"), text)


def example_complaints(text: str, answers: Sequence[type[BaseModel]]) -> Iterator[str]:
    """Complaints about the JSON examples of a text: each has to fit at least one of the answers."""
    for example in examples_in(text):
        if example.form != "json":
            continue
        try:
            data = parse_data(example.text, Path("example.json"))
        except BadFile as error:
            yield from (f"line {example.line}, example: {complaint}" for complaint in error.complaints)
            continue
        for complaint in answer_complaints(data, answers, example.partial):
            yield f"line {example.line}, example: {complaint}"


def answer_complaints(data: Any, answers: Sequence[type[BaseModel]], partial: bool = False) -> list[str]:
    """Complaints about an answer: none if it fits one of the classes, else the shortest list.

    Args:
        data: The answer's plain values.
        answers: The classes, of which it has to fit one: a question about one skill has one for each.
        partial: Whether fields may be left out.
    """
    found: list[list[str]] = []
    for answer in answers:
        try:
            answer.model_validate_json(_json(data))
        except ValidationError as error:
            told = _without_missing(error) if partial else error
            if told is not None:
                found.append(complaints_of(told, answer))
                continue
        return []
    return min(found, key=len, default=[])


def _json(data: Any) -> str:
    """As a model would write it, so that types are as strict as they are for a model's answer."""
    return json.dumps(data)


def _without_missing(error: ValidationError) -> ValidationError | None:
    """The error without the fields that are left out; None if nothing remains."""
    kept: list[Any] = [
        {"type": found["type"], "loc": found["loc"], "input": found["input"], "ctx": found.get("ctx", {})}
        for found in error.errors(include_url=False)
        if found["type"] not in ("missing", "union_tag_not_found")
    ]
    return ValidationError.from_exception_data(error.title, kept) if kept else None
