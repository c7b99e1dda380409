"""A robot's URDF as the library uses it: checked against the robot file, put right where that is harmless."""

from __future__ import annotations

import functools
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lmp.errors import BadFile, did_you_mean
from lmp.robots.urdf_file import read_urdf
from lmp.robots.urdf_findings import UrdfFindings
from lmp.robots.urdf_joints import SPEED, Span, hold_joint, settle_joint
from lmp.robots.urdf_links import settle_link
from lmp.robots.urdf_tree import FREE, MOST, MOVABLE, UrdfTree, end, urdf_tree
from lmp.schema.robot import RobotDescription


@dataclass(frozen=True, eq=False)
class UrdfModel:
    """The parts of a URDF that are used; its elements are not to be changed.

    Attributes:
        path: The file.
        root: The element `<robot>`, put right; names of meshes are paths.
        tree: Its links and joints.
        warnings: What was put right, and what no check sees.
        changed: Whether the file itself would be read otherwise by a simulator.
    """

    path: Path
    root: ElementTree.Element
    tree: UrdfTree
    warnings: tuple[str, ...]
    changed: bool

    @functools.cached_property
    def kinematics_xml(self) -> str:
        """Its links and joints alone, without shapes."""
        bare = ElementTree.Element("robot", name="robot")
        for name in self.tree.links:
            ElementTree.SubElement(bare, "link", name=name)
        for joint in self.tree.joints.values():
            copy = ElementTree.SubElement(bare, "joint", joint.attrib)
            copy.extend([part for part in joint if part.tag in ("origin", "parent", "child", "axis", "limit")])
        return ElementTree.tostring(bare, encoding="unicode")


def settled_urdf(path: Path, description: RobotDescription) -> UrdfModel:
    """The URDF of a robot; what goes wrong later is found here, all of it at once.

    Raises:
        BadFile: It is no URDF, no tree, has shapes that cannot be read, or is another robot's.
    """
    root = read_urdf(path)
    tree, found = urdf_tree(root), UrdfFindings()
    found.problems += tree.complaints
    spans = _spans(description)
    for joint in tree.joints.values():
        settle_joint(joint, spans, tree.joints, found)
    moved = {end(joint, "child") for joint in tree.joints.values() if joint.attrib.get("type") in MOVABLE}
    for name, link in tree.links.items():
        settle_link(link, name in moved, path, description.packages, found)
    if tree.joints:
        found.problems += _names(tree, description) or ([] if tree.complaints else _chain(tree, description))
    if found.problems:
        more = [f"And {len(found.problems) - MOST} more."] if len(found.problems) > MOST else []
        raise BadFile(str(path), [*found.problems[:MOST], *more])
    for name, value in description.held_rest.items():
        hold_joint(tree.joints[name], value)
        found.changed = True
    return UrdfModel(path, root, tree, found.told, found.changed)


def _spans(description: RobotDescription) -> dict[str, Span]:
    """Ranges and speeds of the joints that the robot file names."""
    spans = {joint.name: (joint.lower, joint.upper, joint.velocity) for joint in description.joints}
    positions = description.finger_positions([0.0, description.max_width])
    for name, (first, last) in zip(description.finger_joints, positions.T, strict=True):
        spans[name] = (float(min(first, last)), float(max(first, last)), SPEED)
    for chain in description.held:
        spans.update({joint.name: (joint.lower, joint.upper, joint.velocity) for joint in chain.joints})
        spans.update({name: (chain.rest[name], chain.rest[name], SPEED) for name in chain.finger_joints})
    return spans


def _names(tree: UrdfTree, description: RobotDescription) -> list[str]:
    """Names of the robot file that the URDF does not have."""
    fingers = ((name, "gripper.joints") for name in description.finger_joints)
    held = [(name, f"chain {chain.name!r}") for chain in description.held for name in chain.rest]
    joints = [*((name, "joints") for name in description.joint_names), *fingers, *held]
    links = [
        (description.tool_link, "tool_link"),
        *((name, "gripper.links") for name in description.finger_links),
        *((chain.tool_link, f"chain {chain.name!r}") for chain in description.held if chain.tool_link is not None),
        *((name, "suction.links") for name in (() if description.suction is None else description.suction.links)),
        *((name, "ignored_pairs") for pair in description.ignored_pairs for name in pair),
    ]
    found = [*_unknown("joint", joints, tree.joints), *_unknown("link", links, tree.links)]
    for name, field in joints:
        kind = tree.joints[name].attrib.get("type") if name in tree.joints else None
        if kind in (*FREE, "fixed"):
            found.append(f"joint {name!r} ({field} of the robot file) is {kind}; it has to be {' or '.join(MOVABLE)}.")
    return found


def _unknown(kind: str, names: Iterable[tuple[str, str]], known: Iterable[str]) -> list[str]:
    listed = list(known)
    found = [
        f"the robot file names a {kind} {name!r} ({field}) that is not there.{did_you_mean(name, listed)}"
        for name, field in dict.fromkeys(names)
        if name not in listed
    ][:MOST]
    if found:
        found[-1] += f" Known {kind}s: {', '.join(listed[:40]) or 'none'}."
    return found


def _chain(tree: UrdfTree, description: RobotDescription) -> list[str]:
    """The joints of each chain have to lead to its tool, in the order of the robot file."""
    found = _leads(tree, description.tool_link, description.joint_names)
    for chain in description.held:
        if chain.tool_link is not None:
            names = tuple(joint.name for joint in chain.joints)
            found += [f"chain {chain.name!r}: {words}" for words in _leads(tree, chain.tool_link, names)]
    return found


def _leads(tree: UrdfTree, tool_link: str, names: tuple[str, ...]) -> list[str]:
    chain = [joint.attrib["name"] for joint in tree.chain(tool_link)]
    missing = [name for name in names if name not in chain]
    if missing:
        return [f"no chain to the tool link {tool_link!r} moves {', '.join(missing)}; it has {', '.join(chain)}."]
    right = sorted(names, key=chain.index)
    return [] if right == list(names) else [f"the robot file does not list its joints from base to tip: {', '.join(right)}."]
