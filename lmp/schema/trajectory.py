"""A checked joint trajectory: samples, gripper events, segments, margins."""

from __future__ import annotations

from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from lmp.schema.base import FloatArray, Model, Name, Text, Vector3


class GripperEvent(Model):
    """The gripper is told to go to a width, with at most a force, at a time.

    Attributes:
        action: "close" grasps (stops at the object), "open" releases.
    """

    t: float = Field(ge=0.0, description="time in the trajectory [s]")
    action: Literal["open", "close"]
    width: float = Field(ge=0.0, le=1.0, description="commanded distance between the fingers [m]")
    force: float = Field(gt=0.0, le=200.0, description="largest force of the fingers [N]")


class Expected(Model):
    """The place at which an object has to be for a segment to begin, or with which a segment's end moves.

    Attributes:
        tolerance: How far it may have moved since it was perceived, or have been followed wrongly.
    """

    object: Name
    position: Vector3 = Field(description="origin of the object when it was perceived, in the world [m]")
    tolerance: float = Field(gt=0.0, le=0.2, description="allowed distance from there [m]")


class Segment(Model):
    """A stretch of the trajectory with one purpose.

    Attributes:
        name: approach, descend, grasp, lift, carry, lower, release, retreat, push, home, ...
        allowed_contacts: Pairs of names that may touch in it ("robot" or "fingers" for the robot's parts).
        carries: What has to be in the gripper while it lasts.
        takes: What has to be in the gripper at its end.
        expects: Where objects have to be when it begins; looked at just before.
        follows: The object with which its end moves, and where that was for this trajectory; None for an end that stays.
        force_limit: Largest force between the robot, or what it carries, and anything else; None does not watch it.
    """

    name: Name
    start: float = Field(ge=0.0, description="first instant [s]")
    end: float = Field(ge=0.0, description="last instant [s]")
    allowed_contacts: tuple[tuple[Name, Name], ...] = Field(default=(), max_length=64)
    carries: Name | None = None
    takes: Name | None = None
    expects: tuple[Expected, ...] = Field(default=(), max_length=16)
    follows: Expected | None = None
    force_limit: Annotated[float, Field(gt=0.0, le=1000.0)] | None = Field(
        default=None, description="largest contact force beside the grip [N]"
    )


class Margins(Model):
    """The distance of the trajectory from its limits; 1 would be at the limit for the shares.

    Attributes:
        joint_limit: Smallest distance to a joint limit.
        joint_limit_unit: Whether the joint that it is about turns or slides.
        velocity, acceleration, jerk: Largest share of a limit that is used.
        clearance: Smallest distance to anything that must not be touched; None where nothing is near enough to count.
        smallest_singular_value: Smallest singular value of the tool's Jacobian.
        end_error: Distance between the planned and the reached tool position at the segments' ends.
        stretch: Factor by which the requested duration had to grow.
    """

    joint_limit: float = Field(description="smallest distance to a joint limit [rad or m]")
    joint_limit_unit: Literal["rad", "m"] = "rad"
    velocity: float = Field(ge=0.0, description="largest share of a velocity limit [dimensionless]")
    acceleration: float = Field(ge=0.0, description="largest share of an acceleration limit [dimensionless]")
    jerk: float = Field(ge=0.0, description="largest share of a jerk limit [dimensionless]")
    clearance: float | None = Field(default=None, description="smallest distance to what must not be touched [m]")
    smallest_singular_value: float = Field(ge=0.0, description="smallest singular value of the Jacobian [dimensionless]")
    end_error: float = Field(ge=0.0, description="largest position error at a segment's end [m]")
    stretch: float = Field(ge=0.0, description="factor on the requested durations [dimensionless]")


class JointTrajectory(Model):
    """Joint motion sampled in time; it has passed all checks.

    Attributes:
        skill: The skill that it carries out.
        joint_names: In the order of the columns.
        times: Sample instants, strictly increasing from 0 [s]. Shape (n,).
        positions: Joint positions [rad]. Shape (n, dof).
        velocities: Joint velocities [rad/s]. Shape (n, dof).
        accelerations: Joint accelerations [rad/s^2]. Shape (n, dof).
        tool_path: Tool positions in the world [m]. Shape (n, 3).
        gripper: Gripper commands by time.
        segments: In order, without gaps.
        margins: Distances from the limits.
        candidate: Which grasp or place it uses, in words.
        notes: What the compiler did beyond the plain path: stretched, repaired.
        predicted: True if it was compiled on a predicted scene, so that it must not be executed.
    """

    kind: Literal["trajectory"] = "trajectory"
    skill: Name
    joint_names: tuple[Name, ...] = Field(max_length=32)
    times: FloatArray = Field(description="sample instants, strictly increasing from 0 [s]")
    positions: FloatArray = Field(description="joint positions by sample and joint [rad]")
    velocities: FloatArray = Field(description="joint velocities by sample and joint [rad/s]")
    accelerations: FloatArray = Field(description="joint accelerations by sample and joint [rad/s^2]")
    tool_path: FloatArray = Field(description="tool positions in the world by sample [m]")
    gripper: tuple[GripperEvent, ...] = Field(default=(), max_length=64)
    segments: tuple[Segment, ...] = Field(min_length=1, max_length=64)
    margins: Margins
    candidate: Text = ""
    notes: tuple[Text, ...] = Field(default=(), max_length=32)
    predicted: bool = False

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        n, dof = len(self.times), len(self.joint_names)
        if n < 2 or self.times.ndim != 1 or self.times[0] != 0.0 or (np.diff(self.times) <= 0).any():
            raise ValueError("times have to start at 0 and strictly increase, with two samples at least")
        for field, shape in (
            ("positions", (n, dof)),
            ("velocities", (n, dof)),
            ("accelerations", (n, dof)),
            ("tool_path", (n, 3)),
        ):
            if getattr(self, field).shape != shape:
                raise ValueError(f"{field} has shape {getattr(self, field).shape}, expected {shape}")
        return self

    @property
    def duration(self) -> float:
        """Time from the first to the last sample [s]."""
        return float(self.times[-1])

    @property
    def target(self) -> tuple[float, float, float]:
        """Position of the tool where it takes or lets go last, or where it ends if it does neither [m]."""
        acts = [event.t for event in self.gripper if event.t > 0.0]
        row = int(np.searchsorted(self.times, acts[-1])) if acts else len(self.times) - 1
        x, y, z = self.tool_path[min(row, len(self.times) - 1)]
        return float(x), float(y), float(z)

    def at(self, t: float) -> NDArray[np.float64]:
        """Joint positions at a time, linear between samples and held at both ends [rad]. Shape (dof,)."""
        clipped = min(max(t, 0.0), self.duration)
        return np.array([np.interp(clipped, self.times, column) for column in self.positions.T])
