"""What a correction changed, in words: the field, before and after."""

from __future__ import annotations

from typing import Any

from lmp.corrections.ranges import range_of
from lmp.schema.base import Model, Text
from lmp.schema.skill import SkillParameters


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
