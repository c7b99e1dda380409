"""Poses of the tool and the links for given joint positions: the interface to Pinocchio's kinematics."""

from __future__ import annotations

from typing import Any

import numpy as np
import pinocchio as pin
from numpy.typing import ArrayLike, NDArray

from lmp.errors import BadFile
from lmp.primitives.arm.inverse_kinematics import InverseKinematics
from lmp.primitives.arm.joint_tree import JointTree
from lmp.primitives.arm.leeway import Leeway
from lmp.primitives.arm.poses import checked_poses, finite, numbers
from lmp.primitives.arm.reachability import PartialPose, Posture, PosturePath, Unreachable
from lmp.primitives.arm.serial_chain import SerialChain
from lmp.robots.robot_file import robot_urdf
from lmp.schema.robot import RobotDescription

Array = NDArray[np.float64]

TOOL_FRAME = "lmp_tool"


def robot_model(description: RobotDescription) -> Any:
    """Pinocchio's model of the whole robot, base placed in the world, with the tool frame added.

    Raises:
        BadFile: The URDF is not there, does not fit the robot file, or cannot be loaded.
    """
    urdf = robot_urdf(description)
    try:
        model = pin.buildModelFromXML(urdf.kinematics_xml)
    except (ValueError, RuntimeError) as error:
        raise BadFile(str(urdf.path), [f"Pinocchio cannot load it: {' '.join(str(error).split())}."]) from error
    base = pin.SE3(description.T_world_root.matrix)
    for joint in range(1, model.njoints):
        if model.parents[joint] == 0:
            model.jointPlacements[joint] = base * model.jointPlacements[joint]
    for frame in model.frames:
        if frame.parentJoint == 0:
            frame.placement = base * frame.placement
    parent = model.getFrameId(description.tool_link, pin.FrameType.BODY)
    placement = model.frames[parent].placement * pin.SE3(description.T_link_tool.matrix)
    model.addFrame(pin.Frame(TOOL_FRAME, model.frames[parent].parentJoint, parent, placement, pin.FrameType.OP_FRAME))
    return model


