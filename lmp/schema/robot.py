"""A robot as data: which URDF, which joints with which limits from which source, its tool and its gripper."""

from __future__ import annotations

from typing import Annotated, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field, model_validator

from lmp.errors import SetupFault, nearest
from lmp.schema.base import Model, Name, Text
from lmp.schema.gripper import GripperDescription as GripperDescription
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


class RobotDescription(Model):
    """An arm, with a gripper or without one.

    Attributes:
        name: Its name in the catalogue.
        urdf: `package:path` of an installed data package, or a path relative to the robot file.
        packages: Folders of the packages that the URDF's meshes name, relative to the robot file; what is not here is looked
            up from the URDF upwards and in ROS_PACKAGE_PATH and AMENT_PREFIX_PATH.
        base: `T_world_base`.
        joints: The arm's joints, base to tip.
        groups: Named groups of joints, for reports by group.
        tool_link: Link that carries the tool point.
        T_link_tool: The tool point between the finger tips; z points out of the hand, y from finger to finger. Without a
            gripper: the middle of the flange, z out of it.
        gripper: The gripper; None for an arm that has none, which can move but not grasp.
        ignored_pairs: Pairs of links that touch by design, excluded from self collision.
        distant_pairs: Pairs of links that no posture brings within 0.025 m of each other; they need not be measured.
    """

    name: Name
    description: Text = ""
    urdf: Annotated[str, Field(min_length=1, max_length=256)]
    packages: dict[Name, Annotated[str, Field(min_length=1, max_length=1024)]] = Field(default_factory=dict)
    base: Pose = Pose()
    joints: tuple[JointLimits, ...] = Field(min_length=1, max_length=16)
    groups: dict[Name, tuple[Name, ...]] = Field(default_factory=dict)
    tool_link: Name
    T_link_tool: Pose
    gripper: GripperDescription | None = None
    ignored_pairs: tuple[tuple[Name, Name], ...] = Field(default=(), max_length=512)
    distant_pairs: tuple[tuple[Name, Name], ...] = Field(default=(), max_length=512)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = self.joint_names
        if len(set(names)) != len(names):
            raise ValueError("joint names have to be unique")
        known = {*names, *self.finger_joints}
        grouped = {joint for group in self.groups.values() for joint in group}
        if not grouped <= known:
            raise ValueError("; ".join(_unknown_in_group(name, known - grouped) for name in sorted(grouped - known)))
        return self

    @property
    def joint_names(self) -> tuple[str, ...]:
        """Names of the arm's joints, base to tip."""
        return tuple(joint.name for joint in self.joints)

    @property
    def rest(self) -> tuple[float, ...]:
        """The rest posture [rad]."""
        return tuple(joint.rest for joint in self.joints)

    @property
    def fingers(self) -> GripperDescription:
        """The gripper, for what cannot be done without one.

        Raises:
            SetupFault: The robot has none.
        """
        if self.gripper is None:
            raise SetupFault(f"The robot {self.name!r} has no gripper; choose one that has, or a robot file with [gripper].")
        return self.gripper

    @property
    def finger_joints(self) -> tuple[str, ...]:
        """Joints of the gripper; none without one."""
        return () if self.gripper is None else self.gripper.joints

    def finger_positions(self, width: ArrayLike) -> NDArray[np.float64]:
        """Where the joints of the gripper are at one width or many [m]; see `GripperDescription.joint_positions`."""
        if self.gripper is None:
            return np.zeros((*np.shape(width), 0))
        return self.gripper.joint_positions(width)

    @property
    def finger_links(self) -> tuple[str, ...]:
        """Links that may touch what is grasped; none without a gripper."""
        return () if self.gripper is None else self.gripper.links

    @property
    def max_width(self) -> float:
        """Largest distance between the fingers [m]; 0 without a gripper."""
        return 0.0 if self.gripper is None else self.gripper.max_width

    @property
    def max_force(self) -> float:
        """Largest continuous force of the fingers [N]; 0 without a gripper."""
        return 0.0 if self.gripper is None else self.gripper.max_force

    @property
    def tip_length(self) -> float:
        """How far the robot reaches past the tool point at most [m]; 0 without a gripper."""
        return 0.0 if self.gripper is None else self.gripper.tip_length


def _unknown_in_group(name: str, ungrouped: set[str]) -> str:
    """A joint of a group that the file does not give. Either name may be the misspelt one, so that both are told."""
    near = nearest(name, sorted(ungrouped))
    other = "" if near is None else f"; there is {near!r}, which no group names"
    return f"groups name {name!r}, for which no [[joints]] is given, nor is it in gripper.joints{other}"
