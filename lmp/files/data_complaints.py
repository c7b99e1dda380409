"""Complaints about data, in sentences: where it is, what came, what is allowed there, and the nearest name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from lmp.errors import did_you_mean
from lmp.files.unit_slips import in_unit, slip_words, text_words, unit_in

MOST = 30
"""Complaints that are spelled out; of the others only the number is told [count]."""

_BOUNDS = (("exclusiveMinimum", "above"), ("minimum", "at least"), ("exclusiveMaximum", "below"), ("maximum", "at most"))
_LENGTHS = (("minLength", "at least"), ("maxLength", "at most"), ("minItems", "at least"), ("maxItems", "at most"))
_TYPES = {"number": "a number", "integer": "a whole number", "string": "a text", "boolean": "true or false", "array": "a list"}


def complaints_of(error: ValidationError, model: type[BaseModel]) -> list[str]:
    """One sentence for each fault with data for that model."""
    schema = model.model_json_schema()
    found = [complaint for complaint in error.errors(include_url=False) if not _follows(complaint)]
    sentences = list(dict.fromkeys(_sentence(complaint, schema) for complaint in found[:MOST]))
    return sentences if len(found) <= MOST else [*sentences, f"And {len(found) - MOST} more."]


def _follows(complaint: Mapping[str, Any]) -> bool:
    """True if a list only counts as too short since its items are wrong, which is said of them."""
    came = complaint["input"]
    return complaint["type"] == "too_short" and isinstance(came, list | tuple) and len(came) >= complaint["ctx"]["min_length"]


def _sentence(complaint: Mapping[str, Any], schema: dict[str, Any]) -> str:
    location = tuple(complaint["loc"])
    place = ".".join(_shown(part) for part in location) or "the file"
    came = complaint["input"]
    match complaint["type"]:
        case "extra_forbidden":
            known = list(_node_at(location[:-1], schema).get("properties", {}))
            return f"{place}: there is no such field.{did_you_mean(str(location[-1]), known)}{_listed(known)}"
        case "union_tag_invalid":
            known, tag = _quoted(complaint["ctx"]["expected_tags"]), str(complaint["ctx"]["tag"])
            return f"{place}.kind: {tag[:60]!r} is not known.{did_you_mean(tag, known)}{_listed(known)}"
        case "union_tag_not_found":
            known = list(_node_at(location, schema).get("discriminator", {}).get("mapping", {}))
            return f"{place}: say which `kind` it is{_got(came)}.{_listed(known)}"
        case "literal_error" | "enum":
            known = _quoted(complaint["ctx"]["expected"])
            near = did_you_mean(came, known) if isinstance(came, str) else ""
            return f"{place}: this is not one of the allowed values{_got(came)}.{near}{_listed(known)}"
        case "missing":
            allowed = _allowed(_node_at(location, schema))
            return f"{place}: this is needed{f', {allowed}' if allowed else ''}."
        case "string_pattern_mismatch":
            return f"{place}: only printable characters are allowed{_got(came)}."
        case "model_type" | "model_attributes_type" | "dict_type":
            return f"{place}: a table of fields is needed{_got(came)}."
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            return f"{place}: {complaint['msg']}{_got(came)}.{_range(came, location, schema)}"
        case "float_type" | "float_parsing" | "int_type" | "int_parsing":
            written = text_words(came, _unit_at(location, schema)) if isinstance(came, str) else ""
            return f"{place}: {complaint['msg'].partition(',')[0]}{_got(came)}.{written}"
        case "value_error" if isinstance(came, dict):
            return f"{place}: {complaint['msg'].removeprefix('Value error, ').removesuffix('.')}."
        case _:
            return f"{place}: {complaint['msg'].removeprefix('Value error, ').removesuffix('.')}{_got(came)}."


def _shown(part: object) -> str:
    """A part of a place; one that could forge output is escaped, a long one is cut."""
    text = str(part)
    return (text if text.isprintable() else repr(text))[:80]


def _got(came: object) -> str:
    """The value that came, short."""
    match came:
        case str() | int() | float() | None:
            return f", got {came!r:.60}"
        case dict():
            return ", got a table"
        case list() | tuple():
            return f", got a list of {len(came)}"
        case _:
            return f", got {type(came).__name__}"


def _listed(known: list[str]) -> str:
    return f" Known: {', '.join(known)}." if known else ""


def _quoted(expected: str) -> list[str]:
    """The words of pydantic's "'a', 'b' or 'c'"."""
    return re.findall(r"'([^']*)'", expected)


def _allowed(node: dict[str, Any]) -> str:
    """The values that a node of a JSON Schema takes, in words; empty where it does not say."""
    words = [_TYPES.get(node.get("type", ""), "")]
    words += [f"{word} {node[key]:g}" for key, word in _BOUNDS if key in node]
    words += [f"{word} {node[key]} long" for key, word in _LENGTHS if key in node]
    told = ", ".join(word for word in words if word)
    return ": ".join(part for part in (node.get("description", "").partition("\n")[0].rstrip("."), told) if part)


def _range(came: object, location: tuple[Any, ...], schema: dict[str, Any]) -> str:
    """The range of a number in its unit, and the slip of the unit that it may be; empty where the schema says no unit."""
    node, unit = _number_in(_node_at(location, schema)), _unit_at(location, schema)
    bounds = [f"{word} {in_unit(node[key], unit)}" for key, word in _BOUNDS if key in node]
    if unit is None or not bounds:
        return ""
    return f" Allowed: {', '.join(bounds)}.{slip_words(came, unit, node)}"


def _number_in(node: dict[str, Any]) -> dict[str, Any]:
    """A node itself, or the number among its alternatives."""
    return next((part for part in node.get("anyOf", ()) if part.get("type") in ("number", "integer")), node)


def _unit_at(location: tuple[Any, ...], schema: dict[str, Any]) -> str | None:
    """The unit of a number: in its own description, or else in that of what it is a part of."""
    for end in range(len(location), 0, -1):
        unit = unit_in(_node_at(location[:end], schema).get("description", ""))
        if unit is not None:
            return unit
    return None


def _node_at(location: tuple[Any, ...], schema: dict[str, Any]) -> dict[str, Any]:
    """The node of the model's JSON Schema for a place; empty where it says nothing."""
    node = _entered(schema, schema)
    for part in location:
        if isinstance(part, int):
            tuples = node.get("prefixItems", [])
            node = tuples[part] if part < len(tuples) else node.get("items") or {}
        elif part in (tags := node.get("discriminator", {}).get("mapping", {})):
            node = {"$ref": tags[part]}
        else:
            others: dict[str, Any] = node.get("additionalProperties") or next(
                iter(node.get("patternProperties", {}).values()), {}
            )
            node = node.get("properties", {}).get(part) or others
        node = _entered(node, schema)
    return node


def _entered(node: Any, schema: dict[str, Any]) -> dict[str, Any]:
    """A node of a JSON Schema through references, or its only alternative that is an object or a list."""
    while isinstance(node, dict):
        if "$ref" in node:
            told = {key: node[key] for key in ("description",) if key in node}
            node = {**schema["$defs"][node["$ref"].rpartition("/")[2]], **told}
        elif "anyOf" in node:
            told = {key: node[key] for key in ("description",) if key in node}
            node = {**next((part for part in node["anyOf"] if part.get("type") != "null"), {}), **told}
        else:
            return node
    return {}
