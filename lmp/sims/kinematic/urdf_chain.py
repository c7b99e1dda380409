"""Forward kinematics of a serial arm, read from its URDF with nothing but the standard library and numpy."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.errors import BadFile
from lmp.robots.urdf_model import UrdfModel
from lmp.schema.robot import RobotDescription


@dataclass(frozen=True)
class _Step:
    """One joint of the chain: a fixed transform, then a turn or a slide about its axis by the joint's position."""

    T_parent_joint: NDArray[np.float64]
    kind: str
    axis: NDArray[np.float64]
    index: int | None

    def transform(self, q: NDArray[np.float64]) -> NDArray[np.float64]:
        if self.index is None:
            return self.T_parent_joint
        motion = np.eye(4)
        if self.kind == "prismatic":
            motion[:3, 3] = self.axis * q[self.index]
        else:
            motion[:3, :3] = _turn(self.axis, q[self.index])
        return self.T_parent_joint @ motion


class UrdfChain:
    """The chain of joints from the URDF's root to the tool.

    Args:
        urdf: The URDF, as `lmp.robots.robot_file.robot_urdf` returns it.
        description: The robot: its base, its joints in order, its tool.

    Raises:
        BadFile: The URDF does not have the joints or the tool link.
    """

    def __init__(self, urdf: UrdfModel, description: RobotDescription):
        joints = urdf.tree.above
        names, steps, link = list(description.joint_names), [], description.tool_link
        while link in joints:
            element = joints[link]
            steps.append(_step(element, names))
            link = element.find("parent").attrib["link"]  # type: ignore[union-attr]
        found = {step.index for step in steps}
        missing = [name for index, name in enumerate(names) if index not in found]
        if missing:
            raise BadFile(str(urdf.path), [f"No chain to {description.tool_link!r} moves {', '.join(missing)}."])
        self._steps = steps[::-1]
        self._T_world_root = description.T_world_root.matrix
        self._T_link_tool = description.T_link_tool.matrix

    def forward(self, q: NDArray[np.float64]) -> NDArray[np.float64]:
        """`T_world_tool` for joint positions [rad]. Shape (dof,) to (4, 4)."""
        T_world_link = self._T_world_root
        for step in self._steps:
            T_world_link = T_world_link @ step.transform(q)
        T_world_tool: NDArray[np.float64] = T_world_link @ self._T_link_tool
        return T_world_tool


def _step(joint: ElementTree.Element, names: list[str]) -> _Step:
    origin, axis = joint.find("origin"), joint.find("axis")
    T_parent_joint = np.eye(4)
    if origin is not None:
        roll, pitch, yaw = _numbers(origin.attrib.get("rpy", "0 0 0"))
        x, y, z = np.eye(3)
        T_parent_joint[:3, :3] = _turn(z, yaw) @ _turn(y, pitch) @ _turn(x, roll)
        T_parent_joint[:3, 3] = _numbers(origin.attrib.get("xyz", "0 0 0"))
    direction = _numbers(axis.attrib["xyz"]) if axis is not None else np.array([1.0, 0.0, 0.0])
    name = joint.attrib["name"]
    return _Step(T_parent_joint, joint.attrib["type"], direction, names.index(name) if name in names else None)


def _numbers(text: str) -> NDArray[np.float64]:
    return np.array([float(word) for word in text.split()])


def _turn(axis: NDArray[np.float64], angle: float) -> NDArray[np.float64]:
    """Rotation by an angle [rad] about a unit axis, after Rodrigues. Shape (3, 3)."""
    x, y, z = axis
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    turn: NDArray[np.float64] = np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * cross @ cross
    return turn
