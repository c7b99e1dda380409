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
"""Opening brackets that are tried in an answer with words around its JSON [count]."""
SHOWN = 80
"""How much of an answer without JSON is told [characters]."""
_THOUGHTS = ("think", "thinking", "thought", "reasoning")
_BEGINS = re.compile(r'(\[\s{0,200})?\{\s{0,200}"')
_FENCE = re.compile(r"```[^\n`]{0,40}\n(.*?)\n\s*```", re.S)


def json_values(text: str) -> tuple[list[JsonValue], list[str]]:
    """The JSON values of an answer, and all that is wrong with it as JSON.

    A text that is JSON as a whole has one; else those that stand side by side in it count: in code fences, after thoughts,
    among words. Nothing is taken from inside of what begins as JSON and is none: a part is not the answer.
    """
    if len(text) > MOST_TEXT:
        return [], [f"the answer: it is {len(text)} characters long; at most {MOST_TEXT} are read. Answer shorter."]
    if not text.strip():
        return [], ["the answer: it is empty."]
    try:
        found = [_whole(text)]
    except (ValueError, RecursionError) as whole_error:
        try:
            found = list(_side_by_side(_without_thoughts(text)))
        except (ValueError, RecursionError) as error:
            return [], [f"the answer: it is not one JSON object: {_said(error)}."]
        if not found:
            return [], [_no_json(text, whole_error)]
    unfit = [complaint for value in found for complaint in _unfit(value)]
    return ([], unfit) if unfit else (found, [])


def decoded(text: str) -> JsonValue:
    """All of a text as JSON; commas before a closing bracket, which can mean only one thing, are passed over.

    Raises:
        ValueError: It is not JSON, or has what JSON does not: NaN, infinity, a field twice.
    """
    return _whole(text)


def _no_json(text: str, error: Exception) -> str:
    words = " ".join(text.split())
    if any(sign in text for sign in "{["):
        return f"the answer: it is not one JSON object: {_said(error)}."
    shown = words if len(words) <= SHOWN else f"{words[:SHOWN]}..."
    return f"the answer: there is no JSON in it, only words, {shown!r}."


def _whole(text: str) -> JsonValue:
    stripped = text.strip().removeprefix("\ufeff").strip()
    try:
        value: JsonValue = _DECODER.decode(stripped)
    except ValueError:
        cleaned = _without_last_commas(stripped)
        if cleaned is None:
            raise
        value = _DECODER.decode(cleaned[0] + stripped[cleaned[1] :])
    return value


def _side_by_side(text: str) -> Iterator[JsonValue]:
    """JSON values that stand side by side in a text: tables, and lists of them.

    Raises:
        ValueError: What begins as a table is none.
    """
    fenced = [found for found in _FENCE.findall(text) if found.strip()[:1] in ("{", "[")]
    if fenced and not any(sign in _FENCE.sub("", text) for sign in "{["):
        for block in fenced:
            yield _whole(block)
        return
    at, tried = _start(text, 0), 0
    while at >= 0 and tried < MOST_STARTS:
        end = at + 1
        try:
            value, end = _value_at(text, at)
            if text[at] == "{" or (value and all(isinstance(item, dict) for item in value)):
                yield value
            else:
                end = at + 1
        except (ValueError, RecursionError):
            if _BEGINS.match(text, at):
                raise
        at, tried = _start(text, end), tried + 1


def _start(text: str, begin: int) -> int:
    places = [place for sign in "{[" if (place := text.find(sign, begin)) >= 0]
    return min(places, default=-1)


def _value_at(text: str, at: int) -> tuple[Any, int]:
    """The JSON value that begins at a place of a text, and where it ends."""
    try:
        return _DECODER.raw_decode(text, at)
    except ValueError:
        cleaned = _without_last_commas(text[at:]) if _BEGINS.match(text, at) else None
        if cleaned is None:
            raise
        return _DECODER.decode(cleaned[0]), at + cleaned[1]


def _without_last_commas(text: str) -> tuple[str, int] | None:
    """A table or list at the beginning of a text without commas before closing brackets, and where it ends in the text.

    None where it has no such comma, or does not end.
    """
    kept: list[str] = []
    depth, comma, last = 0, -1, ""
    inside = escaped = dropped = False
    for place, sign in enumerate(text):
        if inside:
            inside, escaped = escaped or sign != '"', sign == "\\" and not escaped
        elif sign == ",":
            comma = len(kept) if last not in ("[", "{", ",", ":") else -1
            last = sign
        elif not sign.isspace():
            if sign in "}]" and comma >= 0:
                kept[comma], dropped = "", True
            depth += (sign in "{[") - (sign in "}]")
            inside, comma, last = sign == '"', -1, sign
        kept.append(sign)
        if depth == 0:
            return ("".join(kept), place + 1) if dropped else None
    return None


def _without_thoughts(text: str) -> str:
    """A text without what a reasoning model thought aloud before its answer."""
    for tag in _THOUGHTS:
        begin = text.find(f"<{tag}>")
        end = text.rfind(f"</{tag}>")
        if end >= 0:
            text = text[: max(begin, 0)] + text[end + len(tag) + 3 :]
    return text


def _unfit(value: JsonValue) -> list[str]:
    """Complaint about JSON that could be read: too deep, or text that is none."""
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
