"""Numbers and units that a prompt speaks of, against the fields of the answer: their ranges and their units.

A number counts as said of a field where it follows the field's name, with nothing between but words such as "of" or "from".
Without backticks it needs a decimal point or a unit, so that "lift 3 things" is not read as a height. It is wrong where it
lies outside the range of every field of that name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from lmp.prompts.examples import prose_of

UNITS = {
    "mm": "mm", "millimetre": "mm", "millimetres": "mm", "cm": "cm", "centimetre": "cm", "centimetres": "cm", "km": "km",
    "millimeter": "mm", "millimeters": "mm", "centimeter": "cm", "centimeters": "cm", "meter": "m", "meters": "m",
    "m": "m", "metre": "m", "metres": "m", "inch": "inch", "inches": "inch", "m/s": "m/s", "mm/s": "mm/s", "cm/s": "cm/s",
    "rad": "rad", "radian": "rad", "radians": "rad", "deg": "deg", "degree": "deg", "degrees": "deg", "°": "deg",
    "s": "s", "second": "s", "seconds": "s", "ms": "ms", "millisecond": "ms", "milliseconds": "ms", "minutes": "min",
    "N": "N", "newton": "N", "newtons": "N", "kg": "kg", "g": "g", "px": "px", "pixel": "px", "pixels": "px",
    "%": "%", "percent": "%",
}  # fmt: skip
"""Words of units, with the unit that they mean."""

_NUMBER = r"[-+]?\d+(?:\.\d+)?"
_UNIT = "(?:" + "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True)) + r")(?![\w/])"
_SAID = r"(?:[ ]*(?:=|:)|[ ]+(?:of|is|to|at|about|up|by|from|between|with|below|above|least|most)){0,3}"
_NUMBERS = re.compile(
    rf"{_SAID}[ ]*(?P<low>{_NUMBER})(?:[ ]*(?:to|and|-|–|\.\.+)[ ]*(?P<high>{_NUMBER}))?[ ]?(?P<unit>{_UNIT})?"
)
_IN_UNIT = re.compile(
    rf"(?:[ ]+(?:is|are|comes|given|measured|as))*[ ]+\(?in[ ]+(?P<unit>{_UNIT})|[ ]*[\[(](?P<other>{_UNIT})[\])]"
)


@dataclass(frozen=True)
class Range:
    """The values that a field of the answer takes.

    Attributes:
        low, high: Its range; infinite where it has none.
        units: The units that its description names.
    """

    low: float
    high: float
    units: frozenset[str]


def number_complaints(text: str, answers: Sequence[type[BaseModel]]) -> Iterator[str]:
    """Numbers outside the ranges of the fields that they are said of, and units that are not those of the fields."""
    ranges = numeric_fields(answers)
    if not ranges:
        return
    known = sorted((re.escape(name) for name in ranges), key=len, reverse=True)
    names = re.compile(rf"(?<![\w`])(?P<tick>`?)(?P<name>{'|'.join(known)})(?P=tick)(?![\w`])")
    for number, line in enumerate(prose_of(text).split("\n"), start=1):
        for found in names.finditer(line):
            name, quoted = found["name"], bool(found["tick"])
            if not quoted and len(name) < 3:
                continue
            for complaint in _line_complaints(line, found.end(), name, quoted, ranges[name]):
                yield f"line {number}: {complaint}"


def _line_complaints(line: str, start: int, name: str, quoted: bool, ranges: Sequence[Range]) -> Iterator[str]:
    said = _NUMBERS.match(line, start)
    in_unit = _IN_UNIT.match(line, start)
    word = said["unit"] if said else (in_unit["unit"] or in_unit["other"]) if in_unit else None
    units = frozenset(unit for found in ranges for unit in found.units)
    if word is not None and units and UNITS[word] not in units:
        yield f"{name} is spoken of in {word}; its unit is {' or '.join(sorted(units))}."
        return
    if said is None or not (quoted or word or "." in said["low"] + (said["high"] or "")):
        return
    for value in (said["low"], said["high"]):
        if value is not None and not any(found.low <= float(value) <= found.high for found in ranges):
            allowed = " or ".join(dict.fromkeys(f"{found.low:g} to {found.high:g}" for found in ranges))
            yield f"{name} {value} is outside its range, which is {allowed}."


def numeric_fields(answers: Sequence[type[BaseModel]]) -> dict[str, list[Range]]:
    """The ranges of the numeric fields, by name."""
    found: dict[str, list[Range]] = {}
    for answer in answers:
        for name, node in _properties(answer.model_json_schema()):
            described = " ".join(_descriptions(node))
            units = frozenset(u for text in re.findall(r"\[([^\]]+)\]", described) for u in re.split(r" or |, ", text))
            for leaf in _numbers(node):
                low = float(leaf.get("minimum", leaf.get("exclusiveMinimum", "-inf")))
                high = float(leaf.get("maximum", leaf.get("exclusiveMaximum", "inf")))
                told = Range(low, high, units)
                if told not in found.setdefault(name, []):
                    found[name].append(told)
    return found


def _properties(node: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property anywhere in a JSON Schema, with its name."""
    if isinstance(node, dict):
        for name, part in node.get("properties", {}).items():
            yield name, part
        for part in node.values():
            yield from _properties(part)
    elif isinstance(node, list):
        for part in node:
            yield from _properties(part)


def _numbers(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The numbers of a property, those of its alternatives and lists too, but not those of other types that it names."""
    if node.get("type") in ("number", "integer"):
        yield node
    for part in (*node.get("anyOf", ()), *node.get("prefixItems", ())):
        yield from _numbers(part)
    if isinstance(node.get("items"), dict):
        yield from _numbers(node["items"])


def _descriptions(node: dict[str, Any]) -> Iterator[str]:
    yield str(node.get("description", ""))
    for part in node.get("anyOf", ()):
        yield str(part.get("description", ""))
