"""A joint motion sampled in time, before it is known to be allowed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.schema.trajectory import Segment

Array = NDArray[np.float64]


@dataclass(frozen=True)
class SampledMotion:
    """The motion that the checks look at.

    Attributes:
        times: Strictly increasing from 0 [s]. Shape (n,).
        positions, velocities, accelerations, jerks: Of the joints [rad], [rad/s], [rad/s^2], [rad/s^3]. Shape (n, dof).
        tool_path: Tool positions in the world [m]. Shape (n, 3).
        singular_values: Smallest singular value of the tool's Jacobian. Shape (n,).
        segments: In order, without gaps.
        ends: Where the tool is to be at the end of each segment, in the world [m]. Shape (segments, 3).
        in_joint_space: Whether each segment goes straight in joint space, where no direction of the tool can be lost; none
            does if left out.
    """

    times: Array
    positions: Array
    velocities: Array
    accelerations: Array
    jerks: Array
    tool_path: Array
    singular_values: Array
    segments: tuple[Segment, ...]
    ends: Array
    in_joint_space: tuple[bool, ...] = ()

    def __post_init__(self) -> None:
        n, dof = self.positions.shape
        for field, shape in {
            "times": (n,),
            "velocities": (n, dof),
            "accelerations": (n, dof),
            "jerks": (n, dof),
            "tool_path": (n, 3),
            "singular_values": (n,),
            "ends": (len(self.segments), 3),
        }.items():
            if getattr(self, field).shape != shape:
                raise ValueError(f"{field} has shape {getattr(self, field).shape}, expected {shape}")

    @property
    def follows_tool(self) -> NDArray[np.bool_]:
        """True for samples on a path of the tool that inverse kinematics has to follow. Shape (n,)."""
        follows = np.ones(len(self.times), dtype=bool)
        for segment, straight in zip(self.segments, self.in_joint_space, strict=False):
            if straight:
                follows &= (self.times < segment.start) | (self.times > segment.end)
        return follows

    def segment_at(self, t: float) -> str | None:
        """Name of the segment at a time [s]; the earlier one where two meet."""
        return next((segment.name for segment in self.segments if segment.start <= t <= segment.end), None)

    @property
    def end_errors(self) -> Array:
        """Distance of the tool from where it is to be at each segment's end [m]. Shape (segments,)."""
        rows = [int(np.argmin(np.abs(self.times - segment.end))) for segment in self.segments]
        errors: Array = np.linalg.norm(self.tool_path[rows] - self.ends, axis=1)
        return errors
