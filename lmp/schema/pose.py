"""Rigid poses: a position and a unit quaternion, composed by naming neighbours (`T_world_tool @ T_tool_cup`)."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator

from lmp.schema.base import Model, Vector3

QuaternionComponent = Annotated[float, Field(ge=-1.000001, le=1.000001)]


class Pose(Model):
    """A rigid transform from a child frame to its parent.

    Attributes:
        position: Origin of the child in the parent frame [m].
        quat_xyzw: Orientation as a unit quaternion, scalar last.
    """

    position: Vector3 = Field(default=(0.0, 0.0, 0.0), description="x, y, z of the origin in the parent frame [m]")
    quat_xyzw: tuple[QuaternionComponent, QuaternionComponent, QuaternionComponent, QuaternionComponent] = Field(
        default=(0.0, 0.0, 0.0, 1.0), description="orientation, unit quaternion x, y, z, w [dimensionless]"
    )

    @field_validator("quat_xyzw")
    @classmethod
    def _unit(cls, quat: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        norm = math.sqrt(sum(component * component for component in quat))
        if abs(norm - 1.0) > 1e-3:
            raise ValueError(f"a quaternion has length 1, this one has {norm:.6g}")
        if abs(norm - 1.0) < 1e-12:
            return quat  # dividing again would change the last bit at each round through JSON
        x, y, z, w = (component / norm for component in quat)
        return (x, y, z, w)

    @property
    def rotation(self) -> NDArray[np.float64]:
        """The rotation matrix. Shape (3, 3)."""
        return _matrix(self.position, self.quat_xyzw)[:3, :3].copy()

    @property
    def matrix(self) -> NDArray[np.float64]:
        """The homogeneous matrix. Shape (4, 4)."""
        return _matrix(self.position, self.quat_xyzw).copy()

    @classmethod
    def from_matrix(cls, matrix: NDArray[np.float64]) -> Pose:
        """The pose of a homogeneous matrix. Shape (4, 4)."""
        x, y, z = (float(value) for value in matrix[:3, 3])
        return cls(position=(x, y, z), quat_xyzw=quat_xyzw_from_rotation(matrix[:3, :3]))

    @classmethod
    def from_yaw(cls, position: tuple[float, float, float], yaw: float) -> Pose:
        """A pose turned by `yaw` [rad] about the vertical."""
        return cls(position=position, quat_xyzw=(0.0, 0.0, math.sin(yaw / 2), math.cos(yaw / 2)))

    @property
    def yaw(self) -> float:
        """Heading of the x axis in the parent's horizontal plane [rad]."""
        rotation = self.rotation
        return math.atan2(rotation[1, 0], rotation[0, 0])

    def __matmul__(self, other: Pose) -> Pose:
        if self.position == (0.0, 0.0, 0.0) and self.quat_xyzw == (0.0, 0.0, 0.0, 1.0):
            return other  # to the last bit
        return Pose.from_matrix(self.matrix @ other.matrix)

    def inverse(self) -> Pose:
        """The transform from the parent to the child frame."""
        matrix = np.eye(4)
        matrix[:3, :3] = self.rotation.T
        matrix[:3, 3] = -self.rotation.T @ np.array(self.position)
        return Pose.from_matrix(matrix)

    def apply(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points of the child frame in the parent frame [m]. Shape (..., 3)."""
        moved: NDArray[np.float64] = np.asarray(points) @ self.rotation.T + np.array(self.position)
        return moved


@lru_cache(maxsize=4096)
def _matrix(position: Vector3, quat_xyzw: tuple[float, float, float, float]) -> NDArray[np.float64]:
    """The homogeneous matrix of a pose, kept: the same few poses are asked for over and over. Shape (4, 4)."""
    x, y, z, w = quat_xyzw
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w), position[0]],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w), position[1]],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y), position[2]],
            [0.0, 0.0, 0.0, 1.0],
        ]
    )


def quat_xyzw_from_rotation(rotation: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """The unit quaternion of a rotation matrix, scalar last and not negative.

    The largest of the four components is found first, so that no division is by a small number
    (Shepperd, J. Guidance and Control 1(3), 1978).
    """
    r = rotation
    squares = np.array(
        [
            1 + r[0, 0] - r[1, 1] - r[2, 2],
            1 - r[0, 0] + r[1, 1] - r[2, 2],
            1 - r[0, 0] - r[1, 1] + r[2, 2],
            1 + r[0, 0] + r[1, 1] + r[2, 2],
        ]
    )
    largest = int(np.argmax(squares))
    outer = np.array(
        [
            [squares[0], r[0, 1] + r[1, 0], r[0, 2] + r[2, 0], r[2, 1] - r[1, 2]],
            [r[0, 1] + r[1, 0], squares[1], r[1, 2] + r[2, 1], r[0, 2] - r[2, 0]],
            [r[0, 2] + r[2, 0], r[1, 2] + r[2, 1], squares[2], r[1, 0] - r[0, 1]],
            [r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1], squares[3]],
        ]
    )
    quat = outer[largest] / np.linalg.norm(outer[largest])
    if quat[3] < 0:
        quat = -quat
    x, y, z, w = (float(value) for value in quat)
    return (x, y, z, w)
