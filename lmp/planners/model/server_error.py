"""Errors as servers say them, whichever shape and status they chose: the status that is meant, the words, the fields named."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

LONGEST = 4000
"""How much of a server's words is looked at [characters]."""
_MEANT = (
    (429, r"rate.?limit|too many requests|resource.?exhausted|quota|throttl"),
    (401, r"invalid.{0,12}api.?key|incorrect.{0,12}api.?key|authenticat|unauthori[sz]ed|no auth"),
    (403, r"permission|forbidden|not allowed to"),
    (402, r"insufficient.{0,12}(credit|balance|fund)|payment.?required"),
    (404, r"model.?not.?found|model\b.{0,80}\b(not found|does ?n[o']t exist)"),
    (400, r"context.?(length|window)|invalid.?request|invalid.?argument|bad.?request|unsupported|unknown|unrecogni[sz]ed"),
    (503, r"overload|unavailable|capacity|busy|try again|temporar"),
    (504, r"time.?d?.?out"),
)
"""Statuses that an error means that tells none, by its words."""
_WORDED = tuple((status, re.compile(pattern, re.I | re.S)) for status, pattern in _MEANT)
NO_MODEL = re.compile(
    r"model\b.{0,120}\b(not found|does ?n[o']t exist|not exist|unknown|not available)|no such model", re.I | re.S
)
"""Words for a model that a server does not have."""
_MESSAGES = ("message", "msg", "detail", "details", "error", "error_message", "reason", "title")


@dataclass(frozen=True)
class ServerError:
    """A server's complaint about a request, or what happened to it.

    Attributes:
        status: Of HTTP; where that says success, the one that the body means.
        sent_status: Of HTTP.
        code: The error's own code or type, empty if it has none.
        said: Its words.
        fields: Fields of the request that it names in a field of its own, such as ``max_tokens`` or ``tools.0.strict``.
        wait: How long it wants to be left alone by its body [s]; None if that does not say so.
    """

    status: int
    sent_status: int
    code: str
    said: str
    fields: tuple[str, ...] = ()
    wait: float | None = None

    @property
    def told(self) -> str:
        """The status and the words, for a person."""
        inside = "" if self.status == self.sent_status else f" with error {self.status} in its body"
        return f"HTTP {self.sent_status}{inside}: {self.said.rstrip('.')}"


def server_error(status: int, body: bytes) -> ServerError | None:
    """The error that a response is; None where it is none.

    Args:
        status: Of HTTP.
        body: As it came.
    """
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    failed = not 200 <= status < 300
    node = _error_node(told, failed)
    if node is None:
        if not failed:
            return None
        node = {} if told is not None else {"message": body[:LONGEST].decode("utf-8", "replace")}
    said = " ".join(" ".join(dict.fromkeys(_words(node, 0))).split())[:LONGEST] or "no words"
    code = next((str(node[key]) for key in ("code", "type", "status") if isinstance(node.get(key), str)), "")
    meant = status if failed else _status_meant(node, told, f"{_codes(node)} {said}")
    return ServerError(meant, status, code[:100], said, tuple(dict.fromkeys(_fields(node, 0))), _wait(node))


def _error_node(told: Any, failed: bool) -> dict[str, Any] | None:
    """The part of a body that is the error."""
    if isinstance(told, list) and len(told) == 1:
        told = told[0]
    if not isinstance(told, dict):
        return None
    error = told.get("error")
    choice = _first(told.get("choices"))
    if isinstance(choice, dict) and choice.get("error"):
        return _as_node(choice["error"])
    if not failed and _has_answer(told, choice):
        return None
    if error:
        return _as_node(error)
    if failed or told.get("object") == "error" or told.get("type") == "error" or told.get("errors"):
        return told
    # A success without any answer: only words in the place of one count.
    worded = any(isinstance(told.get(key), str) and told[key] for key in ("detail", "message", "msg"))
    return told if worded and not set(told) & {"choices", "output", "content"} else None


def _has_answer(told: dict[str, Any], choice: Any) -> bool:
    if isinstance(choice, dict):
        return choice.get("finish_reason") != "error"
    return any(isinstance(told.get(key), list) and told[key] for key in ("output", "content"))


def _first(listed: Any) -> Any:
    return listed[0] if isinstance(listed, list) and listed else None


def _as_node(error: Any) -> dict[str, Any]:
    return error if isinstance(error, dict) else {"message": error}


def _words(node: Any, depth: int) -> Iterator[str]:
    """The sentences of an error, wherever its server put them."""
    if depth > 4:
        return
    if isinstance(node, str):
        inner = _decoded(node)
        yield from _words(inner, depth + 1) if inner is not None else (node,)
    elif isinstance(node, list):
        for item in node[:16]:
            yield from _words(item, depth + 1)
    elif isinstance(node, dict):
        place = ".".join(_located(node))
        for key in _MESSAGES:
            for text in _words(node.get(key), depth + 1):
                yield f"{place}: {text}" if place else text
        if isinstance(node.get("metadata"), dict):  # the words of the provider behind a gateway
            yield from _words(node["metadata"].get("raw"), depth + 1)
        yield from _words(node.get("errors"), depth + 1)


def _decoded(text: str) -> Any:
    """A body within a text, as gateways hand on the errors of those behind them; None where there is none."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None


def _fields(node: Any, depth: int) -> Iterator[str]:
    """Fields of the request that an error names apart from its words."""
    if depth > 4:
        return
    if isinstance(node, str):
        yield from _fields(_decoded(node), depth + 1)
    elif isinstance(node, list):
        for item in node[:16]:
            yield from _fields(item, depth + 1)
    elif isinstance(node, dict):
        for key in ("param", "parameter", "field"):
            if isinstance(node.get(key), str) and node[key]:
                yield node[key][:200]
        if located := _located(node):
            yield ".".join(located)[:200]
        for key in ("message", "detail", "details", "errors", "error"):
            yield from _fields(node.get(key), depth + 1)
        if isinstance(node.get("metadata"), dict):
            yield from _fields(node["metadata"].get("raw"), depth + 1)


def _located(node: dict[str, Any]) -> list[str]:
    """Place in the request where pydantic found something, without the word body."""
    place = node.get("loc")
    return [str(part) for part in place if part != "body"][:12] if isinstance(place, list | tuple) else []


def _codes(node: dict[str, Any]) -> str:
    return " ".join(str(node[key]) for key in ("code", "type", "status") if isinstance(node.get(key), str))


def _status_meant(node: dict[str, Any], told: Any, words: str) -> int:
    """The status that an error in a success means."""
    places = [node.get(key) for key in ("code", "status", "status_code", "statusCode")]
    if isinstance(told, dict):
        places += [told.get(key) for key in ("code", "status", "status_code")]
    for place in places:
        number = int(place) if isinstance(place, str) and place.isdecimal() and len(place) == 3 else place
        if isinstance(number, int) and not isinstance(number, bool) and 400 <= number <= 599:
            return number
    return next((status for status, pattern in _WORDED if pattern.search(words)), 500)


def _wait(node: dict[str, Any]) -> float | None:
    """Time that an error's body asks to wait [s]."""
    details = node.get("details")
    for part in (node, node.get("metadata"), *(details if isinstance(details, list) else ())):
        if not isinstance(part, dict):
            continue
        for key in ("retry_after", "retryDelay", "retry_after_seconds"):
            found = part.get(key)
            if isinstance(found, str) and re.fullmatch(r"\d{1,6}(\.\d{1,9})?s?", found):
                return float(found.rstrip("s"))
            if isinstance(found, int | float) and not isinstance(found, bool) and 0 <= found < 1e6:
                return float(found)
    return None
