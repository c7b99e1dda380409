"""The range and the unit of a number, as its schema says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lmp.schema.base import Model

UNIT = re.compile(r"\[([^\]]+)\]")
OPEN = 1e-3
"""How far a value stays from a bound that it must not reach [in its own unit]."""


@dataclass(frozen=True)
class Range:
    """What a number may be.

    Attributes:
        low, high: Bounds, both allowed [in `unit`].
        unit: Empty for what has none.
        whole: Whether it counts something.
    """

    low: float
    high: float
    unit: str
    whole: bool

    def within(self, value: float) -> float:
        """The nearest value that is allowed."""
        value = min(max(round(value, 6), self.low), self.high)
        return round(value) if self.whole else value

    def __str__(self) -> str:
        return f"{self.low:g} to {self.high:g}{f' {self.unit}' if self.unit else ''}"


@lru_cache(maxsize=512)
def range_of(model: type[Model], field: str) -> Range | None:
    """The range of a model's field; None where it is no number."""
    schema: dict[str, Any] = model.model_json_schema()
    own = schema["$defs"][model.__name__] if "$ref" in schema else schema
    node = own.get("properties", {}).get(field, {})
    for part in _parts(node):
        if part.get("type") in ("number", "integer"):
            unit = UNIT.search(f"{node.get('description', '')} {part.get('description', '')}")
            known = unit.group(1) if unit is not None else ""
            low = part.get("minimum", part.get("exclusiveMinimum", -1e6 - OPEN) + OPEN)
            high = part.get("maximum", part.get("exclusiveMaximum", 1e6 + OPEN) - OPEN)
            unit_words = "" if known in ("count", "dimensionless") else known
            return Range(float(low), float(high), unit_words, part["type"] == "integer")
    return None


def _parts(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for part in node.get("anyOf", ()):
        yield from _parts(part)
