"""Numbers of a record in words and units, for people: the same in the report and in the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel

from lmp.figures import apart
from lmp.schema.condition import TARGETS, Target
from lmp.schema.episode import Attempt, Episode, SubgoalReport
from lmp.schema.evidence import SIGNALS, Evidence
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import Margins
from lmp.schema.verdict import Violation

UNIT = re.compile(r"\[([^\]]+)\]")
UNITLESS = ("dimensionless", "count")


def number(value: float, digits: int = 3) -> str:
    """A number with so many significant digits, without trailing zeros."""
    return f"{value:.{digits}g}" if abs(value) < 10**digits else f"{value:.0f}"


def share(value: float) -> str:
    """A share of a limit in percent, cut rather than rounded, so that 100 % is said of nothing that stays below."""
    percent = 100 * value
    if percent < 1:
        return f"{number(percent, 2)} %"
    return f"{int(percent)} %" if percent <= 100 else f"{number(percent, 4)} %"


def millimetres(metres: float) -> str:
    """A small length; below a micrometre it is not worth its digits."""
    return f"{number(1000 * metres)} mm" if abs(metres) >= 1e-6 else "< 0.001 mm"


def margin_words(margins: Margins) -> list[tuple[str, str]]:
    """Each margin with its value and unit."""
    found = [
        ("nearest joint limit", f"{number(margins.joint_limit)} {margins.joint_limit_unit}"),
        ("peak velocity", share(margins.velocity)),
        ("peak acceleration", share(margins.acceleration)),
        ("peak jerk", share(margins.jerk)),
        ("clearance", "nothing near" if margins.clearance is None else millimetres(margins.clearance)),
        ("smallest singular value", number(margins.smallest_singular_value, 2)),
        ("end error", millimetres(margins.end_error)),
    ]
    if margins.stretch > 1.0:
        found.append(("stretched", f"x {number(margins.stretch)}"))
    return found


def violation_facts(violation: Violation) -> list[str]:
    """Tell what was found, what is allowed, when and where, as far as the violation says."""
    unit = f" {violation.unit}" if violation.unit else ""
    facts, (value, limit) = [], _apart(violation.value, violation.limit)
    if value is not None:
        facts.append(f"found {value}{unit}")
    if limit is not None:
        facts.append(f"allowed {limit}{unit}")
    if violation.t is not None:
        facts.append(f"at {violation.t:.2f} s")
    for kind in ("joint", "link", "object", "segment"):
        name = getattr(violation, kind)
        if name is not None:
            facts.append(f"{kind} {name}")
    return facts


def _apart(value: float | None, limit: float | None) -> tuple[str | None, str | None]:
    """A number and its limit, as far as they are known, with four digits or as many as tell them apart."""
    if value is None or limit is None:
        return None if value is None else number(value, 4), None if limit is None else number(limit, 4)
    words = number(value, 4), number(limit, 4)
    return apart(value, limit, 4, "g") if words[0] == words[1] else words


def evidence_rows(evidence: Evidence) -> list[tuple[str, str]]:
    """Tell what the monitor saw: what was measured, what is allowed, when and where."""
    unit = "" if evidence.unit == "1" else f" {evidence.unit}"
    rows = [
        ("signal", f"{evidence.signal.replace('_', ' ')}: {SIGNALS[evidence.signal]}"),
        ("measured", f"{number(evidence.value)}{unit}"),
        ("limit", f"{number(evidence.limit)}{unit}"),
        ("when", f"{evidence.t:.2f} s" + (f", in {evidence.segment!r}" if evidence.segment else "")),
    ]
    what = " and ".join(name for name in (evidence.about, evidence.other) if name)
    return rows + ([("about", what)] if what else []) + ([("in words", evidence.words)] if evidence.words else [])


def said(attempt: Attempt) -> str:
    """Tell how an attempt ended; without the evidence and the states where those are shown by themselves."""
    shown = attempt.execution is not None and attempt.execution.evidence is not None
    return attempt.outcome.message if shown else attempt.message or attempt.outcome.message


def chosen(primitive: SkillParameters) -> str:
    """The parameters that were chosen, with units: without the skill's name, what is not set, and defaults."""
    fields = primitive.model_dump(mode="json")
    cls, units = class_of(primitive.kind), units_of(primitive)
    return ", ".join(
        f"{name} {short(value)}{' ' + units[name] if name in units else ''}"
        for name, value in fields.items()
        if name != "kind" and value is not None and not (name in cls.model_fields and value == cls.model_fields[name].default)
    )


def short(value: Any) -> str:
    """A JSON value on one line: a choice as its kind with what it holds."""
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return number(value, 4)
        case dict():
            kind = f"{value['kind']} " if "kind" in value else ""
            inside = {name: item for name, item in value.items() if name != "kind" and item is not None}
            if kind and len(inside) == 1:
                return kind + short(*inside.values())
            return kind + ", ".join(f"{name} {short(item)}" for name, item in inside.items())
        case list():
            return "; ".join(short(item) for item in value)
        case None:
            return "none"
        case _:
            return str(value)


def flat(fields: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The leaves of nested parameters with their paths, such as ("target.gap", 0.03)."""
    for name, value in fields.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{name}.")
        elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
            for index, item in enumerate(value):
                yield from flat({str(index): item}, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def class_of(kind: str) -> type[SkillParameters]:
    """The class of a skill's parameters if it is loaded here, else what all skills share."""
    classes = {cls.model_fields["kind"].default: cls for cls in SkillParameters.__subclasses__()}
    return classes.get(kind, SkillParameters)


def units_of(primitive: SkillParameters) -> dict[str, str]:
    """The units of a primitive's parameters by field name, as its class and those of what it holds state them."""
    found: dict[str, set[str]] = {}
    for cls in _classes_in(class_of(primitive.kind), primitive.model_dump(mode="json")):
        for name, field in cls.model_fields.items():
            found.setdefault(name, set()).update(UNIT.findall(field.description or ""))
    return {name: unit for name, units in found.items() if len(units) == 1 and (unit := units.pop()) not in UNITLESS}


def _classes_in(cls: type[BaseModel], fields: dict[str, Any]) -> Iterator[type[BaseModel]]:
    """A class, and those of the values that its fields hold; a target's own by its kind."""
    yield cls
    for name, field in cls.model_fields.items():
        value = fields.get(name)
        held = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]
        for model in _models_in(field.annotation) if held else ():
            for one in held:
                own = TARGETS.get(str(one.get("kind"))) if model is Target else model
                yield from () if own is None else _classes_in(own, one)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models among the alternatives of an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


def attempts_of(subgoal: SubgoalReport, episode: Episode) -> list[tuple[int, Attempt]]:
    """The attempts at a subgoal, each with its place among all attempts."""
    return [
        (index, attempt)
        for index, attempt in enumerate(episode.attempts)
        if (attempt.subgoal.description, attempt.subgoal.skill, attempt.subgoal.objects)
        == (subgoal.description, subgoal.skill, subgoal.objects)
    ]
