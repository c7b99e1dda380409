"""In what the positions of a robot's joints are measured, as its URDF tells."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Literal

from lmp.errors import SetupFault
from lmp.robots.robot_file import urdf_path
from lmp.robots.urdf_file import read_urdf
from lmp.schema.robot import RobotDescription

Unit = Literal["rad", "m"]


def joint_units(robot: RobotDescription) -> tuple[Unit, ...]:
    """Of each arm joint: "m" where it slides, "rad" where it turns; "rad" for all where the URDF cannot be read."""
    try:
        path = urdf_path(robot)
        sliding = _sliding(path, path.stat().st_mtime_ns)
    except SetupFault:  # A report is also written where the robot's files are not.
        sliding = frozenset()
    return tuple("m" if name in sliding else "rad" for name in robot.joint_names)


@functools.lru_cache(maxsize=16)
def _sliding(path: Path, changed: int) -> frozenset[str]:
    """Names of the joints that slide in a URDF that was last changed at an instant [ns]."""
    joints = read_urdf(path).findall("joint")
    return frozenset(joint.attrib["name"] for joint in joints if joint.attrib["type"] == "prismatic")
