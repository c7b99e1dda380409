"""A robot as data: which URDF, which joints with which limits from which source, its tool and its gripper."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from lmp.schema.base import Model, Name, Text
from lmp.schema.pose import Pose


class JointLimits(Model):
    """One arm joint.

    Attributes:
        name: As in the URDF.
        source: Where the limits come from; "assumed" in it marks figures that the maker does not publish.
    """

    name: Name
    lower: float = Field(ge=-100.0, le=100.0, description="lower end of its range [rad]")
    upper: float = Field(ge=-100.0, le=100.0, description="upper end of its range [rad]")
    velocity: float = Field(gt=0.0, le=100.0, description="largest speed [rad/s]")
    acceleration: float = Field(gt=0.0, le=1e4, description="largest acceleration [rad/s^2]")
    jerk: float = Field(gt=0.0, le=1e6, description="largest jerk [rad/s^3]")
    rest: float = Field(ge=-100.0, le=100.0, description="position in the rest posture [rad]")
    source: Text

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.lower < self.rest < self.upper:
            raise ValueError(
                f"joint {self.name!r}: lower < rest < upper has to hold, got {self.lower}, {self.rest}, {self.upper}"
            )
        return self


class GripperDescription(Model):
    """A parallel gripper.

    Attributes:
        joints: Finger joints in the URDF, each moving half of the width.
        links: Links that may touch what is grasped.
    """

    joints: tuple[Name, ...] = Field(min_length=1, max_length=4)
    links: tuple[Name, ...] = Field(min_length=1, max_length=8)
    max_width: float = Field(gt=0.0, le=0.5, description="largest distance between the fingers [m]")
    speed: float = Field(gt=0.0, le=1.0, description="closing speed of the width [m/s]")
    force: float = Field(gt=0.0, le=200.0, description="default grasp force [N]")
    max_force: float = Field(gt=0.0, le=200.0, description="largest continuous force [N]")
    finger_depth: float = Field(gt=0.0, le=0.2, description="how far the finger pads reach back from the tool point [m]")
    tip_length: float = Field(ge=0.0, le=0.1, description="how far the fingers reach past the tool point [m]")
    finger_width: float = Field(gt=0.0, le=0.1, description="width of a finger across the closing direction [m]")
    finger_thickness: float = Field(gt=0.0, le=0.1, description="thickness of a finger's tip along the closing direction [m]")
    hand_width: float = Field(gt=0.0, le=0.5, description="outline of the palm across the closing direction [m]")
    hand_length: float = Field(gt=0.0, le=0.5, description="outline of the palm along the closing direction [m]")


class RobotDescription(Model):
    """An arm with a gripper.

    Attributes:
        name: Its name in the catalogue.
        urdf: `package:path` of an installed data package, or a path relative to the robot file.
        base: `T_world_base`.
        joints: The arm's joints, base to tip.
        groups: Named groups of joints, for reports by group.
        tool_link: Link that carries the tool point.
        T_link_tool: The tool point between the finger tips; z points out of the hand, y from finger to finger.
        gripper: The gripper.
        ignored_pairs: Pairs of links that touch by design, excluded from self collision.
    """

    name: Name
    description: Text = ""
    urdf: Annotated[str, Field(min_length=1, max_length=256)]
    base: Pose = Pose()
    joints: tuple[JointLimits, ...] = Field(min_length=1, max_length=16)
    groups: dict[Name, tuple[Name, ...]] = Field(default_factory=dict)
    tool_link: Name
    T_link_tool: Pose
    gripper: GripperDescription
    ignored_pairs: tuple[tuple[Name, Name], ...] = Field(default=(), max_length=512)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = self.joint_names
        if len(set(names)) != len(names):
            raise ValueError("joint names have to be unique")
        known = {*names, *self.gripper.joints}
        unknown = sorted({joint for group in self.groups.values() for joint in group} - known)
        if unknown:
            raise ValueError(f"groups name joints that do not exist: {', '.join(unknown)}")
        return self

    @property
    def joint_names(self) -> tuple[str, ...]:
        """Names of the arm's joints, base to tip."""
        return tuple(joint.name for joint in self.joints)

    @property
    def rest(self) -> tuple[float, ...]:
        """The rest posture [rad]."""
        return tuple(joint.rest for joint in self.joints)
