"""The joints of a URDF: those of the robot file move within its limits, the others matter little and are put right."""

from __future__ import annotations

import math
import warnings
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping

import numpy as np
from scipy.spatial.transform import Rotation

from lmp.robots.urdf_findings import UrdfFindings
from lmp.robots.urdf_numbers import number_complaints, numbers
from lmp.robots.urdf_tree import FREE, MOVABLE

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
        if limit is not None:
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
