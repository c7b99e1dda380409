"""The limits of a robot file: whether they have a source, and how they compare with those of its URDF."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping

from lmp.diagnosis.robots.robot_finding import RobotFinding
from lmp.robots.urdf_model import UrdfModel
from lmp.schema.robot import JointLimits, RobotDescription

ASSUMED = "assumed"
"""Marks a source whose figures are not the maker's."""
ROUNDING = 1e-3
"""Difference of two limits that is only rounding, as a share [dimensionless] and as an angle [rad]."""


def source_findings(robot: RobotDescription) -> Iterator[RobotFinding]:
    """Findings on limits that have no source, or are assumed."""
    silent = [joint.name for joint in robot.joints if not joint.source.strip()]
    if silent:
        words = f"No source is given for the limits of {', '.join(silent)}."
        yield RobotFinding(topic="sources", weight="warning", message=words, hint=f"Say where they come from, or {ASSUMED!r}.")
    for source in dict.fromkeys(joint.source for joint in robot.joints):
        if ASSUMED in source.lower():
            names = ", ".join(joint.name for joint in robot.joints if joint.source == source)
            yield RobotFinding(topic="sources", weight="note", message=f"Assumed figures in the limits of {names}: {source}.")
    gripper = robot.gripper
    if gripper is not None and not gripper.source.strip():
        words = "No source is given for the gripper's width, speed and forces."
        yield RobotFinding(topic="sources", weight="warning", message=words, hint="Fill `source` in [gripper].")
    elif gripper is not None and ASSUMED in gripper.source.lower():
        yield RobotFinding(topic="sources", weight="note", message=f"Assumed figures in the gripper: {gripper.source}.")


def limit_findings(robot: RobotDescription, urdf: UrdfModel) -> Iterator[RobotFinding]:
    """Findings where the file allows more than its URDF, or less; and on joints of the URDF that nothing moves."""
    joints = {element.attrib["name"]: element for element in urdf.root.findall("joint")}
    narrower = [limits.name for limits in robot.joints if _is_narrower(limits, *_range(joints[limits.name]))]
    for limits in robot.joints:
        yield from _compared(limits, joints[limits.name])
    if narrower:
        words = f"The range of {', '.join(narrower)} is narrower than in the URDF."
        yield RobotFinding(topic="limits", weight="note", message=words)
    yield from _followers(robot, joints)
    known = {*robot.joint_names, *robot.finger_joints, *robot.held_rest}
    left = {name: joint for name, joint in joints.items() if name not in known and joint.attrib["type"] != "fixed"}
    for name, joint in left.items():
        kind = "turns without end" if joint.attrib["type"] == "continuous" else "moves"
        leader = joint.find("mimic")
        if leader is not None and leader.attrib.get("joint") in known:
            words = f"Joint {name!r} follows {leader.attrib['joint']!r} in the URDF, and the robot file does not name it."
            hint = "Add it to gripper.joints, with gripper.ratios where it turns by another amount; else it stays at 0."
            yield RobotFinding(topic="urdf", weight="warning", message=words, hint=hint)
        else:
            words = f"Joint {name!r} {kind} in the URDF, and the robot file does not name it: it stays at 0."
            yield RobotFinding(topic="urdf", weight="note", message=words)


def _followers(robot: RobotDescription, joints: Mapping[str, ElementTree.Element]) -> Iterator[RobotFinding]:
    """Findings on joints of the arm that another drives: a linkage, which plans that move the two apart would break."""
    for name in robot.joint_names:
        leader = joints[name].find("mimic")
        if leader is not None:
            words = f"Joint {name!r} of the arm follows {leader.attrib['joint']!r} in the URDF; here it is moved by itself."
            hint = "Use this file only if the joint has a motor of its own; else leave it out, and it stays at 0."
            yield RobotFinding(topic="urdf", weight="warning", message=words, hint=hint)


def _compared(limits: JointLimits, joint: ElementTree.Element) -> Iterator[RobotFinding]:
    lower, upper, velocity = _range(joint)
    unit, moves = ("m", "slide") if joint.attrib["type"] == "prismatic" else ("rad", "turn")
    ours, theirs = f"{limits.lower:.4g} to {limits.upper:.4g} {unit}", f"{lower:.4g} to {upper:.4g} {unit}"
    if limits.lower < lower - ROUNDING or limits.upper > upper + ROUNDING:
        words = f"Joint {limits.name!r} may go from {ours}; the URDF's range, where simulators stop it, is {theirs}."
        yield RobotFinding(topic="limits", weight="warning", message=words, hint="Narrow the range, or correct the URDF.")
    if limits.velocity > velocity * (1.0 + ROUNDING):
        ours, theirs = f"{limits.velocity:.4g} {unit}/s", f"{velocity:.4g} {unit}/s"
        words = f"Joint {limits.name!r} may {moves} at {ours}; the URDF allows {theirs}."
        yield RobotFinding(topic="limits", weight="warning", message=words, hint="Look up which of the two the maker gives.")


def _range(joint: ElementTree.Element) -> tuple[float, float, float]:
    """Lower end, upper end and speed of a joint in the URDF [rad], [rad], [rad/s]."""
    limit = joint.find("limit")
    assert limit is not None, "the URDF has been checked"
    lower, upper, velocity = (float(limit.attrib.get(word, "0")) for word in ("lower", "upper", "velocity"))
    return lower, upper, velocity


def _is_narrower(limits: JointLimits, lower: float, upper: float, velocity: float) -> bool:
    wider = limits.lower < lower - ROUNDING or limits.upper > upper + ROUNDING
    return not wider and (limits.lower > lower + ROUNDING or limits.upper < upper - ROUNDING)
