"""What the robot knows of the world: named objects with pose, shape and contacts, and the robot's own state."""

from __future__ import annotations

from typing import Annotated, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from lmp.errors import UnknownName
from lmp.schema.base import Model, Name, Vector3
from lmp.schema.camera_frame import CameraFrame
from lmp.schema.pose import Pose
from lmp.schema.shape import Cavity, Shape


class RobotState(Model):
    """Joint positions of the arm that moves and the opening of its gripper, and what is known of joints that are held."""

    joint_names: tuple[Name, ...] = Field(max_length=32)
    positions: tuple[Annotated[float, Field(ge=-1e3, le=1e3)], ...] = Field(
        max_length=32, description="joint positions in the order of the names [rad]"
    )
    velocities: tuple[Annotated[float, Field(ge=-1e3, le=1e3)], ...] = Field(
        max_length=32, description="joint velocities in the order of the names [rad/s]"
    )
    gripper_width: float = Field(ge=0.0, le=1.0, description="distance between the fingers [m]")

    held_joints: dict[Name, Annotated[float, Field(ge=-1e3, le=1e3)]] = Field(
        default_factory=dict,
        max_length=128,
        description="positions of joints of chains that do not move, by name; those left out are at rest [rad or m]",
    )

    @property
    def by_name(self) -> dict[str, float]:
        """Positions of all joints that are known, by name [rad] or [m]."""
        return {**dict(zip(self.joint_names, self.positions, strict=True)), **self.held_joints}

    @model_validator(mode="after")
    def _same_lengths(self) -> Self:
        lengths = {len(self.joint_names), len(self.positions), len(self.velocities)}
        if len(lengths) != 1:
            raise ValueError("joint names, positions and velocities differ in length")
        return self


class SceneObject(Model):
    """One object.

    Attributes:
        name: Unique in the scene.
        category: What it is: block, bowl, tray, mug, table, ...
        colour: Its main colour in one word, or None where it has none to speak of.
        pose: `T_world_object`.
        shape: In the object's frame.
        cavity: The hollow that can take other objects, if it has one.
        movable: False for furniture and fixtures.
        touching: Names of what it touches, the robot's links as "robot"; None where the perceiver cannot tell.
        held: True while both fingers hold it.
    """

    name: Name
    category: Name
    colour: Name | None = None
    pose: Pose
    shape: Shape
    cavity: Cavity | None = None
    movable: bool = True
    touching: tuple[Name, ...] | None = Field(default=None, max_length=64)
    held: bool = False

    def extent(self, direction: NDArray[np.float64]) -> float:
        """The largest coordinate of the object along a world direction [m]. Shape (3,), unit length."""
        local = self.pose.rotation.T @ direction
        return self.shape.support(local) + float(np.array(self.pose.position) @ direction)

    @property
    def bounds(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Lower and upper corner of the axis-aligned box around it in the world [m]. Shapes (3,), (3,)."""
        eye = np.eye(3)
        lower = np.array([-self.extent(-axis) for axis in eye])
        upper = np.array([self.extent(axis) for axis in eye])
        return lower, upper

    @property
    def size(self) -> tuple[float, float, float]:
        """Edge lengths of the box around it in its own frame [m]."""
        x, y, z = (self.shape.support(axis) + self.shape.support(-axis) for axis in np.eye(3))
        return (x, y, z)

    @property
    def centre(self) -> NDArray[np.float64]:
        """Centre of the axis-aligned box around it in the world [m]. Shape (3,)."""
        lower, upper = self.bounds
        centre: NDArray[np.float64] = (lower + upper) / 2
        return centre

    @property
    def tilt(self) -> float:
        """Angle between its own z axis and the vertical [rad]."""
        return float(np.arccos(np.clip(self.pose.rotation[2, 2], -1.0, 1.0)))


class Workspace(Model):
    """The box in which the tool may move and objects may be put down, in the world frame."""

    lower: Vector3 = Field(description="lower corner x, y, z [m]")
    upper: Vector3 = Field(description="upper corner x, y, z [m]")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if any(low >= high for low, high in zip(self.lower, self.upper, strict=True)):
            raise ValueError("each lower bound has to be below its upper bound")
        return self


class Scene(Model):
    """Everything that planning, compiling and verifying may know.

    Attributes:
        objects: With unique names; furniture included.
        robot: The arm's state.
        workspace: Where things may be put.
        time: World time of the observation [s].
        predicted: True if this is what a skill is expected to lead to, not what was seen.
        frames: The pictures of this look, for whoever reads pictures; never part of the JSON, the record keeps them as files.
    """

    objects: tuple[SceneObject, ...] = Field(max_length=256)
    robot: RobotState
    workspace: Workspace
    time: Annotated[float, Field(ge=0.0, le=1e7)] = Field(default=0.0, description="world time [s]")
    predicted: bool = False
    frames: SkipJsonSchema[tuple[CameraFrame, ...]] = Field(default=(), max_length=16, exclude=True, repr=False)

    @model_validator(mode="after")
    def _unique(self) -> Self:
        names = [thing.name for thing in self.objects]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"object names have to be unique; more than once: {', '.join(twice)}")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all objects, in the scene's order."""
        return tuple(thing.name for thing in self.objects)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def get(self, name: str) -> SceneObject:
        """The object of that name.

        Raises:
            UnknownName: There is none; names the nearest.
        """
        for thing in self.objects:
            if thing.name == name:
                return thing
        raise UnknownName("object", name, self.names)

    def frame(self, camera: str | None) -> CameraFrame | None:
        """The picture of a camera; None where there is none of it."""
        return next((frame for frame in self.frames if frame.name == camera), None)

    @property
    def held(self) -> SceneObject | None:
        """The object in the hand, if any."""
        return next((thing for thing in self.objects if thing.held), None)

    def replacing(self, *things: SceneObject, **changes: object) -> Scene:
        """A copy with the objects of the same names replaced, and other fields changed."""
        new = {thing.name: thing for thing in things}
        objects = tuple(new.get(thing.name, thing) for thing in self.objects)
        return self.model_copy(update={"objects": objects, **changes})
