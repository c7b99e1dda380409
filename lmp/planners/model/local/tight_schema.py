"""A JSON Schema made tighter, so that an answer that is decoded by it always ends and means what it says.

Whatever fits the tightened schema fits the given one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lmp.planners.model.local.pace import DECIMALS

LONGEST_TEXT = 2000
"""Length of a text whose schema names none [characters]."""
LARGEST_NUMBER = 1_000_000
"""Limit of a number whose schema names none [dimensionless]; without one, a decoder offers exponents."""
_SHOWN = r"[\p{Age=14.0}--[\p{C}\p{Z}]]"
"""A character that can be seen; the age keeps out those that this Python does not know yet."""
_NAME_PATTERN = r"^[^\x00-\x1f\x7f]+$"
_KEPT = ("type", "const", "enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_NUMBERS = ("number", "integer")
_SCALARS = ({"type": "null"}, {"type": "boolean"}, {"type": "number"}, {"type": "string"})


def tightened(schema: Mapping[str, Any], longest_list: int, patterns: bool = True) -> dict[str, Any]:
    """The schema that answers are decoded by.

    Tags of unions become required, since a reader needs them, and so do lists, since one that is left out says "nothing"
    without saying it. `oneOf` becomes `anyOf`, which is the same where options are told apart by a tag. Texts neither begin nor
    end with a blank and hold no control characters. Objects are closed; every number has two ends.

    Args:
        schema: As pydantic writes it.
        longest_list: Most items of a list, where the schema allows more and does not require more [count].
        patterns: Whether the schema's own patterns are kept; a decoder may not know all of them.
    """
    tight = _node(schema, longest_list, patterns)
    if "$defs" in schema:
        tight["$defs"] = {name: _node(part, longest_list, patterns) for name, part in schema["$defs"].items()}
    return tight


def _node(schema: Mapping[str, Any], most: int, patterns: bool) -> dict[str, Any]:
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}
    for union in ("oneOf", "anyOf"):
        if union in schema:
            return {"anyOf": [_node(option, most, patterns) for option in schema[union]]}
    if len(schema.get("allOf", ())) == 1:
        return _node(schema["allOf"][0], most, patterns)
    kind = schema.get("type")
    if isinstance(kind, list):
        return {"anyOf": [_node({**schema, "type": one}, most, patterns) for one in kind]}
    kept = {word: schema[word] for word in _KEPT if word in schema}
    if "const" in kept or "enum" in kept:
        return kept
    if kind == "object" or "properties" in schema:
        return _object(schema, most, patterns)
    if kind == "array":
        return _list(schema, most, patterns)
    if kind == "string":
        return _text(schema, patterns)
    if kind in _NUMBERS:
        return _number(kept)
    return kept if kind is not None else {"anyOf": [_node(scalar, most, patterns) for scalar in _SCALARS]}


def _object(schema: Mapping[str, Any], most: int, patterns: bool) -> dict[str, Any]:
    properties = schema.get("properties", {})
    given = schema.get("required", ())
    required = [name for name, part in properties.items() if name in given or "const" in part or part.get("type") == "array"]
    return {
        "type": "object",
        "properties": {name: _node(part, most, patterns) for name, part in properties.items()},
        "required": required,
        "additionalProperties": False,
    }


def _list(schema: Mapping[str, Any], most: int, patterns: bool) -> dict[str, Any]:
    first = schema.get("prefixItems", ())
    least = schema.get("minItems", 0)
    allowed = schema.get("maxItems", most if "items" in schema or not first else len(first))
    tight: dict[str, Any] = {"type": "array", "minItems": least, "maxItems": max(least, min(allowed, max(most, len(first))))}
    if first:
        tight["prefixItems"] = [_node(part, most, patterns) for part in first]
    tight["items"] = _node(schema.get("items") or {}, most, patterns) if allowed > len(first) else False
    return tight


def _text(schema: Mapping[str, Any], patterns: bool) -> dict[str, Any]:
    least, longest = schema.get("minLength", 0), schema.get("maxLength", LONGEST_TEXT)
    own = schema.get("pattern")
    if patterns and own is not None and own != _NAME_PATTERN:
        return {"type": "string", "minLength": least, "maxLength": longest, "pattern": own}
    if longest == 0:
        return {"const": ""}
    inner = f"(?:{_SHOWN}| )"
    longer = f"{_SHOWN}{inner}{{{max(least - 2, 0)},{longest - 2}}}{_SHOWN}" if longest > 1 else ""
    options = [_SHOWN] * (least <= 1) + [longer] * (longest > 1)
    return {"type": "string", "pattern": f"^(?:{'|'.join(options)}){'?' if least == 0 else ''}$"}


def _number(kept: dict[str, Any]) -> dict[str, Any]:
    """With both ends, and both belonging to the range: the decoder takes an end for allowed that is not."""
    above, below = kept.pop("exclusiveMinimum", None), kept.pop("exclusiveMaximum", None)
    step = 1 if kept["type"] == "integer" else _step(above, below)
    low = [kept[word] for word in ("minimum",) if word in kept] + ([above + step] if above is not None else [])
    high = [kept[word] for word in ("maximum",) if word in kept] + ([below - step] if below is not None else [])
    kept["minimum"] = max(low) if low else min(-LARGEST_NUMBER, *high, 0)
    kept["maximum"] = min(high) if high else max(LARGEST_NUMBER, kept["minimum"])
    return kept


def _step(above: float | None, below: float | None) -> float:
    """Step by which an end that does not belong to the range is moved into it."""
    finest = 10.0**-DECIMALS
    return finest if above is None or below is None else min(finest, (below - above) / 4)
