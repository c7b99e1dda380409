"""The numbers of a URDF: as many as belong there, finite, and of a size that a robot can have."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)


@dataclass(frozen=True)
class Allowed:
    """The numbers that an attribute may hold: how many, and their range."""

    count: int
    lower: float
    upper: float

    def __str__(self) -> str:
        many = "one number" if self.count == 1 else f"{self.count} numbers"
        return f"{many} from {self.lower:g} to {self.upper:g}"


_LENGTH, _PLACE, _ANGLES = Allowed(1, 1e-6, 100.0), Allowed(3, -100.0, 100.0), Allowed(3, -100.0, 100.0)
_INERTIA, _PRODUCT = Allowed(1, 0.0, 1e4), Allowed(1, -1e4, 1e4)

ALLOWED: dict[str, dict[str, Allowed]] = {
    "origin": {"xyz": _PLACE, "rpy": _ANGLES},
    "axis": {"xyz": Allowed(3, -1e3, 1e3)},
    "mass": {"value": Allowed(1, 0.0, 1e4)},
    "inertia": {**dict.fromkeys(("ixx", "iyy", "izz"), _INERTIA), **dict.fromkeys(("ixy", "ixz", "iyz"), _PRODUCT)},
    "limit": {
        "lower": Allowed(1, -1e3, 1e3),
        "upper": Allowed(1, -1e3, 1e3),
        "velocity": Allowed(1, 0.0, 1e4),
        "effort": Allowed(1, 0.0, 1e6),
    },
    "box": {"size": Allowed(3, 1e-6, 100.0)},
    "sphere": {"radius": _LENGTH},
    "cylinder": {"radius": _LENGTH, "length": _LENGTH},
    "capsule": {"radius": _LENGTH, "length": _LENGTH},
    "mesh": {"scale": Allowed(3, -1e4, 1e4)},
    "mimic": {"multiplier": Allowed(1, -1e3, 1e3), "offset": Allowed(1, -1e3, 1e3)},
    "dynamics": {"damping": Allowed(1, 0.0, 1e6), "friction": Allowed(1, 0.0, 1e6)},
    "color": {"rgba": Allowed(4, 0.0, 1.0)},
}
"""Attributes that hold numbers, by element; lengths in m, angles in rad, masses in kg."""

NEEDED = {
    "mass": ("value",),
    "inertia": ("ixx", "iyy", "izz"),
    "box": ("size",),
    "sphere": ("radius",),
    "cylinder": ("radius", "length"),
    "capsule": ("radius", "length"),
    "axis": ("xyz",),
}


def numbers(text: str) -> tuple[float, ...] | None:
    """The numbers of an attribute; None if it holds anything else."""
    words = text.split()
    return tuple(float(word) for word in words) if all(_NUMBER.fullmatch(word) for word in words) else None


def number_complaints(owner: ElementTree.Element, place: str) -> list[str]:
    """Complaints about the numbers anywhere in a link or a joint."""
    found = []
    for element in owner.iter():
        allowed = ALLOWED.get(element.tag, {})
        missing = [name for name in NEEDED.get(element.tag, ()) if name not in element.attrib]
        found += [f"{place}: <{element.tag}> needs `{name}`, {allowed[name]}." for name in missing]
        for name, rule in allowed.items():
            text = element.attrib.get(name)
            if text is not None and not _fits(text, rule):
                found.append(f"{place}: <{element.tag} {name}> has to be {rule}, got {text!r:.60}.")
    return found


def _fits(text: str, rule: Allowed) -> bool:
    values = numbers(text)
    return values is not None and len(values) == rule.count and all(rule.lower <= value <= rule.upper for value in values)
