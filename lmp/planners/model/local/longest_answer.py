"""The longest that an answer can get besides its texts: what has to fit into the tokens that an answer may have."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lmp.planners.model.local.pace import DECIMALS
from lmp.planners.model.local.tight_schema import tightened

LISTS = (64, 47, 31, 25, 21, 18, 15, 13, 11, 9, 7, 6, 5, 4, 3, 2, 1)
"""Lengths of the longest list that are tried [count]."""
DEEPEST = 40
"""Deepest nesting of a schema [count]."""


def schema_that_fits(
    schema: Mapping[str, Any], tokens: int, count: Callable[[str], int], patterns: bool = True
) -> tuple[dict[str, Any], int]:
    """The tightened schema with the longest lists whose longest answer fits, and how long these are; texts are not counted.

    That length is none of the schema's own, so a list of just that length was cut, or nearly.

    Args:
        schema: What the answer has to fit.
        tokens: How many it may have besides its texts [count].
        count: How many tokens a text has.
        patterns: As for `tightened`.
    """
    own = set(_own_lengths(schema))
    for most in (length for length in LISTS if length not in own or length == LISTS[-1]):
        tight = tightened(schema, most, patterns)
        if count(longest_answer(tight)) <= tokens:
            break
    return tight, most


def longest_list(value: Any) -> int:
    """Items of the longest list in an answer [count]."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return max([len(value) if isinstance(value, list) else 0, *map(longest_list, inner)])


def _own_lengths(node: Any) -> Iterator[int]:
    if isinstance(node, dict):
        yield from (node[word] for word in ("minItems", "maxItems") if isinstance(node.get(word), int))
        yield len(node["prefixItems"]) if isinstance(node.get("prefixItems"), list) else 0
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _own_lengths(part)


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
