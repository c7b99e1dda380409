"""The links and joints of a URDF: read, checked, and put right where an arm can do without."""

from __future__ import annotations

import math
import warnings
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from lmp.errors import did_you_mean
from lmp.robots.urdf_meshes import find_mesh
from lmp.robots.urdf_tree import FREE, MOVABLE, UrdfFindings, number_complaints, numbers

SHAPES = ("box", "sphere", "cylinder", "capsule", "mesh")
PLACEHOLDER_MASS, PLACEHOLDER_INERTIA = "0.5", "0.001"
"""Mass [kg] and moments of inertia [kg m^2] of a link that has none in the URDF; no check of a motion uses them."""
NEGLIGIBLE = -1e-6
"""A moment of inertia that is negative by no more than this is rounding [kg m^2]."""


def settle_link(link: ElementTree.Element, moved: bool, urdf: Path, packages: Mapping[str, str], found: UrdfFindings) -> None:
    """Puts a link right where that is possible, and tells what is wrong or was changed.

    Its shapes to be felt must all be readable: a link that lost one would be in no collision check.

    Args:
        link: It is changed: names of meshes become paths, what is put right is written.
        moved: Whether a joint moves it.
        urdf: The file that it is from.
        packages: Folders of packages by name.
        found: What is told.
    """
    place = f"link {link.attrib['name']!r}"
    _settle_inertia(link, moved, found)
    for piece in link.findall("collision"):
        found.problems += _piece_complaints(piece, place, urdf, packages, found)
    for piece in link.findall("visual"):
        complaints = _piece_complaints(piece, place, urdf, packages, found)
        if complaints:
            link.remove(piece)
            found.note("shapes to be seen that are left out", complaints[0].rstrip("."))
    if link.find("visual") is not None and link.find("collision") is None:
        found.note("links with a shape to be seen and none to be felt, which no collision check sees", link.attrib["name"])


def _piece_complaints(
    piece: ElementTree.Element, place: str, urdf: Path, packages: Mapping[str, str], found: UrdfFindings
) -> list[str]:
    """Complaints about a piece; the file of its mesh is written into it."""
    for material in piece.findall("material"):
        if number_complaints(material, place):
            piece.remove(material)
    shapes = piece.findall("geometry/*")
    if len(shapes) != 1:
        told = ", ".join(shape.tag for shape in shapes)[:60] or "none"
        return [f"{place}: its <{piece.tag}> needs a <geometry> with one shape of {', '.join(SHAPES)}; it has {told}."]
    (shape,) = shapes
    if shape.tag not in SHAPES:
        near = did_you_mean(shape.tag, SHAPES)
        return [f"{place}: there is no shape <{shape.tag[:60]}>.{near} Known: {', '.join(SHAPES)}."]
    complaints = number_complaints(piece, place)
    if shape.tag == "mesh":
        if 0.0 in (numbers(shape.attrib.get("scale", "1")) or ()):
            complaints.append(f"{place}: <mesh scale> must not be 0, got {shape.attrib['scale']!r:.60}.")
        named = shape.attrib.get("filename", "")
        file = find_mesh(named, urdf, packages)
        if isinstance(file, str):
            complaints.append(f"{place}: {file}.")
        else:
            shape.attrib["filename"] = str(file)
            found.changed |= file not in [folder / named.partition("://")[2] for folder in urdf.parents[:3]]
    return complaints


def _settle_inertia(link: ElementTree.Element, moved: bool, found: UrdfFindings) -> None:
    inertial = link.find("inertial")
    if inertial is None and not moved:
        return
    name, inertia = link.attrib["name"], None if inertial is None else inertial.find("inertia")
    if inertia is not None:
        for word in ("ixx", "iyy", "izz"):
            value = numbers(inertia.attrib.get(word, ""))
            if value and len(value) == 1 and NEGLIGIBLE <= value[0] < 0.0:
                inertia.attrib[word] = "0"
    mass = None if inertial is None else inertial.find("mass")
    missing = mass is None or inertia is None or numbers(mass.attrib.get("value", "")) == (0.0,)
    if inertial is not None and not number_complaints(inertial, name) and not (missing and moved):
        return
    if inertial is not None:
        link.remove(inertial)
    if moved:
        new = ElementTree.SubElement(link, "inertial")
        ElementTree.SubElement(new, "mass", value=PLACEHOLDER_MASS)
        moments = {**dict.fromkeys(("ixx", "iyy", "izz"), PLACEHOLDER_INERTIA), **dict.fromkeys(("ixy", "ixz", "iyz"), "0")}
        ElementTree.SubElement(new, "inertia", moments)
        found.note(f"links without a usable inertia, which get {PLACEHOLDER_MASS} kg for simulations", name)


EFFORT = "100"
"""Force of a joint for which the URDF says none, which simulators need [N m] or [N]."""
SPEED = 1.0
"""Speed of a joint of the gripper for which the URDF says none [rad/s] or [m/s]."""
AXIS_ROUNDING = 1e-3
"""Deviation of an axis's length from 1 that is not told [dimensionless]."""
Span = tuple[float, float, float]
"""Lower end, upper end and speed of a joint of the robot file [rad], [rad], [rad/s]; or [m], [m/s]."""


