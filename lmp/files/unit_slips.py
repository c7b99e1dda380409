"""Units of a schema's numbers, and slips of the unit: 12 where 0.12 m was meant, 90 where a quarter turn was."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

_UNIT = re.compile(r"\[([^\]\[]{1,24})\]")
_WITH_UNIT = re.compile(r"\s*([-+]?\d{1,12}(?:\.\d{1,12})?)\s*([^\d\s.,][^\d]{0,15}?)\s*")


@dataclass(frozen=True)
class Slip:
    """A unit that people and models write where another one is asked for.

    Attributes:
        name: In words.
        signs: How it is written.
        factor: What a number of it is multiplied with.
    """

    name: str
    signs: tuple[str, ...]
    factor: float


_DEGREES = Slip("degrees", ("degrees", "deg", "degree", "°"), math.pi / 180)
_PERCENT = Slip("percent", ("%", "percent"), 0.01)
_METRES = (
    Slip("centimetres", ("cm", "centimetre", "centimetres", "centimeter", "centimeters"), 0.01),
    Slip("millimetres", ("mm", "millimetre", "millimetres", "millimeter", "millimeters"), 0.001),
)
_SHARES = (_PERCENT, Slip("thousandths", ("‰", "thousandths"), 0.001))
SLIPS: dict[str, tuple[Slip, ...]] = {
    "m": _METRES,
    "m/s": tuple(Slip(f"{slip.name} per second", (f"{slip.signs[0]}/s",), slip.factor) for slip in _METRES),
    "rad": (_DEGREES,),
    "rad/s": (Slip("degrees per second", ("degrees/s", "deg/s", "°/s"), _DEGREES.factor),),
    "s": (Slip("milliseconds", ("ms", "milliseconds", "millisecond"), 0.001),),
    "kg": (Slip("grams", ("g", "gram", "grams"), 0.001),),
    "dimensionless": _SHARES,
    "1": _SHARES,
}
"""Slips of each unit, the likeliest first."""
_SAME = {
    "m": ("m", "metre", "metres", "meter", "meters"),
    "rad": ("rad", "radian", "radians"),
    "s": ("s", "sec", "second", "seconds"),
}


def unit_in(description: str) -> str | None:
    """The unit that a description says in brackets, None where it says none."""
    found = _UNIT.findall(description)
    return found[-1] if found else None


def in_unit(number: float, unit: str | None) -> str:
    """A number with its unit."""
    return f"{number:g}" if unit in (None, "dimensionless", "1") else f"{number:g} {unit}"


def slip_words(value: object, unit: str | None, node: dict[str, Any]) -> str:
    """The slip that a number outside of its range may be, in a sentence; empty where none would bring it into the range.

    Args:
        value: What came.
        unit: The unit that is asked for.
        node: The JSON Schema of the number.
    """
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        return ""
    for slip in SLIPS.get(unit or "", ()):
        meant = value * slip.factor
        if value and fits(meant, node):
            return f" In {slip.name}, perhaps? {value:g} {slip.signs[0]} are {_rounded(meant, unit)}."
    return ""


def text_words(text: str, unit: str | None) -> str:
    """Say what to write for a number that came as a text with a unit; empty where it is no such text."""
    found = _WITH_UNIT.fullmatch(text[:60])
    if found is None or unit is None:
        return ""
    number, sign = float(found.group(1)), found.group(2).lower()
    factor = next((slip.factor for slip in SLIPS.get(unit, ()) if sign in slip.signs), None)
    if factor is None and sign in (unit, *_SAME.get(unit, ())):
        factor = 1.0
    if factor is None:
        return f" A number of {unit} without its unit is needed."
    return f" Write the number alone: {found.group(1)} {found.group(2)} are {_rounded(number * factor, unit)}."


def fits(value: float, node: dict[str, Any]) -> bool:
    """True if a number is within the range of a JSON Schema."""
    least, most = float(node.get("minimum", -math.inf)), float(node.get("maximum", math.inf))
    above, below = float(node.get("exclusiveMinimum", -math.inf)), float(node.get("exclusiveMaximum", math.inf))
    return least <= value <= most and above < value < below


def _rounded(value: float, unit: str | None) -> str:
    return in_unit(float(f"{value:.4g}"), unit)
