"""A primitive corrected in words, by rules, or one of its fields set, such as `lift 0.2` or `target.gap 5cm`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pydantic import Field, SerializeAsAny, ValidationError

from lmp.corrections.change import Change, changes, range_of
from lmp.corrections.reading import LEXICON, PLAIN, Adjustment, adjustments
from lmp.corrections.rules import Circumstances, edited, possible
from lmp.errors import did_you_mean
from lmp.files.data_complaints import complaints_of
from lmp.planners.scripted.tokens import read_quantity, split
from lmp.schema.base import Model, Text
from lmp.schema.plan import Refusal, Refused
from lmp.schema.skill import SkillParameters


class Corrected(Model):
    """The result of correcting a primitive.

    Attributes:
        primitive: As requested, within its ranges.
        changes: What is different, field by field.
        adjustments: What was understood, for "a bit less".
        left_out: Requests of the same sentence that changed nothing, and why.
    """

    primitive: SerializeAsAny[SkillParameters]
    changes: tuple[Change, ...] = Field(max_length=256)
    adjustments: tuple[Adjustment, ...] = Field(max_length=16)
    left_out: tuple[Text, ...] = Field(default=(), max_length=16)


def correct(
    words: str, primitive: SkillParameters, around: Circumstances, last: Sequence[Adjustment] = ()
) -> Corrected | Refusal:
    """Edits a primitive as the words ask.

    Args:
        words: The correction, such as "a bit higher and slower".
        primitive: What is corrected.
        around: What else the rules may know.
        last: The adjustments of the correction before, for "a bit less" and "more".

    Returns:
        The edited primitive with what changed; a Refusal where the words are not understood, or change nothing here.
    """
    read = adjustments(words)
    if isinstance(read, Refusal):
        return read
    wanted = tuple(again for adjustment in read for again in _again(adjustment, last))[:16]
    kept = tuple(again for adjustment in read for again in _again(adjustment, last, towards=True))[:16]
    result, complaints = primitive, []
    for adjustment in wanted:
        answer = edited(adjustment, result, around)
        if isinstance(answer, str):
            complaints.append(_words(adjustment, answer))
        else:
            result = answer
    if result == primitive:
        hint = f"For {primitive.kind}: {'; '.join(possible(primitive))}."
        return Refusal(reason="impossible", message=" ".join(complaints)[:2000] or "That changes nothing.", hint=hint)
    return Corrected(
        primitive=result,
        changes=changes(primitive, result),
        adjustments=kept,
        left_out=tuple(text[:2000] for text in complaints),
    )


def _again(adjustment: Adjustment, last: Sequence[Adjustment], towards: bool = False) -> tuple[Adjustment, ...]:
    """Of the last correction, "a bit more" is half again, "less" half of it back, "much less" all of it.

    `towards` keeps the first direction, so that "a bit less" said twice does not turn round.
    """
    if adjustment.about != "again" or not last:
        return (adjustment,)
    factor = (
        adjustment.degree / PLAIN
        if adjustment.degree >= 0
        else adjustment.degree / PLAIN / (2 if abs(adjustment.degree) >= PLAIN else 1)
    )
    return tuple(before.times(abs(factor) if towards else factor) for before in last)


def _words(adjustment: Adjustment, complaint: str) -> str:
    about = {"from": "side", "again": "correction", "shift": "place", "straight": "path", "arc": "path"}.get(
        adjustment.about, adjustment.about
    )
    return f"Its {about} stays: {complaint}."


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
    return Corrected(primitive=result, changes=changes(primitive, result), adjustments=())


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
    """The value that was said, as JSON: a number in the field's own unit, null, or the words themselves."""
    text = text.strip()[:200]
    number, unit = _number(text)
    if number is not None:
        known = range_of(owner, name)
        if known is None or unit not in ("", known.unit):
            return text
        return int(number) if known.whole and number.is_integer() else round(number, 9)
    if text in ("null", "none", "unset", "usual", "straight"):
        return None
    try:
        return json.loads(text) if text[:1] in "{[" else text
    except (ValueError, RecursionError):
        return text


def _number(text: str) -> tuple[float | None, str]:
    """A number and its unit, in SI units, as the grammar reads them; None where it is none."""
    try:
        return float(text), ""
    except ValueError:
        sign = -1.0 if text.startswith("-") else 1.0
    try:
        pieces = split(text.lstrip("+-"), LEXICON)
    except Refused:
        return None, ""
    value, unit, taken = read_quantity(pieces, 0, LEXICON) if pieces and pieces[0].kind == "number" else (0.0, "", 0)
    return (sign * value, unit) if taken and taken == len(pieces) else (None, "")
