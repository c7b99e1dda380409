"""A correction's change, in words: the field, before and after; and the range of a number, as its schema says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lmp.schema.base import Model, Text
from lmp.schema.plan import Subgoal
from lmp.schema.skill import SkillParameters

UNIT = re.compile(r"\[([^\]]+)\]")
OPEN = 1e-3
"""The distance of a value from a bound that it must not reach [in its own unit]."""


@dataclass(frozen=True)
class Range:
    """The range of a number.

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


class Change(Model):
    """One field before and after; its text is what a person is told.

    Attributes:
        field: Path of the field, such as "target.gap".
        before, after: In words.
        unit: Empty for what has none.
    """

    field: Text
    before: Text
    after: Text
    unit: Text = ""

    def __str__(self) -> str:
        return f"{self.field} {self.before} -> {self.after}{f' {self.unit}' if self.unit else ''}"


def changes(before: SkillParameters, after: SkillParameters) -> tuple[Change, ...]:
    """Every field that differs, in the order of the fields."""
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    found: list[Change] = []
    for field in dict.fromkeys((*old, *new)):
        if old.get(field) != new.get(field):
            found += _changed(type(after), field, old.get(field), new.get(field), getattr(after, field, None))
    return tuple(found)


def _changed(owner: type[Model], field: str, old: Any, new: Any, part: object) -> list[Change]:
    if isinstance(part, Model) and isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        inside = [
            change
            for name in new
            if old[name] != new[name]
            for change in _changed(type(part), name, old[name], new[name], getattr(part, name))
        ]
        return [change.model_copy(update={"field": f"{field}.{change.field}"}) for change in inside]
    known = range_of(owner, field)
    return [Change(field=field, before=_words(field, old), after=_words(field, new), unit=known.unit if known else "")]


def _words(field: str, value: Any) -> str:
    match value:
        case None:
            return "straight" if field == "path" else "unset"
        case bool() | str():
            return str(value)[:200]
        case float() | int():
            return f"{value:.4g}"
        case {"kind": "bulges", "bulges": list(bulges)}:
            return ", ".join(_words(field, bulge) for bulge in bulges)
        case {"direction": direction, "phase": float() as phase, "amount": float() as amount}:
            return f"{amount:.4g} m {direction} at phase {phase:.3g}"
        case dict():
            kind = f"{value['kind']} " if "kind" in value else ""
            inside = {name: item for name, item in value.items() if name != "kind" and item is not None}
            return (kind + " ".join(f"{name} {_words(name, item)}" for name, item in inside.items()))[:500]
        case list():
            return "; ".join(_words(field, item) for item in value)[:500]
    return str(value)[:200]


def fitted(subgoal: Subgoal, primitive: SkillParameters) -> Subgoal:
    """The subgoal with the displacement or the place that its primitive aims at."""
    success = tuple(condition.following(primitive) for condition in subgoal.success)
    return subgoal if success == subgoal.success else subgoal.model_copy(update={"success": success})
