"""Edits one field of a primitive, such as `lift 0.2` or `target.gap 5cm`; what does not fit is refused with its range."""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic import ValidationError

from lmp.corrections.change import changes
from lmp.corrections.corrected import Corrected
from lmp.corrections.ranges import range_of
from lmp.errors import did_you_mean
from lmp.files.data_complaints import complaints_of
from lmp.schema.base import Model
from lmp.schema.plan import Refusal
from lmp.schema.skill import SkillParameters

QUANTITY = re.compile(r"(?P<value>[-+]?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})(?:e[-+]?\d{1,2})?)\s*(?P<unit>mm|cm|m/s|m|s|N)?")
LENGTHS = {"mm": 1e-3, "cm": 1e-2, "m": 1.0}
DEEPEST = 6


def edit(primitive: SkillParameters, field: str, value: str) -> Corrected | Refusal:
    """The primitive with one field set.

    Args:
        primitive: What is edited.
        field: Its name, with dots for what is inside, such as "target.gap" or "path.bulges.0.amount".
        value: A number, also with its unit, a word of a choice, a name, or null.
    """
    data = primitive.model_dump(mode="json")
    names = field.split(".")[:DEEPEST]
    holder: Any = data
    owner: Any = primitive  # a model, or a tuple of them
    for depth, name in enumerate(names[:-1]):
        inside = holder.get(name) if isinstance(holder, dict) else _item(holder, name)
        if not isinstance(inside, dict | list):
            return _no_field(primitive, ".".join(names[: depth + 1]), holder)
        owner = owner[int(name)] if isinstance(holder, list) else getattr(owner, name)
        holder = inside
    name = names[-1]
    if not isinstance(holder, dict) or name not in holder or name == "kind":
        return _no_field(primitive, field, holder)
    holds: type[Model] = type(owner)
    holder[name] = _value(value, holds, name)
    try:
        result = type(primitive).model_validate(data)
    except ValidationError as error:
        known = range_of(holds, name)
        allowed = f"{field} may be {known}." if known is not None else ""
        return Refusal(reason="impossible", message=" ".join(complaints_of(error, type(primitive)))[:2000], hint=allowed)
    if result == primitive:
        return Refusal(reason="impossible", message=f"{field} is {value.strip()[:60]} already.")
    return Corrected(primitive=result, changes=changes(primitive, result), wishes=())


def _item(holder: object, name: str) -> object:
    return holder[int(name)] if isinstance(holder, list) and name.isdecimal() and int(name) < len(holder) else None


def _no_field(primitive: SkillParameters, field: str, holder: object) -> Refusal:
    known = [name for name in holder if name != "kind"] if isinstance(holder, dict) else []
    near = did_you_mean(field.rpartition(".")[2], known)
    return Refusal(
        reason="impossible",
        message=f"{primitive.kind} has no field {field[:60]!r}.{near}",
        hint=f"Fields there: {', '.join(known)}." if known else "",
    )


def _value(text: str, owner: type[Model], name: str) -> object:
    """What was said, as JSON: a number in the field's own unit, null, or the words themselves."""
    text = text.strip()[:200]
    found = QUANTITY.fullmatch(text)
    if found is not None:
        number = float(found["value"]) * (LENGTHS.get(found["unit"] or "", 1.0))
        known = range_of(owner, name)
        right = known is not None and (
            found["unit"] is None or found["unit"] == known.unit or _lengths(found["unit"], known.unit)
        )
        if right and known is not None:
            return int(number) if known.whole and number.is_integer() else round(number, 9)
        return text
    if text in ("null", "none", "unset", "usual", "straight"):
        return None
    try:
        return json.loads(text) if text[:1] in "{[" else text
    except (ValueError, RecursionError):
        return text


def _lengths(said: str, unit: str) -> bool:
    return said in LENGTHS and unit == "m"
