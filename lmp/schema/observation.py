"""The readings of the sensors, robot state and camera frames, and the judgement of a world's own predicate."""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from lmp.schema.base import FloatArray, ImageArray, Model, Name, Text
from lmp.schema.pose import Pose
from lmp.schema.scene import RobotState


class Judgement(Model):
    """The verdict whether what a world asks for is so now.

    Attributes:
        holds: None where the world cannot tell now.
        why: What decided it, in words.
    """

    holds: bool | None
    why: Text = ""


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


class Sensors(Model):
    """The sensors wanted of a look, beside the robot's state, which every look gives.

    Attributes:
        images: The cameras' pictures, with depth and what else belongs to a `CameraFrame`.
    """

    images: bool = False


NOTHING, IMAGES = Sensors(), Sensors(images=True)


class Observation(Model):
    """One look at the world."""

    time: Annotated[float, Field(ge=0.0, description="world time [s]")]
    robot: RobotState
    frames: tuple[CameraFrame, ...] = Field(default=(), max_length=16)
