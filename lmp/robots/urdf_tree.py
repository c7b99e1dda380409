"""The tree of a URDF, links by name with the joint above each, one root, no loops; its numbers, and findings in it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field

from lmp.errors import did_you_mean

NAMED, SHOWN = 8, 160
"""Items of one kind that a warning names [count], and how much of each it shows [characters]."""


@dataclass
class UrdfFindings:
    """Filled while a URDF is looked through.

    Attributes:
        problems: Sentences; any of them keeps the robot from being used.
        changed: Whether anything was put right that a simulator reads.
    """

    problems: list[str] = field(default_factory=list)
    changed: bool = False
    _kinds: dict[str, list[str]] = field(default_factory=dict)

    def note(self, kind: str, item: str) -> None:
        """Tells of one of several faults of a kind, which become one sentence."""
        self._kinds.setdefault(kind, []).append(item)
        self.changed = True

    @property
    def told(self) -> tuple[str, ...]:
        """A warning of each kind."""
        kinds = []
        for kind, items in self._kinds.items():
            more = f" and {len(items) - NAMED} more" if len(items) > NAMED else ""
            kinds.append(f"{kind[0].upper()}{kind[1:]}: {'; '.join(item[:SHOWN] for item in items[:NAMED])}{more}.")
        return tuple(kinds)


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


MOVABLE = ("revolute", "prismatic", "continuous")
"""Types of joints that can be moved."""
FREE = ("floating", "planar", "spherical")
"""Types of joints with several degrees of freedom, which are held where they are."""
TYPES = (*MOVABLE, "fixed", *FREE)
"""Joint types that are known."""
MOST = 30
"""Complaints after which no more are looked for [count]."""
MAX_NAME = 64
"""Longest name of a link or joint [characters]: the longest that a robot file can say."""


@dataclass(frozen=True)
class UrdfTree:
    """The tree of what hangs on what.

    Attributes:
        links: By name.
        joints: By name.
        above: The joint above each link, by the link's name; the root has none.
        complaints: All that is wrong with names, ends and shape; the tables are complete only if there is none.
    """

    links: dict[str, ElementTree.Element]
    joints: dict[str, ElementTree.Element]
    above: dict[str, ElementTree.Element]
    complaints: tuple[str, ...]

    def chain(self, link: str) -> list[ElementTree.Element]:
        """The joints from the root to a link."""
        found: list[ElementTree.Element] = []
        while link in self.above and len(found) <= len(self.joints):
            found.append(self.above[link])
            link = end(self.above[link], "parent")
        return found[::-1]


def end(joint: ElementTree.Element, which: str) -> str:
    """The name of a joint's parent or child link; empty where it says none."""
    element = joint.find(which)
    return "" if element is None else element.attrib.get("link", "")


def urdf_tree(root: ElementTree.Element) -> UrdfTree:
    """The tree of an element `<robot>`."""
    complaints: list[str] = []
    links = _by_name(root, "link", complaints)
    joints = _by_name(root, "joint", complaints)
    above: dict[str, ElementTree.Element] = {}
    for name, joint in joints.items():
        kind = joint.attrib.get("type", "")
        if kind not in TYPES:
            allowed = f"{did_you_mean(kind, TYPES)} Allowed: {', '.join(TYPES)}"
            complaints.append(f"joint {name!r}: its type {kind[:60]!r} is not supported.{allowed}.")
        for which in ("parent", "child"):
            link = end(joint, which)
            if link not in links:
                near = did_you_mean(link, links)
                complaints.append(f"joint {name!r}: its {which} link {link[:60]!r} does not exist.{near}")
        child = end(joint, "child")
        if child in above:
            both = f"{above[child].attrib['name']!r} and {name!r}"
            complaints.append(f"link {child!r} hangs on two joints, {both}: loops are not supported.")
        above.setdefault(child, joint)
        if len(complaints) > MOST:
            break
    if not complaints:
        complaints = _shape(links, above)
    return UrdfTree(links, joints, above, tuple(complaints))


def _by_name(root: ElementTree.Element, tag: str, complaints: list[str]) -> dict[str, ElementTree.Element]:
    found: dict[str, ElementTree.Element] = {}
    for index, element in enumerate(root.findall(tag)):
        name = element.attrib.get("name", "")
        if not 0 < len(name) <= MAX_NAME or not name.isprintable():
            wanted = f"1 to {MAX_NAME} printable characters are needed"
            complaints.append(f"{tag} number {index}: its name is {name!r:.60}; {wanted}.")
        elif name in found:
            complaints.append(f"more than one {tag} is named {name!r}.")
        else:
            found[name] = element
    return found


def _shape(links: dict[str, ElementTree.Element], above: dict[str, ElementTree.Element]) -> list[str]:
    """Complaints about roots and loops of a URDF whose joints all have their ends."""
    roots = [name for name in links if name not in above]
    if not links or not above:
        return ["it has no link or no joint."]
    if len(roots) > 1:
        return [f"it has {len(roots)} roots, one is needed: {', '.join(roots[:8])}."]
    below: dict[str, list[str]] = {}
    for child, joint in above.items():
        below.setdefault(end(joint, "parent"), []).append(child)
    reached, ahead = set(roots), list(roots)
    while ahead:
        for child in below.get(ahead.pop(), []):
            reached.add(child)
            ahead.append(child)
    looped = [name for name in links if name not in reached]
    return [f"its joints go round in a loop: {', '.join(looped[:8])}."] if looped else []
