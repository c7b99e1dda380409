"""Where the tool and the links are for given joint positions: the door to Pinocchio's kinematics."""

from __future__ import annotations

from typing import Any

import numpy as np
import pinocchio as pin
from numpy.typing import ArrayLike, NDArray

from lmp.errors import BadFile
from lmp.primitives.arm.inverse_kinematics import InverseKinematics
from lmp.primitives.arm.reachability import Posture, PosturePath, Unreachable
from lmp.robots.robot_file import urdf_path
from lmp.schema.robot import RobotDescription

Array = NDArray[np.float64]

TOOL_FRAME = "lmp_tool"


def robot_model(description: RobotDescription) -> Any:
    """Pinocchio's model of the whole robot, base placed in the world, with the tool frame added.

    Raises:
        BadFile: The URDF is not there, does not fit the robot file, or cannot be loaded.
    """
    path = str(urdf_path(description))
    try:
        model = pin.buildModelFromUrdf(path)
    except (ValueError, RuntimeError) as error:
        raise BadFile(path, [f"Pinocchio cannot load it: {' '.join(str(error).split())}."]) from error
    base = pin.SE3(description.base.matrix)
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
        whole = robot_model(description)
        locked = [index for index, name in enumerate(whole.names) if index and name not in description.joint_names]
        self._model = pin.buildReducedModel(whole, locked, pin.neutral(whole))
        self._data = self._model.createData()
        self._tool = self._model.getFrameId(TOOL_FRAME)
        self._inverse = InverseKinematics(self.tool_state, self.lower, self.upper, self.rest)

    @property
    def dof(self) -> int:
        """Number of arm joints [count]."""
        return len(self.rest)

    def tool_state(self, q: Array) -> tuple[Array, Array, Array]:
        """Position [m], rotation matrix and Jacobian of the tool in world axes. Shapes (3,), (3, 3), (6, dof).

        The arrays may be views of working memory that the next call overwrites.
        """
        pin.computeJointJacobians(self._model, self._data, q)
        pose = pin.updateFramePlacement(self._model, self._data, self._tool)
        jacobian = pin.getFrameJacobian(self._model, self._data, self._tool, pin.LOCAL_WORLD_ALIGNED)
        return pose.translation, pose.rotation, jacobian

    def forward(self, q: ArrayLike) -> Array:
        """`T_world_tool` for joint positions [rad]. Shape (dof,) to (4, 4)."""
        result: Array = self.forward_path(self._checked(q)[None])[0]
        return result

    def forward_path(self, qs: ArrayLike) -> Array:
        """`T_world_tool` for many joint positions [rad]. Shape (n, dof) to (n, 4, 4)."""
        qs = np.asarray(qs, dtype=np.float64)
        if qs.ndim != 2 or qs.shape[1] != self.dof:
            raise ValueError(f"joint positions have shape {qs.shape}, expected (n, {self.dof})")
        poses = np.empty((len(qs), 4, 4))
        for pose, q in zip(poses, qs, strict=True):
            pin.forwardKinematics(self._model, self._data, q)
            pose[:] = pin.updateFramePlacement(self._model, self._data, self._tool).homogeneous
        return poses

    def jacobian(self, q: ArrayLike) -> Array:
        """Linear then angular velocity of the tool point in world axes by joint velocities. Shape (6, dof)."""
        return np.array(self.tool_state(self._checked(q))[2])

    def singular_values(self, qs: ArrayLike) -> Array:
        """Smallest singular value of the tool's Jacobian at many joint positions [rad]. Shape (n, dof) to (n,)."""
        return self._inverse.singular_values(np.asarray(qs, dtype=np.float64))

    def inverse(self, T_world_tool: Array, seeds: ArrayLike | None = None) -> Posture | Unreachable:
        """Joint positions that reach a pose to 1e-6 m and 1e-6 rad, within the limits.

        Args:
            T_world_tool: Shape (4, 4).
            seeds: Where to begin; of all solutions the one nearest to the first seed is returned [rad]. Shape (k, dof).
                The rest posture and a fixed lattice over the joint ranges are tried as well. None means the rest posture.
        """
        wished = self.rest[None] if seeds is None else np.atleast_2d(np.asarray(seeds, dtype=np.float64))
        return self._inverse.posture(_poses(T_world_tool[None])[0], wished)

    def inverse_path(self, T_world_tool: Array, q_start: ArrayLike) -> PosturePath | Unreachable:
        """Joint positions along a tool path, continuous from `q_start`; see `InverseKinematics.path`. Shape (n, 4, 4)."""
        return self._inverse.path(_poses(T_world_tool), self._checked(q_start))

    def _checked(self, q: ArrayLike) -> Array:
        vector = np.asarray(q, dtype=np.float64)
        if vector.shape != (self.dof,):
            raise ValueError(f"joint positions have shape {vector.shape}, expected ({self.dof},)")
        return vector


def _constant(values: list[float]) -> Array:
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array


def _poses(matrices: Array) -> Array:
    poses = np.asarray(matrices, dtype=np.float64)
    if poses.ndim != 3 or poses.shape[1:] != (4, 4) or not len(poses):
        raise ValueError(f"poses have shape {poses.shape}, expected (n, 4, 4) with one at least")
    if not np.isfinite(poses).all():
        raise ValueError("poses have to be finite")
    return poses
