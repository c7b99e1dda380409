"""A type's fields in words, from its JSON Schema: name, type, range, unit, default; nested kinds unfolded once."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, TypeAdapter

from lmp.planners.model.words.quoted import as_json

DEEPEST = 6
"""Deepest nesting that is unfolded [count]."""
INDENT = "  "
PLAIN = ": name, required"
"""What is said of a field that takes a name and has to be there."""

Node = Mapping[str, Any]


def field_lines(model: type[BaseModel], *, without: Iterable[str] = ("kind",), indent: str = INDENT) -> list[str]:
    """One line a field, and below it the kinds that a nested choice has.

    Args:
        model: The type.
        without: Names of fields that are left out.
        indent: Blanks before each line.
    """
    schema = model.model_json_schema()
    return _fields(_resolved(schema, schema), schema, frozenset(without), indent, 0)


def kinds_lines(union: Any, indent: str = INDENT) -> list[str]:
    """The members of a union that is told apart by `kind`, each with its meaning and its fields."""
    schema = TypeAdapter(union).json_schema()
    return _kinds(schema, schema, indent, 0)


def first_line(text: str) -> str:
    """The summary of a docstring, on one line."""
    return " ".join(text.strip().split("\n\n")[0].split())


def attribute_notes(docstring: str) -> dict[str, str]:
    """The note on each attribute, from a docstring's section of attributes."""
    _, _, section = inspect.cleandoc(docstring).partition("Attributes:\n")
    found: dict[str, str] = {}
    name = None
    for line in section.split("\n\n")[0].splitlines():
        head, colon, rest = line.strip().partition(":")
        if colon and line[:4].strip() == "" and line[4:5].strip() and head.replace(", ", "").isidentifier():
            name = head
            found[name] = rest.strip()
        elif name is not None:
            found[name] = f"{found[name]} {line.strip()}"
    return {name: re.sub(r"\bNone\b", "null", note).removesuffix(".") for name, note in found.items()}


def _fields(
    node: Node, root: Node, without: frozenset[str], indent: str, depth: int, listed: frozenset[str] = frozenset()
) -> list[str]:
    lines = []
    notes = attribute_notes(str(node.get("description", "")))
    for name, told in node.get("properties", {}).items():
        if name in without:
            continue
        field = told if "description" in told or name not in notes else {**told, "description": notes[name]}
        needed = name in node.get("required", ())
        lines.append(f"{indent}{name}: {_described(field, root, needed)}")
        lines += _below(field, root, indent + INDENT, depth + 1, listed)
    return lines


def _described(field: Node, root: Node, needed: bool) -> str:
    words = [_type(field, root)]
    if needed:
        words.append("required")
    elif "default" in field:
        words.append(f"default {as_json(field['default'])}")
    told = f"; {first_line(str(field['description']))}" if field.get("description") else ""
    return ", ".join(words) + told


def _type(field: Node, root: Node) -> str:
    """The type with its range, in a few words."""
    node = _resolved(field, root)
    choices = _choices(node)
    if choices:
        return " or ".join(dict.fromkeys(_type(choice, root) for choice in choices))
    if "const" in node:
        return as_json(node["const"])
    if "enum" in node:
        return " | ".join(as_json(value) for value in node["enum"])
    match node.get("type"):
        case "number":
            return f"number{_range(node)}"
        case "integer":
            return f"whole number{_range(node)}"
        case "boolean":
            return "true or false"
        case "string":
            return "text" if node.get("maxLength", 0) > 64 else "name"
        case "array":
            return _array(node, root)
        case "object":
            return f"{{{as_json('kind')}: {_type(node['properties']['kind'], root)}, ...}}" if _kind(node) else "object"
        case "null":
            return "null"
        case _:
            return "any value"


def _array(node: Node, root: Node) -> str:
    if "prefixItems" in node:
        return f"[{', '.join(_type(item, root) for item in node['prefixItems'])}]"
    least, most = node.get("minItems", 0), node.get("maxItems")
    count = f"{least} to {most} of" if most is not None else "of"
    return f"list {count} {_type(node.get('items', {}), root)}"


def _range(node: Node) -> str:
    low = node.get("minimum", node.get("exclusiveMinimum"))
    high = node.get("maximum", node.get("exclusiveMaximum"))
    if low is None and high is None:
        return ""
    above = "above " if "exclusiveMinimum" in node else ""
    below = "below " if "exclusiveMaximum" in node else ""
    return f" {above}{_short(low)} to {below}{_short(high)}"


def _short(value: Any) -> str:
    return "any" if value is None else f"{value:g}"


def _below(field: Node, root: Node, indent: str, depth: int, listed: frozenset[str] = frozenset()) -> list[str]:
    """The objects inside a field, unfolded; not kinds that are told beside the one that has the field."""
    if depth > DEEPEST:
        return []
    node = _resolved(field, root)
    if node.get("type") == "array":
        return _below(node.get("items", {}), root, indent, depth, listed)
    members = [part for part in (_resolved(choice, root) for choice in _choices(node)) if part.get("type") != "null"]
    if len(members) > 1 and all(_kind(part) for part in members):
        if {_kind(part) for part in members} <= listed:
            return [f"{indent}any of the other kinds"]
        return _kinds(node, root, indent, depth)
    found = []
    for part in members or [node]:
        if part.get("type") == "object":
            found += _fields(part, root, frozenset(["kind"]), indent, depth)
        elif part is not node:
            found += _below(part, root, indent, depth)
    return found


def _kinds(node: Node, root: Node, indent: str, depth: int) -> list[str]:
    lines = []
    parts = [_resolved(choice, root) for choice in _choices(_resolved(node, root))]
    listed = frozenset(kind for part in parts if (kind := _kind(part)) is not None)
    for part in parts:
        if not _kind(part):
            continue
        meaning = first_line(str(part.get("description", "")))
        fields = _fields(part, root, frozenset(["kind"]), indent + INDENT, depth + 1, listed)
        plain = [line.strip().removesuffix(PLAIN) for line in fields if line.endswith(PLAIN)]
        if len(plain) == len(fields):  # names only: one line says it all
            lines.append(f"{indent}kind {as_json(_kind(part))} with {', '.join(plain) or 'nothing else'}: {meaning}")
        else:
            lines += [f"{indent}kind {as_json(_kind(part))}: {meaning}", *fields]
    return lines


def _kind(node: Node) -> str | None:
    kind = node.get("properties", {}).get("kind", {})
    return str(kind["const"]) if "const" in kind else None


def _choices(node: Node) -> list[Node]:
    return list(node.get("oneOf") or node.get("anyOf") or ())


def _resolved(node: Node, root: Node) -> Node:
    """The schema that a reference stands for, with what is said beside the reference."""
    for _ in range(DEEPEST):
        if "$ref" not in node:
            return node
        target: Any = root
        for step in str(node["$ref"]).removeprefix("#/").split("/"):
            target = target[step]
        node = {**target, **{name: value for name, value in node.items() if name != "$ref"}}
    return node
