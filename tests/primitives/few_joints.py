"""Arms of fewer than six joints, as URDF and robot file: two of five joints as hobbyists have them, and a SCARA of four."""

from __future__ import annotations

import itertools
import tempfile
from functools import cache
from pathlib import Path

from lmp.schema.pose import Pose
from lmp.schema.robot import GripperDescription, JointLimits, RobotDescription

INERTIAL = '<inertial><mass value="0.1"/><inertia ixx="1e-4" iyy="1e-4" izz="1e-4" ixy="0" ixz="0" iyz="0"/></inertial>'
Joint = tuple[str, str, str, str, float, float, float]
"""Origin xyz, rpy, kind, axis, lower and upper end of the range, rest."""

# The axes are square to each other only as far as files write a right angle: 1.5708.
SMALL: tuple[Joint, ...] = (
    ("0 0 0.06", "0 0 0", "revolute", "0 0 1", -1.9, 1.9, 0.0),
    ("0.03 0 0.06", "0 0 0", "revolute", "0 1 0", -1.75, 1.75, -0.5),
    ("0.028 0 0.113", "0 0 0", "revolute", "0 1 0", -1.69, 1.69, 0.8),
    ("0.135 0 0", "0 0 0", "revolute", "0 1 0", -1.66, 1.66, 1.2),
    ("0.06 0 0", "0 1.5708 0", "revolute", "0 0 1", -2.74, 2.74, 0.05),
)
LARGE: tuple[Joint, ...] = (
    ("0 0 0.07", "0 0 0", "revolute", "0 0 1", -3.1, 3.1, 0.0),
    ("0 0 0.04", "0 0 0", "revolute", "0 1 0", -1.8, 1.9, -0.3),
    ("0.06 0 0.25", "0 0 0", "revolute", "0 -1 0", -1.7, 1.6, -0.5),
    ("0.25 0 0", "0 0 0", "revolute", "0 1 0", -1.7, 2.1, 1.3),
    ("0.07 0 0", "0 1.5708 0", "revolute", "0 0 1", -3.1, 3.1, 0.1),
)
SCARA: tuple[Joint, ...] = (
    ("0 0 0.33", "0 0 0", "revolute", "0 0 1", -2.4, 2.4, 0.6),
    ("0.22 0 0", "0 0 0", "revolute", "0 0 1", -2.4, 2.4, -1.2),
    ("0.2 0 0", "3.1416 0 0", "prismatic", "0 0 1", 0.0, 0.25, 0.08),
    ("0 0 0", "0 0 0", "revolute", "0 0 1", -3.1, 3.1, 0.3),
)
ARMS = {"small": SMALL, "large": LARGE, "scara": SCARA}
REACH = {"small": (0.17, 0.26), "large": (0.28, 0.42), "scara": (0.25, 0.36)}
"""Distances from the base at which a gripper that points down has room around it [m]."""


def _shape(size: str, xyz: str) -> str:
    return f'<collision><origin xyz="{xyz}"/><geometry><box size="{size}"/></geometry></collision>'


def _joint(name: str, kind: str, parent: str, child: str, origin: str, axis: str, limits: str) -> str:
    return (
        f'<joint name="{name}" type="{kind}"><parent link="{parent}"/><child link="{child}"/>{origin}<axis xyz="{axis}"/>'
        f'<limit {limits} effort="20" velocity="3"/></joint>'
    )


@cache
def few_joints(name: str) -> RobotDescription:
    """One of the arms; its URDF is written to a folder that the system clears."""
    joints = ARMS[name]
    count = len(joints)
    body = f'<link name="l0">{INERTIAL}{_shape("0.05 0.05 0.04", "0 0 0.02")}</link>'
    for index, (xyz, rpy, kind, axis, low, high, _) in enumerate(joints, start=1):
        body += f'<link name="l{index}">{INERTIAL}{_shape("0.02 0.02 0.02", "0 0 0")}</link>'
        origin = f'<origin xyz="{xyz}" rpy="{rpy}"/>'
        body += _joint(f"j{index}", kind, f"l{index - 1}", f"l{index}", origin, axis, f'lower="{low}" upper="{high}"')
    body += f'<link name="palm">{INERTIAL}{_shape("0.03 0.09 0.02", "0 0 0.02")}</link>'
    body += f'<joint name="flange" type="fixed"><parent link="l{count}"/><child link="palm"/></joint>'
    for finger, sign in (("left", 1), ("right", -1)):
        body += f'<link name="{finger}_finger">{INERTIAL}{_shape("0.014 0.008 0.06", f"0 {sign * 0.004} 0.06")}</link>'
        limits = 'lower="0" upper="0.03"'
        body += _joint(finger, "prismatic", "palm", f"{finger}_finger", "", f"0 {sign} 0", limits)
    folder = Path(tempfile.mkdtemp())
    (folder / "arm.urdf").write_text(f'<robot name="{name}">{body}</robot>')
    links = [f"l{index}" for index in range(count + 1)]
    touching = [*itertools.pairwise(links), *zip(links, links[2:], strict=False)]
    touching += [(links[-2], "palm"), (links[-1], "palm"), ("palm", "left_finger"), ("palm", "right_finger")]
    touching += [(links[-1], "left_finger"), (links[-1], "right_finger"), ("left_finger", "right_finger")]
    return RobotDescription(
        name=name,
        urdf=str(folder / "arm.urdf"),
        joints=tuple(
            JointLimits(
                name=f"j{index}", lower=low, upper=high, velocity=3.0, acceleration=5.0, jerk=500.0, rest=rest, source="a test"
            )
            for index, (*_, low, high, rest) in enumerate(joints, start=1)
        ),
        tool_link="palm",
        T_link_tool=Pose(position=(0.0, 0.0, 0.082)),
        gripper=GripperDescription(
            joints=("left", "right"),
            links=("left_finger", "right_finger"),
            max_width=0.06,
            speed=0.1,
            force=8.0,
            max_force=20.0,
            finger_depth=0.05,
            tip_length=0.008,
            finger_width=0.014,
            finger_thickness=0.008,
            hand_width=0.03,
            hand_length=0.09,
            source="a test",
        ),
        ignored_pairs=tuple(touching),
    )
