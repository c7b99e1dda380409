"""The joints of a robot as plain arrays, which compiled kernels read: arm and fingers, from the world to the tips."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lmp.primitives.kernels.joint_tree import joint_placements
from lmp.schema.robot import RobotDescription

Array = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class JointTree:
    """All movable joints of a robot; number 0 is the world, and a parent's number is smaller than its children's.

    A joint's frame is its placement in the frame of the joint above it, followed by its own motion: a turn about its
    axis or a slide along it. The numbers are those of Pinocchio's model.

    Attributes:
        names: Of the joints; the first is the world's. Length n.
        parents: Number of the joint above each. Shape (n,).
        rotations, translations: Placement in the frame of the joint above, with the joint at 0 [m]. Shapes (n, 3, 3), (n, 3).
        axes: Unit axis in the joint's own frame. Shape (n, 3).
        prismatic: 1 where a joint slides, 0 where it turns. Shape (n,).
        arm: Number of each arm joint, in the order of the robot file. Shape (dof,).
        fingers: Number of each joint of the gripper, in the order of the robot file. Shape (k,).
        tool: Number of the joint that moves the tool point.
        T_joint_tool: The tool point in the frame of that joint. Shape (4, 4).
    """

    names: tuple[str, ...]
    parents: Integers
    rotations: Array
    translations: Array
    axes: Array
    prismatic: Integers
    arm: Integers
    fingers: Integers
    tool: int
    T_joint_tool: Array

    @classmethod
    def of(cls, model: Any, description: RobotDescription, tool_frame: str) -> JointTree:
        """The tree of a Pinocchio model whose joints have one degree of freedom each; see `robot_model`."""
        names = tuple(model.names)
        motions = np.array([_motion(model, joint) for joint in range(len(names))])
        slides = np.linalg.norm(motions[:, :3], axis=1) > 0.5
        tool = model.frames[model.getFrameId(tool_frame)]
        return cls(
            names,
            _kept(model.parents, np.int64),
            _kept([placement.rotation for placement in model.jointPlacements]),
            _kept([placement.translation for placement in model.jointPlacements]),
            _kept(np.where(slides[:, None], motions[:, :3], motions[:, 3:])),
            _kept(slides, np.int64),
            _kept([names.index(name) for name in description.joint_names], np.int64),
            _kept([names.index(name) for name in description.finger_joints], np.int64),
            int(tool.parentJoint),
            _kept(tool.placement.homogeneous),
        )

    def values(self, arm: ArrayLike, fingers: ArrayLike = 0.0) -> Array:
        """Joint values by number, of one configuration or many; other joints are at 0 [rad, m].

        Args:
            arm: Of the arm's joints. Shape (dof,) or (k, dof).
            fingers: Of the gripper's joints: one for all, or shape (fingers,) or (k, fingers).
        """
        arm = np.asarray(arm, dtype=np.float64)
        values = np.zeros((*arm.shape[:-1], len(self.names)))
        values[..., self.arm], values[..., self.fingers] = arm, fingers
        return values

    def placements(self, values: ArrayLike) -> tuple[Array, Array]:
        """Orientations and places of all joints in the world [m]. Shape (k, n) to (k, n, 3, 3), (k, n, 3)."""
        values = np.ascontiguousarray(values, dtype=np.float64)
        n = len(self.names)
        if values.ndim != 2 or values.shape[1] != n:
            raise ValueError(f"joint values have shape {values.shape}, expected (k, {n})")
        R, p = np.empty((len(values), n, 3, 3)), np.empty((len(values), n, 3))
        joint_placements(values, self.parents, self.rotations, self.translations, self.axes, self.prismatic, R, p)
        return R, p


def _motion(model: Any, joint: int) -> Array:
    """Unit rate of a joint in its own frame: linear, then angular velocity. Shape (6,)."""
    if joint == 0:
        return np.zeros(6)
    data = model.joints[joint].createData()
    model.joints[joint].calc(data, _neutral(model))
    return np.array(data.S).reshape(6)


def _neutral(model: Any) -> Array:
    """Every joint at 0; one without ends is told by the cosine and sine of its angle. Shape (nq,)."""
    q = np.zeros(model.nq)
    for joint in model.joints:
        if joint.nq == 2:
            q[joint.idx_q] = 1.0
    return q


def _kept(values: Any, kind: Any = np.float64) -> Any:
    array = np.ascontiguousarray(values, dtype=kind)
    array.setflags(write=False)
    return array
