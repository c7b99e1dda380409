"""In what the positions of a robot's joints are measured, as its URDF tells."""

from __future__ import annotations

import functools
from typing import Literal

from lmp.errors import SetupFault
from lmp.robots.robot_file import urdf_place
from lmp.robots.urdf_file import read_urdf
from lmp.schema.robot import RobotDescription

Unit = Literal["rad", "m"]


def joint_units(robot: RobotDescription) -> tuple[Unit, ...]:
    """Of each arm joint: "m" where it slides, "rad" where it turns; "rad" for all where the URDF cannot be read.

    Asked once for each motion that is compiled, so a URDF is read once; what kind a joint is does not change.
    """
    try:
        sliding = _sliding(robot.urdf)
    except (SetupFault, OSError):  # A report is also written where the robot's files are not.
        sliding = frozenset()
    return tuple("m" if name in sliding else "rad" for name in robot.joint_names)


@functools.lru_cache(maxsize=16)
def _sliding(urdf: str) -> frozenset[str]:
    """Names of the joints that slide."""
    joints = read_urdf(urdf_place(urdf)).findall("joint")
    return frozenset(joint.attrib["name"] for joint in joints if joint.attrib["type"] == "prismatic")
