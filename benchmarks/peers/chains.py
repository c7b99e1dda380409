"""Serial arms of any number of joints, made up: joints that turn about and across the arm by turns, a metre long in all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pybullet
from numpy.typing import NDArray
from pybullet_utils.bullet_client import BulletClient
from scipy.spatial.transform import Rotation

from lmp.schema.pose import Pose
from lmp.schema.robot import JointLimits, RobotDescription

Array = NDArray[np.float64]

REACH = 1.0
"""Length of the stretched arm [m]."""
INERTIAL = '<inertial><mass value="1"/><inertia ixx="0.01" iyy="0.01" izz="0.01" ixy="0" ixz="0" iyz="0"/></inertial>'


def chain(dof: int, folder: Path) -> RobotDescription:
    """An arm with so many joints; its URDF is written into a folder. At rest it is bent, far from singularities."""
    length = REACH / dof
    joints = [
        f'<joint name="joint_{number}" type="revolute"><parent link="link_{number}"/><child link="link_{number + 1}"/>'
        f'<origin xyz="0 0 {length}"/><axis xyz="{_axis(number)}"/>'
        '<limit lower="-2.8" upper="2.8" velocity="2" effort="50"/></joint>'
        for number in range(dof)
    ]
    links = [f'<link name="{name}">{INERTIAL}</link>' for name in (*(f"link_{number}" for number in range(dof + 1)), "tool")]
    joints.append(
        f'<joint name="tool" type="fixed"><parent link="link_{dof}"/><child link="tool"/><origin xyz="0 0 {length}"/></joint>'
    )
    path = folder / f"chain_{dof}.urdf"
    path.write_text(f'<robot name="chain_{dof}">{"".join((*links, *joints))}</robot>', encoding="utf-8")
    return RobotDescription(
        name=f"chain_{dof}",
        urdf=str(path),
        joints=tuple(_limits(number) for number in range(dof)),
        tool_link="tool",
        T_link_tool=Pose(),
    )


def _axis(number: int) -> str:
    return "0 1 0" if number % 2 else "0 0 1"


def _limits(number: int) -> JointLimits:
    rest = 0.8 if number % 2 else 0.3
    return JointLimits(
        name=f"joint_{number}", lower=-2.8, upper=2.8, velocity=2.0, acceleration=10.0, jerk=5e3, rest=rest, source="made up"
    )


class BulletChain:
    """PyBullet's inverse kinematics of a chain, way-point after way-point."""

    def __init__(self, robot: RobotDescription):
        self.client = BulletClient(pybullet.DIRECT)
        self.body = self.client.loadURDF(robot.urdf, useFixedBase=True)
        self.tool = len(robot.joints)

    def follow(self, T_world_tool: Array, q: Array) -> Array:
        """Joint positions. Shapes (n, 4, 4), (dof,) to (n, dof)."""
        places, quats = T_world_tool[:, :3, 3].tolist(), Rotation.from_matrix(T_world_tool[:, :3, :3]).as_quat().tolist()
        found, at = np.empty((len(places), len(q))), list(q)
        for index, (place, quat) in enumerate(zip(places, quats, strict=True)):
            for joint, value in enumerate(at):
                self.client.resetJointState(self.body, joint, value)
            at = self.client.calculateInverseKinematics(self.body, self.tool, place, quat)
            found[index] = at
        return found
