"""Whether a URDF can be what a robot file says it is, before any simulator or solver sees it."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from pathlib import Path

from lmp.errors import BadFile, did_you_mean
from lmp.robots.urdf_file import read_urdf
from lmp.robots.urdf_geometry import geometry_complaints
from lmp.robots.urdf_meshes import mesh_complaint
from lmp.robots.urdf_numbers import number_complaints, numbers
from lmp.robots.urdf_tree import MOST, UrdfTree, urdf_tree
from lmp.schema.robot import RobotDescription

MOVABLE = ("revolute", "prismatic")
"""Types that a joint of the robot file may have."""


def check_urdf(path: Path, description: RobotDescription) -> None:
    """Checks everything that is known to go wrong later, and says all of it at once.

    Raises:
        BadFile: The URDF is not one, is not a tree, holds numbers that cannot be, lacks files, or is of another robot.
    """
    root = read_urdf(path)
    tree = urdf_tree(root)
    found = list(tree.complaints)
    for kind, table in (("link", tree.links), ("joint", tree.joints)):
        for name, element in table.items():
            found += number_complaints(element, f"{kind} {name!r}")
            if kind == "link":
                found += geometry_complaints(element, f"link {name!r}")
    found += _meshes(tree, path)
    for name, joint in tree.joints.items():
        found += _motion(joint, name, tree)
    if tree.joints:
        found += _names(tree, description) or ([] if tree.complaints else _chain(tree, description))
    if found:
        more = [f"And {len(found) - MOST} more."] if len(found) > MOST else []
        raise BadFile(str(path), [*found[:MOST], *more])


def _meshes(tree: UrdfTree, path: Path) -> list[str]:
    found = []
    for name, link in tree.links.items():
        for filename in dict.fromkeys(mesh.attrib.get("filename", "") for mesh in link.iter("mesh")):
            complaint = mesh_complaint(filename, path)
            if complaint is not None:
                found.append(f"link {name!r}: {complaint}.")
    return found


def _motion(joint: ElementTree.Element, name: str, tree: UrdfTree) -> list[str]:
    """Axis, range and moved mass of a joint that moves."""
    kind = joint.attrib.get("type")
    if kind not in (*MOVABLE, "continuous"):
        return []
    found = []
    axis = joint.find("axis")
    direction = numbers(axis.attrib.get("xyz", "")) if axis is not None else (1.0, 0.0, 0.0)
    if direction is not None and len(direction) == 3 and abs(math.hypot(*direction) - 1.0) > 1e-3:
        length = math.hypot(*direction)
        found.append(f"joint {name!r}: its axis has to have length 1, got {direction} of length {length:.3g}.")
    limit = joint.find("limit")
    if kind in MOVABLE:
        found += _range(limit, name)
    child = joint.find("child")
    link = tree.links.get(child.attrib.get("link", "")) if child is not None else None
    mass = None if link is None else link.find("inertial/mass")
    if link is not None and (mass is None or link.find("inertial/inertia") is None):
        found.append(f"link {link.attrib['name']!r}: it is moved by {name!r} and has no <inertial> with <mass> and <inertia>.")
    elif mass is not None and numbers(mass.attrib.get("value", "")) == (0.0,):
        found.append(f"link {link.attrib['name']!r}: it is moved by {name!r} and has no mass; more than 0 kg is needed.")  # type: ignore[union-attr]
    return found


def _range(limit: ElementTree.Element | None, name: str) -> list[str]:
    if limit is None:
        return [f"joint {name!r}: it has no <limit lower upper effort velocity>."]
    found = []
    ends = [numbers(limit.attrib.get(word, "0")) for word in ("lower", "upper")]
    if all(end is not None and len(end) == 1 for end in ends):
        (lower,), (upper,) = ends[0] or (0.0,), ends[1] or (0.0,)
        if not lower < upper:
            found.append(f"joint {name!r}: its range has to go from lower to upper, got {lower:g} to {upper:g}.")
    for word in ("effort", "velocity"):
        value = limit.attrib.get(word)
        if value is None or numbers(value) == (0.0,):
            found.append(f"joint {name!r}: <limit {word}> has to be above 0, got {value!r:.60}.")
    return found


def _names(tree: UrdfTree, description: RobotDescription) -> list[str]:
    """Names of the robot file that the URDF does not have."""
    fingers = ((name, "gripper.joints") for name in description.finger_joints)
    joints = [*((name, "joints") for name in description.joint_names), *fingers]
    links = [
        (description.tool_link, "tool_link"),
        *((name, "gripper.links") for name in description.finger_links),
        *((name, "ignored_pairs") for pair in description.ignored_pairs for name in pair),
    ]
    found = [*_unknown("joint", joints, tree.joints), *_unknown("link", links, tree.links)]
    for name, field in joints:
        kind = tree.joints[name].attrib.get("type") if name in tree.joints else None
        if kind is not None and kind not in MOVABLE:
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
    """The arm's joints have to lead to the tool, in the order of the robot file."""
    chain = [joint.attrib["name"] for joint in tree.chain(description.tool_link)]
    names = list(description.joint_names)
    missing = [name for name in names if name not in chain]
    if missing:
        return [f"no chain to the tool link {description.tool_link!r} moves {', '.join(missing)}; it has {', '.join(chain)}."]
    right = sorted(names, key=chain.index)
    return [] if right == names else [f"the robot file does not list its joints from base to tip: {', '.join(right)}."]
