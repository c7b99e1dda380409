"""Looks at a robot file from its first byte to its rest posture, and says all that is missing or inconsistent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lmp.diagnosis.robots.gripper_check import gripper_findings
from lmp.diagnosis.robots.limits_check import limit_findings, source_findings
from lmp.diagnosis.robots.pairs_check import pair_findings
from lmp.diagnosis.robots.posture_check import posture_findings
from lmp.diagnosis.robots.robot_finding import RobotFinding, Topic
from lmp.diagnosis.robots.robot_models import RobotModels
from lmp.errors import BadFile, SetupFault, UnknownName
from lmp.robots.robot_file import load_robot, robot_urdf
from lmp.schema.robot import RobotDescription


def check_robot(name_or_path: str | Path) -> tuple[RobotFinding, ...]:
    """Everything that is to be said about a robot file; empty if nothing is.

    What cannot be read keeps what needs it from being looked at: the schema first, then the URDF, then the models.

    Raises:
        UnknownName: No robot has that name and it is not a file.
    """
    return tuple(_findings(name_or_path))


def _findings(name_or_path: str | Path) -> Iterator[RobotFinding]:
    try:
        robot = load_robot(name_or_path)
    except UnknownName:
        raise
    except SetupFault as fault:
        yield from _problems("file", fault)
        return
    yield from source_findings(robot)
    try:
        urdf = robot_urdf(robot)
    except SetupFault as fault:
        yield from _problems("urdf", fault)
        return
    yield from (RobotFinding(topic="urdf", weight="warning", message=words) for words in urdf.warnings)
    yield from _chain_findings(robot)
    for chain in robot.held:
        joints = ", ".join(f"{name} {value:.4g}" for name, value in chain.rest.items())
        words = f"Chain {chain.name!r} is held while {robot.chain!r} moves, at {joints}, or where it is observed."
        yield RobotFinding(topic="posture", weight="note", message=words[:1900])
        if chain.tool_link is None:
            continue
        for finding in _chain_findings(robot.moving(chain.name)):
            yield finding.model_copy(update={"message": f"Chain {chain.name!r}: {finding.message}"})


def _chain_findings(robot: RobotDescription) -> Iterator[RobotFinding]:
    """Findings on the chain that moves, the others held at rest."""
    try:
        urdf = robot_urdf(robot)
    except SetupFault as fault:
        yield from _problems("urdf", fault)
        return
    yield from limit_findings(robot, urdf)
    try:
        models = RobotModels.of(robot)
    except SetupFault as fault:
        yield from _problems("urdf", fault)
        return
    yield from posture_findings(models)
    yield from gripper_findings(models, urdf)
    yield from pair_findings(models, urdf)
    if robot.suction is not None:
        words = "It ends in a suction cup, with which no skill works yet: the arm can move, and not grasp."
        yield RobotFinding(topic="gripper", weight="note", message=words)


def _problems(topic: Topic, fault: SetupFault) -> Iterator[RobotFinding]:
    for words in fault.complaints if isinstance(fault, BadFile) else [str(fault)]:
        yield RobotFinding(topic=topic, weight="problem", message=words)
