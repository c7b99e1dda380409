"""Names and foreign text as JSON strings, so that none of it can look like anything else than a value."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, JsonValue

LONGEST_TEXT = 600
"""Longest foreign text in a prompt [characters]."""
LONGEST_JSON = 6000
"""Longest JSON value in a prompt [characters]."""
MOST_NAMES = 12
"""Most names of one list [count]."""


def quoted(text: str, longest: int = LONGEST_TEXT) -> str:
    """A text as a JSON string on one line; the end of what is too long is cut."""
    kept = text if len(text) <= longest else text[: longest - 3] + "..."
    encoded = json.dumps(kept, ensure_ascii=False)
    # JSON leaves some signs alone that end a line, turn the direction or show nothing.
    return "".join(sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in encoded)


def listed(names: Iterable[str], most: int = MOST_NAMES) -> str:
    """Names as JSON strings with commas; beyond so many, how many more there are."""
    given = list(names)
    more = f" and {len(given) - most} more" if len(given) > most else ""
    return ", ".join(quoted(name) for name in given[:most]) + more


def as_json(value: JsonValue | Any, longest: int = LONGEST_JSON) -> str:
    """A JSON value on one line; the end of what is too long is cut, and said to be."""
    encoded = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(", ", ": "))
    safe = "".join(sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in encoded)
    return safe if len(safe) <= longest else f"{safe[:longest]} ... (cut; {len(safe)} characters in all)"


def chosen(model: BaseModel) -> dict[str, Any]:
    """A model's JSON without what is as it would be by itself; `kind` always stays."""
    fields = type(model).model_fields
    return {
        name: _inner(value, dumped)
        for name, dumped in model.model_dump(mode="json").items()
        if (value := getattr(model, name, dumped)) is not None
        and (name == "kind" or name not in fields or value != fields[name].default)
    }


def _inner(value: Any, dumped: Any) -> Any:
    if isinstance(value, BaseModel):
        return chosen(value)
    if isinstance(value, tuple) and any(isinstance(item, BaseModel) for item in value):
        return [_inner(item, part) for item, part in zip(value, dumped, strict=True)]
    return dumped
