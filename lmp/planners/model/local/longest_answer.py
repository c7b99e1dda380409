"""How long an answer can get besides its texts: what has to fit into the tokens that an answer may have."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from lmp.planners.model.local.pace import DECIMALS
from lmp.planners.model.local.tight_schema import tightened

LISTS = (64, 48, 32, 24, 16, 12, 8, 6, 5, 4, 3, 2, 1)
"""Lengths of the longest list that are tried [count]."""
DEEPEST = 40
"""Deepest nesting of a schema [count]."""


def schema_that_fits(
    schema: Mapping[str, Any], tokens: int, count: Callable[[str], int], patterns: bool = True
) -> dict[str, Any]:
    """The tightened schema with the longest lists whose longest answer fits; texts are left out of the count.

    Args:
        schema: What the answer has to fit.
        tokens: How many it may have besides its texts [count].
        count: How many tokens a text has.
        patterns: As for `tightened`.
    """
    for most in LISTS:
        tight = tightened(schema, most, patterns)
        if count(longest_answer(tight)) <= tokens:
            break
    return tight


def longest_answer(tight: Mapping[str, Any]) -> str:
    """The longest JSON by a tightened schema, its texts as short as they may be.

    Raises:
        ValueError: The schema contains itself, so that there is no longest answer.
    """
    return _longest(tight, tight.get("$defs", {}), 0)


def _longest(node: Any, parts: Mapping[str, Any], depth: int) -> str:
    if depth > DEEPEST:
        raise ValueError("the schema contains itself")
    if "$ref" in node:
        return _longest(parts[node["$ref"].rpartition("/")[2]], parts, depth + 1)
    if "anyOf" in node:
        return max((_longest(option, parts, depth + 1) for option in node["anyOf"]), key=len)
    if "const" in node or "enum" in node:
        return max((json.dumps(value) for value in node.get("enum", [node.get("const")])), key=len)
    kind = node["type"]
    if kind == "object":
        inner = (f"{json.dumps(name)}:{_longest(part, parts, depth + 1)}" for name, part in node["properties"].items())
        return f"{{{','.join(inner)}}}"
    if kind == "array":
        first = [_longest(part, parts, depth + 1) for part in node.get("prefixItems", ())]
        rest = node["maxItems"] - len(first)
        return f"[{','.join(first + [_longest(node['items'], parts, depth + 1)] * rest if rest > 0 else first)}]"
    return {"string": '"ab"', "boolean": "false", "null": "null"}.get(kind) or _number(node)


def _number(node: Mapping[str, Any]) -> str:
    ends = node["minimum"], node["maximum"]
    whole = "-" * (min(ends) < 0) + "8" * len(str(int(max(abs(end) for end in ends))))
    return whole if node["type"] == "integer" else f"{whole}.{'8' * DECIMALS}"
