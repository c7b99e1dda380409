"""Numbers of a record in words and units, for people: the same in the report and in the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lmp.schema.condition import Condition
from lmp.schema.episode import Attempt, Episode, SubgoalReport
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import Margins
from lmp.schema.verdict import Violation

UNIT = re.compile(r"\[([^\]]+)\]")


def number(value: float, digits: int = 3) -> str:
    """A number with so many significant digits, without trailing zeros."""
    return f"{value:.{digits}g}" if abs(value) < 10**digits else f"{value:.0f}"


def share(value: float) -> str:
    """A share of a limit in percent, never rounded over the limit."""
    percent = int(value * 100) if value <= 1 else value * 100
    return f"{percent:.4g} %"


def margin_words(margins: Margins) -> list[tuple[str, str]]:
    """Each margin with its value and unit."""
    found = [
        ("nearest joint limit", f"{number(margins.joint_limit)} rad"),
        ("peak velocity", share(margins.velocity)),
        ("peak acceleration", share(margins.acceleration)),
        ("peak jerk", share(margins.jerk)),
        ("clearance", "nothing near" if margins.clearance is None else f"{number(margins.clearance * 1000)} mm"),
        ("manipulability", number(margins.singularity, 2)),
        ("end error", f"{number(margins.end_error * 1000, 2)} mm"),
    ]
    if margins.stretch > 1.0:
        found.append(("stretched", f"x {number(margins.stretch)}"))
    return found


def violation_facts(violation: Violation) -> list[str]:
    """What was found, what is allowed, when and where, as far as the violation says."""
    unit = f" {violation.unit}" if violation.unit else ""
    facts = []
    if violation.value is not None:
        facts.append(f"found {number(violation.value, 4)}{unit}")
    if violation.limit is not None:
        facts.append(f"allowed {number(violation.limit, 4)}{unit}")
    if violation.t is not None:
        facts.append(f"at {violation.t:.2f} s")
    for kind in ("joint", "link", "object", "segment"):
        name = getattr(violation, kind)
        if name is not None:
            facts.append(f"{kind} {name}")
    return facts


def condition_words(condition: Condition) -> str:
    """A condition as a short phrase, such as "red_block in bowl"."""
    fields = condition.model_dump(mode="json")
    kind, thing = fields.pop("kind"), fields.pop("object")
    rest = [value if isinstance(value, str) else f"{name} {short(value)}" for name, value in fields.items()]
    return f"{thing} {kind.replace('_', ' ')} {' and '.join(rest) if kind == 'between' else ', '.join(rest)}".strip()


def chosen(primitive: SkillParameters) -> dict[str, Any]:
    """The parameters that somebody chose: without the skill's name, what is None, and the defaults that all skills share."""
    fields = primitive.model_dump(mode="json")
    shared = {name: field.default for name, field in SkillParameters.model_fields.items()}
    return {
        name: value
        for name, value in fields.items()
        if name != "kind" and value is not None and (name not in shared or value != shared[name])
    }


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


def units_of(kind: str) -> dict[str, str]:
    """The units of a skill's parameters by field name, as its class states them; empty if the class is not loaded here."""
    classes = {cls.model_fields["kind"].default: cls for cls in SkillParameters.__subclasses__()}
    schema = classes.get(kind, SkillParameters).model_json_schema()
    found: dict[str, set[str]] = {}
    for node in (schema, *schema.get("$defs", {}).values()):
        for name, field in node.get("properties", {}).items():
            found.setdefault(name, set()).update(UNIT.findall(str(field.get("description", ""))))
    return {name: unit for name, units in found.items() if len(units) == 1 and (unit := units.pop()) != "dimensionless"}


def attempts_of(subgoal: SubgoalReport, episode: Episode) -> list[tuple[int, Attempt]]:
    """The attempts at a subgoal, each with its place among all attempts."""
    return [
        (index, attempt)
        for index, attempt in enumerate(episode.attempts)
        if (attempt.subgoal.description, attempt.subgoal.skill, attempt.subgoal.objects)
        == (subgoal.description, subgoal.skill, subgoal.objects)
    ]