def settle_joint(
    joint: ElementTree.Element, spans: Mapping[str, Span], known: Mapping[str, object], found: UrdfFindings
) -> None:
    """Puts a joint right where that is possible, and tells what is wrong or was changed.

    Args:
        joint: It is changed: its axis gets length 1; one that never ends and that the robot file gives a range turns in it.
        spans: Ranges of the joints that the robot file names, by name.
        known: Joints of the URDF, by name.
        found: What is told.
    """
    name, kind = joint.attrib["name"], joint.attrib.get("type", "")
    place, used = f"joint {name!r}", name in spans
    origin = joint.find("origin")
    if origin is not None:
        found.problems += number_complaints(origin, place)
    _settle_mimic(joint, known, found)
    dynamics = joint.find("dynamics")
    if dynamics is not None and number_complaints(dynamics, place):
        joint.remove(dynamics)
    if kind in FREE and not used:
        _fix(joint)
        found.note(f"joints that are {kind} and are held where they are", name)
    elif kind in MOVABLE:
        complaint = _settle_axis(joint, place)
        if complaint is not None and used:
            found.problems.append(complaint)
        elif complaint is not None:
            _fix(joint)
            found.note("joints without a usable axis, which are held where they are", name)
        elif used:
            _settle_used(joint, spans[name], found)
        else:
            _settle_unused(joint, found)


def _settle_axis(joint: ElementTree.Element, place: str) -> str | None:
    """Gives the axis length 1; what is wrong with one that is none."""
    axis = joint.find("axis")
    if axis is None:
        return None
    complaints = number_complaints(axis, place)
    if complaints:
        return complaints[0]
    direction = numbers(axis.attrib["xyz"]) or ()
    length = math.hypot(*direction)
    if length < AXIS_ROUNDING:
        return f"{place}: its axis has to have a direction, got {direction} of length {length:.3g}."
    if length != 1.0:
        axis.attrib["xyz"] = " ".join(repr(value / length) for value in direction)
    return None


def _settle_used(joint: ElementTree.Element, span: Span, found: UrdfFindings) -> None:
    """The limits of a joint that the robot file names, where the URDF has none that can be."""
    name, limit = joint.attrib["name"], joint.find("limit")
    if joint.attrib["type"] == "continuous":
        joint.attrib["type"] = "revolute"
        found.note("joints that turn without end in the URDF, and here in the range of the robot file", name)
        limit = ElementTree.SubElement(joint, "limit") if limit is None else limit
        limit.attrib.update(lower=repr(span[0]), upper=repr(span[1]))
    if limit is None:
        limit = ElementTree.SubElement(joint, "limit")
    told = {}
    lower, upper = (_one(limit.attrib.get(word, "0")) for word in ("lower", "upper"))
    if lower is None or upper is None or not lower < upper:
        given = " to ".join(limit.attrib.get(word, "none") for word in ("lower", "upper"))
        told["range"] = f"{given:.60}, here {span[0]:.4g} to {span[1]:.4g}"
        limit.attrib.update(lower=repr(span[0]), upper=repr(span[1]))
    for word, instead in (("velocity", repr(span[2])), ("effort", EFFORT)):
        value = _one(limit.attrib.get(word, ""))
        if value is None or value <= 0.0 or number_complaints_of(limit, word):
            told[word] = f"{limit.attrib.get(word, 'none'):.40}, here {float(instead):.4g}"
            limit.attrib[word] = instead
    for word, words in told.items():
        found.note(f"joints whose {word} cannot be that of the URDF", f"{name} ({words})")


def _settle_unused(joint: ElementTree.Element, found: UrdfFindings) -> None:
    """The limits of a joint that nothing moves: parsers want some."""
    limit = joint.find("limit")
    good = limit is not None and not number_complaints(limit, "")
    if joint.attrib["type"] == "continuous" and (good or limit is None):
        return
    if limit is None:
        limit = ElementTree.SubElement(joint, "limit")
    if not good:
        limit.attrib.clear()
        limit.attrib.update(lower="-1", upper="1", velocity="1", effort="1")
        found.note("joints that nothing moves, and whose limits are left out", joint.attrib["name"])
    for word in ("velocity", "effort"):
        limit.attrib.setdefault(word, "1")


def _settle_mimic(joint: ElementTree.Element, known: Mapping[str, object], found: UrdfFindings) -> None:
    """Takes out what cannot be followed."""
    mimic = joint.find("mimic")
    if mimic is not None and (mimic.attrib.get("joint") not in known or number_complaints(mimic, "")):
        joint.remove(mimic)
        found.note("joints that follow one that is not there, and follow nothing", joint.attrib["name"])


def number_complaints_of(limit: ElementTree.Element, word: str) -> bool:
    """True if one number of a limit is out of all proportion."""
    return bool(number_complaints(ElementTree.Element("limit", {word: limit.attrib[word]}), ""))


def hold_joint(joint: ElementTree.Element, value: float) -> None:
    """Makes a joint that moves a fixed one, where it is held [rad] or [m]."""
    origin, axis = joint.find("origin"), joint.find("axis")
    if origin is None:
        origin = ElementTree.SubElement(joint, "origin")
    xyz, rpy = (np.array(numbers(origin.attrib.get(word, "0 0 0"))) for word in ("xyz", "rpy"))
    direction = np.array([1.0, 0.0, 0.0] if axis is None else numbers(axis.attrib["xyz"]))
    turn = Rotation.from_euler("xyz", rpy)
    if joint.attrib["type"] == "prismatic":
        xyz = xyz + turn.apply(value * direction)
    else:
        turn = turn * Rotation.from_rotvec(value * direction)
    with warnings.catch_warnings():  # At the pole of the three angles, where any of the equal choices will do.
        warnings.simplefilter("ignore", UserWarning)
        rpy = turn.as_euler("xyz")
    origin.attrib.update(xyz=" ".join(map(repr, xyz.tolist())), rpy=" ".join(map(repr, rpy.tolist())))
    _fix(joint)


def _one(text: str) -> float | None:
    values = numbers(text)
    return values[0] if values is not None and len(values) == 1 else None


def _fix(joint: ElementTree.Element) -> None:
    joint.attrib["type"] = "fixed"
    for tag in ("axis", "limit", "mimic", "dynamics"):
        for element in joint.findall(tag):
            joint.remove(element)