class Kinematics:
    """Forward and inverse kinematics of an arm's tool point.

    Attributes:
        description: The robot.
        lower, upper: Joint ranges of the robot file [rad]. Shape (dof,).
        rest: The rest posture [rad]. Shape (dof,).
    """

    def __init__(self, description: RobotDescription):
        self.description = description
        self.lower, self.upper, self.rest = (
            _constant([getattr(joint, field) for joint in description.joints]) for field in ("lower", "upper", "rest")
        )
        self._chain = SerialChain.of(JointTree.of(robot_model(description), description, TOOL_FRAME))
        self._inverse = InverseKinematics(self._chain, self.lower, self.upper, self.rest)

    @property
    def dof(self) -> int:
        """Number of arm joints [count]."""
        return len(self.rest)

    @property
    def takes_any_pose(self) -> bool:
        """False for an arm of fewer than six joints, which cannot take every orientation at a place."""
        return self.dof >= 6

    def tool_state(self, q: ArrayLike) -> tuple[Array, Array, Array]:
        """Position [m], rotation matrix and Jacobian of the tool in world axes. Shapes (3,), (3, 3), (6, dof)."""
        positions, rotations, jacobians = self._chain.states(self._checked(q)[None])
        return positions[0], rotations[0], jacobians[0]

    def tool_motion(self, qs: ArrayLike, rates: ArrayLike) -> tuple[Array, Array, Array]:
        """Motion of the tool along a joint motion, and its distance from a singularity.

        Args:
            qs: Joint positions [rad]. Shape (n, dof).
            rates: Joint velocities [rad/s]. Shape (n, dof).

        Returns:
            Positions [m] and linear velocities [m/s] of the tool point, shapes (n, 3); the smallest singular values of
            its Jacobian, shape (n,).
        """
        return self._chain.motions(*self._motion(qs, rates), True)

    def tool_velocities(self, qs: ArrayLike, rates: ArrayLike) -> Array:
        """Linear velocities [m/s] of the tool point; as `tool_motion`, without the rest of it. Shape (n, 3)."""
        return self._chain.motions(*self._motion(qs, rates), False)[1]

    def forward(self, q: ArrayLike) -> Array:
        """`T_world_tool` for joint positions [rad]. Shape (dof,) to (4, 4)."""
        result: Array = self.forward_path(self._checked(q)[None])[0]
        return result

    def forward_path(self, qs: ArrayLike) -> Array:
        """`T_world_tool` for many joint positions [rad]. Shape (n, dof) to (n, 4, 4)."""
        return self._chain.poses(self._rows(qs))

    def jacobian(self, q: ArrayLike) -> Array:
        """Linear then angular velocity of the tool point in world axes by joint velocities. Shape (6, dof)."""
        return self.tool_state(q)[2]

    def singular_values(self, qs: ArrayLike) -> Array:
        """Smallest singular value of the tool's Jacobian at many joint positions [rad]. Shape (n, dof) to (n,)."""
        return self._inverse.singular_values(self._rows(qs))

    def inverse(self, T_world_tool: ArrayLike, seeds: ArrayLike | None = None) -> Posture | Unreachable:
        """Joint positions that reach a pose to 0.1 mm and 2 mrad, within the limits; six joints and more to 1e-9.

        Args:
            T_world_tool: Shape (4, 4).
            seeds: Where to begin; of all solutions the one nearest to the first seed is returned [rad]. Shape (k, dof).
                The rest posture and a fixed lattice over the joint ranges are tried as well. None means the rest posture.

        Raises:
            ValueError: The matrix is no pose, or the seeds are no joint positions.
        """
        pose, requested = numbers("a pose", T_world_tool), self._seeds(seeds)
        if pose.shape != (4, 4):
            raise ValueError(f"a pose has shape {pose.shape}, expected (4, 4)")
        if requested.ndim != 2:
            raise ValueError(f"seeds have shape {requested.shape}, expected (k, {self.dof})")
        return self._inverse.posture(checked_poses(pose[None])[0], requested)

    def turned(self, T_world_tool: ArrayLike, seed: ArrayLike, leeway: Leeway) -> PartialPose | None:
        """The pose in reach at the place of a pose that is turned least from it, for an arm of fewer than six joints.

        Args:
            T_world_tool: Shape (4, 4).
            seed: Of poses that are turned alike the one whose posture is nearest to this is returned [rad]. Shape (dof,).
            leeway: The turns that are allowed.

        Returns:
            The pose, its posture and the turn; None where there is none within the leeway, and for six joints or more.

        Raises:
            ValueError: The matrix is no pose, or the seed is no joint positions.
        """
        (pose,) = checked_poses(numbers("a pose", T_world_tool)[None])
        return self._inverse.turned(pose, finite("joint positions", self._checked(seed)), leeway)

    def inverse_path(
        self, T_world_tool: ArrayLike, q_start: ArrayLike, leeway: Leeway | None = None
    ) -> PosturePath | Unreachable:
        """Joint positions along a tool path, continuous from `q_start`; see `InverseKinematics.path`. Shape (n, 4, 4).

        Raises:
            ValueError: A matrix is no pose, or the start is no joint positions.
        """
        return self._inverse.path(checked_poses(T_world_tool), finite("joint positions", self._checked(q_start)), leeway)

    def inverse_many(self, T_world_tool: ArrayLike, q_start: ArrayLike, made: bool = False) -> tuple[Array, NDArray[np.int64]]:
        """Joint positions along many tool paths at once, to tell those that can be followed from those that cannot.

        Args:
            T_world_tool: Waypoints. Shape (k, n, 4, 4).
            q_start: Joint positions at the first waypoints: one for all, shape (dof,), or shape (k, dof) [rad].
            made: Whether the matrices are known to be poses; all that is looked at then is that they are finite.

        Returns:
            Joint positions, those of each path as `inverse_path` finds them [rad], shape (k, n, dof); and how many
            waypoints of each can be had: up to the first one that is out of reach, behind a jump or outside the joint
            ranges, 0 where the path begins elsewhere, shape (k,). Rows beyond are finite and mean nothing.

        Raises:
            ValueError: A matrix is no pose, or the starts are no joint positions.
        """
        poses = numbers("paths", T_world_tool)
        if poses.ndim != 4 or poses.shape[2:] != (4, 4):
            raise ValueError(f"paths have shape {poses.shape}, expected (k, n, 4, 4)")
        finite("poses", poses) if made else checked_poses(poses.reshape(-1, 4, 4))
        starts = finite("joint positions", numbers("joint positions", q_start))
        return self._inverse.paths(poses, self._spread(starts, (len(poses),)))

    def inverse_poses(self, T_world_tool: ArrayLike, seeds: ArrayLike | None = None) -> tuple[Array, NDArray[np.bool_], Array]:
        """Joint positions that reach each of many poses, found as `inverse` does.

        Args:
            T_world_tool: Shape (k, 4, 4).
            seeds: As for `inverse`: shape (s, dof) for all poses, or (k, s, dof) [rad]. None means the rest posture.

        Returns:
            Joint positions, where a pose is not reached the nearest that were found [rad], shape (k, dof); whether it is
            reached, shape (k,); the smallest singular value of the Jacobian, shape (k,).

        Raises:
            ValueError: A matrix is no pose, or the seeds are no joint positions.
        """
        poses, requested = checked_poses(T_world_tool), self._seeds(seeds)
        return self._inverse.postures(poses, self._spread(requested, (len(poses), requested.shape[-2])))

    def _seeds(self, seeds: ArrayLike | None) -> Array:
        """Postures to begin from; the rest posture if nothing is said. Shape (..., k, dof) with k >= 1."""
        if seeds is None:
            return self.rest[None]
        rows = np.atleast_2d(numbers("seeds", seeds))
        if rows.shape[-1] != self.dof or not rows.size:
            raise ValueError(f"seeds have shape {np.shape(seeds)}, expected (k, {self.dof}) with one at least")
        return finite("seeds", rows)

    def _spread(self, values: Array, shape: tuple[int, ...]) -> Array:
        """Joint positions for all members of a batch. Shape (*shape, dof)."""
        wanted = (*shape, self.dof)
        if values.shape[-1:] != (self.dof,) or values.shape not in (wanted, wanted[1:]):
            raise ValueError(f"joint positions have shape {values.shape}, expected {wanted} or {wanted[1:]}")
        return np.ascontiguousarray(np.broadcast_to(values, wanted))

    def _motion(self, qs: ArrayLike, rates: ArrayLike) -> tuple[Array, Array]:
        positions, velocities = self._rows(qs), self._rows(rates)
        if len(positions) != len(velocities):
            raise ValueError(f"{len(positions)} joint positions and {len(velocities)} joint velocities do not belong together")
        return positions, velocities

    def _rows(self, qs: ArrayLike) -> Array:
        rows = numbers("joint positions", qs)
        if rows.ndim != 2 or rows.shape[1] != self.dof:
            raise ValueError(f"joint positions have shape {rows.shape}, expected (n, {self.dof})")
        return rows

    def _checked(self, q: ArrayLike) -> Array:
        vector = numbers("joint positions", q)
        if vector.shape != (self.dof,):
            raise ValueError(f"joint positions have shape {vector.shape}, expected ({self.dof},)")
        return vector


def _constant(values: list[float]) -> Array:
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array
