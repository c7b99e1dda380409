"""The readings of the sensors, robot state and camera frames, and the judgement of a world's own predicate."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lmp.schema.base import Model, Text
from lmp.schema.camera_frame import CameraFrame
from lmp.schema.scene import RobotState


class Judgement(Model):
    """The verdict whether what a world asks for is so now.

    Attributes:
        holds: None where the world cannot tell now.
        why: What decided it, in words.
    """

    holds: bool | None
    why: Text = ""


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
