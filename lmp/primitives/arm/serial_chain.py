"""A serial arm from the world to its tool point, as the two arrays that compiled kernels read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.arm.joint_tree import JointTree
from lmp.primitives.kernels.serial_chain import first_singular, tool_jacobians, tool_motions, tool_poses

Array = NDArray[np.float64]


@dataclass(frozen=True)
class SerialChain:
    """The arm's joints one after the other; joints between them that are not the arm's stand at 0.

    Attributes:
        links: Placement of each joint's frame in the one before, the tool's last; each joint moves about or along the z
            axis of its frame [m]. Shape (dof + 1, 3, 4).
        prismatic: 1 where a joint slides, 0 where it turns. Shape (dof,).
    """

    links: Array
    prismatic: NDArray[np.int64]

    @classmethod
    def of(cls, tree: JointTree) -> SerialChain:
        """The chain to the tool of a tree."""
        above, joint = [], tree.tool
        while joint:
            above.append(joint)
            joint = int(tree.parents[joint])
        links, T = [], np.eye(4)
        for joint in reversed(above):
            T_joint = np.eye(4)
            T_joint[:3, :3], T_joint[:3, 3] = tree.rotations[joint], tree.translations[joint]
            T = T @ T_joint
            if joint in tree.arm:
                turn = np.eye(4)
                turn[:3, :3] = _with_z_along(tree.axes[joint])
                links.append(T @ turn)
                T = turn.T
        links.append(T @ tree.T_joint_tool)
        prismatic = np.ascontiguousarray(tree.prismatic[tree.arm])
        array = np.ascontiguousarray(np.array(links)[:, :3])
        for kept in (array, prismatic):
            kept.setflags(write=False)
        return cls(array, prismatic)

    @property
    def dof(self) -> int:
        """Number of joints [count]."""
        return len(self.prismatic)

    def poses(self, qs: Array) -> Array:
        """`T_world_tool` at many postures [rad]. Shape (n, dof) to (n, 4, 4)."""
        poses = np.empty((len(qs), 4, 4))
        tool_poses(self.links, self.prismatic, _flat(qs), poses)
        return poses

    def states(self, qs: Array) -> tuple[Array, Array, Array]:
        """Position [m], orientation and world-axes Jacobian of the tool. Shape (n, dof) to (n, 3), (n, 3, 3), (n, 6, dof)."""
        n = len(qs)
        R, p, transposed = np.empty((n, 3, 3)), np.empty((n, 3)), np.empty((n, self.dof, 6))
        tool_jacobians(self.links, self.prismatic, _flat(qs), R, p, transposed)
        return p, R, transposed.swapaxes(1, 2)

    def motions(self, qs: Array, rates: Array, singular: bool) -> tuple[Array, Array, Array]:
        """Position [m] and velocity [m/s] of the tool, smallest singular values if asked for. Shapes (n, 3), (n, 3), (n,)."""
        n = len(qs)
        positions, velocities, values = np.empty((n, 3)), np.empty((n, 3)), np.empty(n)
        tool_motions(self.links, self.prismatic, _flat(qs), _flat(rates), singular, positions, velocities, values)
        return positions, velocities, values

    def is_singular(self, qs: Array, least: float) -> bool:
        """True if the smallest singular value of the Jacobian falls to a number at one of many postures. Shape (n, dof)."""
        return bool(first_singular(self.links, self.prismatic, _flat(qs), least) >= 0)


def _with_z_along(axis: Array) -> Array:
    """A rotation matrix whose third column is an axis of length 1."""
    across = np.eye(3)[int(np.argmin(np.abs(axis)))]
    x = np.cross(across, axis)
    x /= np.linalg.norm(x)
    return np.stack([x, np.cross(axis, x), axis], axis=1)


def _flat(values: Array) -> Array:
    return np.ascontiguousarray(values, dtype=np.float64)
