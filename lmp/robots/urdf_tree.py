"""The tree of a URDF: links by name, the joint above each, one root, no loops."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass

from lmp.errors import did_you_mean

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
