"""The one JSON object in a model's answer. An answer may be anything: its reading is bounded, and nothing is guessed."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from pydantic import JsonValue

MOST_TEXT = 200_000
"""Longest answer that is read [characters]."""
DEEPEST = 48
"""Deepest nesting of lists and tables that is read [count]."""
MOST_STARTS = 100
"""Opening braces that are tried in an answer with words around its JSON [count]."""
_THOUGHTS = ("think", "thinking", "reasoning")
_BEGINS = re.compile(r'\{\s{0,200}"')


def json_in(text: str) -> tuple[JsonValue, list[str]]:
    """The JSON of an answer, and all that is wrong with it as JSON.

    Where words or code fences stand around it, the answer has to have exactly one JSON object in it.
    """
    if len(text) > MOST_TEXT:
        return None, [f"the answer: it is {len(text)} characters long; at most {MOST_TEXT} are read. Answer shorter."]
    try:
        value = _whole(text)
    except (ValueError, RecursionError) as whole_error:
        try:
            found = list(_objects(_without_thoughts(text)))
        except (ValueError, RecursionError) as error:
            return None, [f"the answer: it is not one JSON object: {_said(error)}."]
        if len(found) > 1:
            return None, [f"the answer: there are {len(found)} JSON objects in it; answer with exactly one, and nothing else."]
        if not found:
            return None, [f"the answer: it is not one JSON object: {_said(whole_error)}."]
        value = found[0]
    return (None, wrong) if (wrong := _unfit(value)) else (value, [])


def _whole(text: str) -> JsonValue:
    """All of a text as JSON.

    Raises:
        ValueError: It is not JSON, or has what JSON does not: NaN, infinity, a field twice.
    """
    value: JsonValue = _DECODER.decode(text.strip().removeprefix("\ufeff"))
    return value


def _objects(text: str) -> Iterator[JsonValue]:
    """JSON objects that stand side by side in a text.

    Raises:
        ValueError: What begins as an object is none. Nothing is taken from inside of it: a part is not the answer.
    """
    at, tried = text.find("{"), 0
    while at >= 0 and tried < MOST_STARTS:
        try:
            value, end = _DECODER.raw_decode(text, at)
            yield value
        except (ValueError, RecursionError):
            if _BEGINS.match(text, at):
                raise
            end = at + 1
        at, tried = text.find("{", end), tried + 1


def _without_thoughts(text: str) -> str:
    """A text without what a reasoning model thought aloud before its answer."""
    for tag in _THOUGHTS:
        begin = text.find(f"<{tag}>")
        end = text.rfind(f"</{tag}>")
        if end >= 0:
            text = text[: max(begin, 0)] + text[end + len(tag) + 3 :]
    return text


def _unfit(value: JsonValue) -> list[str]:
    """What is wrong with JSON that could be read: too deep, or text that is none."""
    layer: list[Any] = [value]
    for _ in range(DEEPEST):
        layer = [part for node in layer for part in _parts(node)]
        if not layer:
            break
    else:
        return [f"the answer: it is nested deeper than {DEEPEST} levels."]
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return ["the answer: it has half a character (a lone surrogate) in it; only whole characters are allowed."]
    return []


def _parts(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return list(node.values())
    return node if isinstance(node, list) else []


def _said(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        before = error.doc[max(0, error.pos - 40) : error.pos]
        return f"{error.msg} at line {error.lineno}, column {error.colno}{f', after {before!r}' if before else ''}"
    return "it is nested too deep" if isinstance(error, RecursionError) else str(error)[:300]


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON; only finite numbers are allowed")


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise ValueError(f"the number {number[:20]} is too large; only finite numbers are allowed")
    return value


def _whole_number(number: str) -> int:
    if len(number) > 40:
        raise ValueError(f"the number {number[:20]}... has {len(number)} digits")
    return int(number)


def _table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the field {twice[:60]!r} is given twice in one table")
    return table


_DECODER = json.JSONDecoder(
    parse_constant=_no_constant, parse_float=_finite, parse_int=_whole_number, object_pairs_hook=_table, strict=True
)
