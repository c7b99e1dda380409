"""Serial arms made by chance: any axes, turning and sliding joints, a gripper, and a wheel on the side."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from lmp.schema.pose import Pose
from lmp.schema.robot import GripperDescription, JointLimits, RobotDescription

Array = NDArray[np.float64]

INERTIAL = '<inertial><mass value="1"/><inertia ixx="1" iyy="1" izz="1" ixy="0" ixz="0" iyz="0"/></inertial>'
RANGE = 2.0


def random_arm(seed: int, dof: int) -> RobotDescription:
    """An arm j1 ... j<dof> with two sliding fingers; the URDF is written to a folder that the system clears."""
    rng = np.random.default_rng(seed)
    kinds = ["prismatic" if rng.random() < 0.2 else "revolute" for _ in range(dof)]
    parts = [_joint(rng, f"j{index + 1}", kind, f"l{index}", f"l{index + 1}") for index, kind in enumerate(kinds)]
    parts += [_joint(rng, name, "prismatic", f"l{dof}", f"{name}_link") for name in ("left", "right")]
    parts.append(_joint(rng, "wheel", "continuous", f"l{rng.integers(dof)}", "wheel_link"))
    links = [*(f"l{index}" for index in range(dof + 1)), "left_link", "right_link", "wheel_link"]
    text = "".join(f'<link name="{name}">{INERTIAL}</link>' for name in links) + "".join(parts)
    path = Path(tempfile.mkdtemp()) / "arm.urdf"
    path.write_text(f'<robot name="chance">{text}</robot>')
    return RobotDescription(
        name="chance",
        urdf=str(path),
        base=_pose(rng),
        joints=tuple(
            JointLimits(
                name=f"j{index + 1}",
                lower=-RANGE,
                upper=RANGE,
                velocity=1.0,
                acceleration=1.0,
                jerk=1.0,
                rest=float(rng.uniform(-1, 1)),
                source="assumed",
            )
            for index in range(dof)
        ),
        tool_link=f"l{dof}",
        T_link_tool=_pose(rng),
        gripper=GripperDescription(
            joints=("left", "right"),
            links=("left_link", "right_link"),
            max_width=0.1,
            speed=0.1,
            force=10.0,
            max_force=10.0,
            finger_depth=0.05,
            tip_length=0.01,
            finger_width=0.01,
            finger_thickness=0.01,
            hand_width=0.1,
            hand_length=0.1,
        ),
    )


def _pose(rng: np.random.Generator) -> Pose:
    quat = Rotation.random(random_state=rng).as_quat()
    return Pose(position=tuple(rng.uniform(-0.3, 0.3, 3)), quat_xyzw=tuple(quat))


def _joint(rng: np.random.Generator, name: str, kind: str, parent: str, child: str) -> str:
    axis = (rng.normal(size=3), np.eye(3)[rng.integers(3)], -np.eye(3)[rng.integers(3)])[rng.integers(3)]
    return (
        f'<joint name="{name}" type="{kind}"><parent link="{parent}"/><child link="{child}"/>'
        f'<origin xyz="{_text(rng.uniform(-0.4, 0.4, 3))}" rpy="{_text(rng.uniform(-3, 3, 3))}"/>'
        f'<axis xyz="{_text(axis / np.linalg.norm(axis))}"/>'
        f'<limit lower="{-RANGE}" upper="{RANGE}" effort="1" velocity="1"/></joint>'
    )


def _text(numbers: Array) -> str:
    return " ".join(repr(float(number)) for number in numbers)
