"""A picture with all that is needed to place a pixel in the world."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from lmp.schema.base import FloatArray, ImageArray, Model, Name
from lmp.schema.pose import Pose


class CameraFrame(Model):
    """One picture with all that is needed to place a pixel in the world.

    Pixels are continuous: column c and row r lie in the pixel of index (floor c, floor r), whose middle is half a pixel on.

    Attributes:
        name: The camera.
        rgb: Colours. Shape (height, width, 3), uint8, origin top-left.
        depth: Distance along the optical axis [m]. Shape (height, width).
        segmentation: Index into `labels`, -1 for nothing. Shape (height, width).
        labels: Object names by segmentation index.
        intrinsics: Pinhole matrix [px]. Shape (3, 3).
        T_world_camera: Camera pose; optical frame with x right, y down, z forward.
    """

    name: Name
    rgb: ImageArray
    depth: ImageArray
    segmentation: ImageArray
    labels: tuple[Name, ...] = Field(default=(), max_length=512)
    intrinsics: FloatArray = Field(description="pinhole matrix, three rows of three [px]")
    T_world_camera: Pose

    def project(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """World points in pixels (column, row). Shape (..., 3) to (..., 2); NaN behind the camera."""
        camera = self.T_world_camera.inverse().apply(points)
        pixels = camera @ self.intrinsics.T
        depth = camera[..., 2:]
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(depth > 1e-6, pixels[..., :2] / depth, np.nan)

    def lift(self, column: float, row: float) -> NDArray[np.float64]:
        """The world point seen in the middle of a pixel [m]: where its depth was measured. Shape (3,).

        Nothing is interpolated: between two pixels at the edge of an object, nothing is half way in depth.
        """
        across, down = math.floor(column), math.floor(row)
        depth = float(self.depth[down, across])
        ray = np.linalg.solve(self.intrinsics, np.array([across + 0.5, down + 0.5, 1.0]))
        return self.T_world_camera.apply(ray * depth)
