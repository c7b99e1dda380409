"""The state of a kinematic world as a small JSON file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError, model_validator

from lmp.errors import BadFile, UnknownName
from lmp.files.data_complaints import complaints_of
from lmp.files.data_file import read_text
from lmp.schema.base import FloatArray, Model, Name, Text
from lmp.schema.scene_file import ObjectSpec
from lmp.schema.shape import Articulated
from lmp.sims.kinematic.body import Body
from lmp.sims.kinematic.gripper import Gripper
from lmp.sims.kinematic.inventory import Inventory
from lmp.sims.kinematic.kinematic_robot import KinematicRobot

MAX_BYTES = 16_000_000
"""The largest state that is read [bytes]."""


class Savable(Protocol):
    """The part of a kinematic world that changes."""

    ticks: int
    robot: KinematicRobot
    gripper: Gripper
    disturbances: list[str]
    inventory: Inventory


class SavedWorld(Model):
    """Everything that changes in a kinematic world."""

    ticks: Annotated[int, Field(ge=0, description="control ticks since the start [count]")]
    q: FloatArray = Field(description="joint positions [rad]")
    v: FloatArray = Field(description="joint velocities [rad/s]")
    width: float = Field(ge=0.0, description="distance between the fingers [m]")
    target: float = Field(ge=0.0, description="commanded distance between the fingers [m]")
    disturbances: tuple[Text, ...] = Field(default=(), max_length=1000)
    added: tuple[ObjectSpec, ...] = Field(default=(), max_length=256)
    bodies: dict[Name, FloatArray] = Field(description="T_world_body, translations in metres [m]")
    joints: dict[Name, dict[Name, float]] = Field(
        default_factory=dict, description="positions of the objects' joints, by object and joint [m or rad]"
    )
    held: tuple[tuple[Name, FloatArray], ...] = Field(description="T_tool_body of what moves with the tool [m]")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for name, matrix in (*self.bodies.items(), *self.held):
            if not _is_rigid(matrix):
                raise ValueError(f"the pose of {name!r} is not a rigid transform of shape (4, 4)")
        if absent := [name for name, _ in self.held if name not in self.bodies]:
            raise ValueError(f"{', '.join(absent)} is in the gripper and is no body")
        if self.q.ndim != 1 or self.v.shape != self.q.shape:
            raise ValueError(f"q and v have to have one number a joint, got shapes {self.q.shape} and {self.v.shape}")
        return self

    @classmethod
    def of(cls, world: Savable) -> Self:
        """The state of a world."""
        return cls(
            ticks=world.ticks,
            q=world.robot.q,
            v=world.robot.v,
            width=world.gripper.width,
            target=world.gripper.target,
            disturbances=tuple(world.disturbances),
            added=tuple(world.inventory.added),
            bodies={body.name: body.T_world_body for body in world.inventory.bodies},
            joints={
                body.name: {joint.name: joint.value for joint in body.shape.joints if joint.value is not None}
                for body in world.inventory.bodies
                if isinstance(body.shape, Articulated)
            },
            held=tuple((body.name, T_tool_body) for body, T_tool_body in world.gripper.held),
        )

    @classmethod
    def read(cls, path: Path) -> Self:
        """The state in a file.

        Raises:
            BadFile: It cannot be read, or is not such a state.
        """
        try:
            return cls.model_validate_json(read_text(path, MAX_BYTES))
        except ValidationError as error:
            wrong = complaints_of(error, cls)
            raise BadFile(str(path), ["It is not the saved state of a kinematic world.", *wrong]) from error

    def apply(self, world: Savable) -> None:
        """Puts a world of the same objects into this state.

        Raises:
            BadFile: The world has other objects or joints.
        """
        if self.q.shape != world.robot.q.shape:
            raise BadFile("the saved world", [f"It has {len(self.q)} joints; the world has {len(world.robot.q)}."])
        world.inventory.become(self.added, self.bodies)
        bodies = {body.name: body for body in world.inventory.bodies}
        world.disturbances = list(self.disturbances)
        world.ticks = self.ticks
        world.robot.q, world.robot.v = np.array(self.q), np.array(self.v)
        world.gripper.width, world.gripper.target = self.width, self.target
        for name, matrix in self.bodies.items():
            bodies[name].T_world_body = np.array(matrix)
        for name, values in self.joints.items():
            _set_joints(bodies.get(name), name, values)
        world.gripper.held = [(bodies[name], np.array(matrix)) for name, matrix in self.held]


def _set_joints(body: Body | None, name: str, values: dict[str, float]) -> None:
    if body is None or not isinstance(body.shape, Articulated):
        raise BadFile("the saved world", [f"It has joints of {name!r}, which has none in this world."])
    try:
        body.shape = body.shape.with_values(dict(values))
    except (UnknownName, ValueError) as error:
        raise BadFile("the saved world", [f"It has joints of {name!r} that do not fit: {error}"]) from error


def _is_rigid(matrix: NDArray[np.float64]) -> bool:
    if matrix.shape != (4, 4) or not np.array_equal(matrix[3], (0.0, 0.0, 0.0, 1.0)):
        return False
    R = matrix[:3, :3]
    return bool(np.abs(matrix).max() <= 100.0 and np.allclose(R @ R.T, np.eye(3), atol=1e-6) and np.linalg.det(R) > 0)
