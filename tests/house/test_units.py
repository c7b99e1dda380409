"""Every number that flows says its unit where a model, a person and a program read it: in the JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from every_module import subclasses
from pydantic import BaseModel

UNITS = {
    "m", "rad", "s", "m/s", "m/s^2", "m/s^3", "rad/s", "rad/s^2", "rad/s^3", "N", "Nm", "N m", "kg", "kg/m^3", "Hz", "px",
    "1/s", "MiB", "USD", "dimensionless", "count", "in `unit`", "m or rad", "rad or m", "N or N m",
}  # fmt: skip
MODELS = [cls for cls in subclasses(BaseModel) if not cls.__name__.startswith("_")]


def _numbers(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The numeric leaves of a property, not through references: what they name is tested by itself."""
    if node.get("type") in ("number", "integer") or node.get("items") == {}:
        yield node
    for part in (*node.get("anyOf", ()), *node.get("oneOf", ()), *node.get("prefixItems", ())):
        yield from _numbers(part)
    for key in ("items", "additionalProperties"):
        if isinstance(node.get(key), dict):
            yield from _numbers(node[key])


def _descriptions(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("description"), str):
            yield node["description"]
        for value in node.values():
            yield from _descriptions(value)
    elif isinstance(node, list):
        for value in node:
            yield from _descriptions(value)


def _without_unit(model: type[BaseModel]) -> list[str]:
    schema = model.model_json_schema()
    own = schema["$defs"][model.__name__] if "$ref" in schema else schema
    return [
        name
        for name, node in own.get("properties", {}).items()
        if any(_numbers(node))
        and not any(unit in UNITS for text in _descriptions(node) for unit in re.findall(r"\[([^\]]+)\]", text))
    ]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: f"{model.__module__}.{model.__name__}")
def test_every_number_has_a_unit(model: type[BaseModel]) -> None:
    if not any(issubclass(kind, type) for kind in _types_of_fields(model)):
        assert _without_unit(model) == []


def _types_of_fields(model: type[BaseModel]) -> Iterator[type]:
    """The classes that fields hold as values (a class has no JSON Schema)."""
    for field in model.model_fields.values():
        if getattr(field.annotation, "__origin__", None) is type:
            yield type


@pytest.mark.parametrize("model", MODELS, ids=lambda model: f"{model.__module__}.{model.__name__}")
def test_every_model_is_frozen_and_closed(model: type[BaseModel]) -> None:
    assert model.model_config.get("frozen") is True
    assert model.model_config.get("extra") == "forbid"


def test_the_walk_finds_a_missing_unit() -> None:
    class Bad(BaseModel):
        width: float
        height: float | None = None

    assert _without_unit(Bad) == ["width", "height"]
