"""A robot as data: which URDF, which joints with which limits from which source, its tool and its gripper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field, model_validator

from lmp.errors import SetupFault, UnknownName, nearest
from lmp.schema.base import Model, Name, Text
from lmp.schema.chain import HeldChain, SuctionDescription, with_chains_placed
from lmp.schema.chain import JointLimits as JointLimits
from lmp.schema.gripper import GripperDescription as GripperDescription
from lmp.schema.pose import Pose


class RobotDescription(Model):
    """An arm, with a gripper or without one.

    Attributes:
        name: Its name in the registry.
        urdf: `package:path` of an installed data package, or a path relative to the robot file.
        packages: Folders of the packages that the URDF's meshes name, relative to the robot file; what is not here is looked
            up from the URDF upwards and in ROS_PACKAGE_PATH and AMENT_PREFIX_PATH.
        base: `T_world_base`: where the robot stands, x to where it faces, y to its left; all directions are this frame's.
        T_base_root: The root link of the URDF in the base frame, for URDFs whose root does not look to where the arm faces.
        joints: The arm's joints, base to tip.
        groups: Named groups of joints, for reports by group.
        tool_link: Link that carries the tool point.
        T_link_tool: The tool point between the finger tips; z points out of the gripper, y from finger to finger. Without a
            gripper: the middle of the flange, z out of it.
        gripper: The gripper; None for an arm that has none, which can move but not grasp.
        suction: A suction cup in place of it.
        chain: Name of the chain that moves: the fields above are its own.
        effector: Name of what stands at its end; None for nothing.
        held: The other chains, which do not move. A file lists them all as `[[chains]]`, with `moves`; see `schema.chain`.
        ignored_pairs: Pairs of links that touch by design, excluded from self collision.
        distant_pairs: Pairs of links that no posture brings within 0.025 m of each other; they need not be measured.
    """

    name: Name
    description: Text = ""
    urdf: Annotated[str, Field(min_length=1, max_length=256)]
    packages: dict[Name, Annotated[str, Field(min_length=1, max_length=1024)]] = Field(default_factory=dict)
    base: Pose = Pose()
    T_base_root: Pose = Pose()
    joints: tuple[JointLimits, ...] = Field(min_length=1, max_length=16)
    groups: dict[Name, tuple[Name, ...]] = Field(default_factory=dict)
    tool_link: Name
    T_link_tool: Pose
    gripper: GripperDescription | None = None
    suction: SuctionDescription | None = None
    chain: Name = "arm"
    effector: Name | None = None
    held: tuple[HeldChain, ...] = Field(default=(), max_length=16)
    ignored_pairs: tuple[tuple[Name, Name], ...] = Field(default=(), max_length=512)
    distant_pairs: tuple[tuple[Name, Name], ...] = Field(default=(), max_length=512)

    @model_validator(mode="before")
    @classmethod
    def _chains_placed(cls, data: Any) -> Any:
        return with_chains_placed(data) if isinstance(data, Mapping) else data

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = (*self.joint_names, *self.held_rest)
        if len(set(names)) != len(names):
            raise ValueError("joint names have to be unique")
        known = {*names, *self.finger_joints}
        grouped = {joint for group in self.groups.values() for joint in group}
        if not grouped <= known:
            raise ValueError("; ".join(_unknown_in_group(name, known - grouped) for name in sorted(grouped - known)))
        return self

    @property
    def T_world_root(self) -> Pose:
        """The root link of the URDF in the world."""
        return self.base @ self.T_base_root

    @property
    def joint_names(self) -> tuple[str, ...]:
        """Names of the arm's joints, base to tip."""
        return tuple(joint.name for joint in self.joints)

    @property
    def rest(self) -> tuple[float, ...]:
        """The rest posture [rad]."""
        return tuple(joint.rest for joint in self.joints)

    @property
    def held_rest(self) -> dict[str, float]:
        """Positions of the joints of the chains that do not move, by name [rad] or [m]."""
        return {name: value for chain in self.held for name, value in chain.rest.items()}

    def held_at(self, observed: Mapping[str, float]) -> RobotDescription:
        """The robot with joints of chains that do not move held where they are observed, by name [rad] or [m].

        Raises:
            SetupFault: One of them is none of these.
        """
        unknown = sorted(observed.keys() - self.held_rest.keys())
        if unknown:
            raise SetupFault(f"{self.name!r} holds no joint {unknown[0]!r}; it holds {', '.join(self.held_rest) or 'none'}.")
        held = []
        for chain in self.held:
            joints = tuple(joint.model_copy(update={"rest": observed.get(joint.name, joint.rest)}) for joint in chain.joints)
            held.append(chain.model_copy(update={"joints": joints}))
        return self.model_copy(update={"held": tuple(held)})

    def moving(self, name: str) -> RobotDescription:
        """The robot with another of its chains moving, and this one held.

        Raises:
            UnknownName: It has no chain of that name that could move.
        """
        if name == self.chain:
            return self
        chosen = next((chain for chain in self.held if chain.name == name and chain.tool_link is not None), None)
        if chosen is None:
            raise UnknownName("chain", name, (self.chain, *(chain.name for chain in self.held if chain.tool_link is not None)))
        fields = ("joints", "tool_link", "T_link_tool", "effector", "gripper", "suction")
        own = HeldChain(name=self.chain, **{field: getattr(self, field) for field in fields})
        held = tuple(own if chain is chosen else chain for chain in self.held)
        return self.model_copy(update={"chain": name, "held": held, **{field: getattr(chosen, field) for field in fields}})

    @property
    def fingers(self) -> GripperDescription:
        """The gripper, for what cannot be done without one.

        Raises:
            SetupFault: The robot has none.
        """
        if self.suction is not None:
            raise SetupFault(f"The robot {self.name!r} has a suction cup, with which no skill works yet.")
        if self.gripper is None:
            raise SetupFault(f"The robot {self.name!r} has no gripper; choose one that has, or a robot file with [gripper].")
        return self.gripper

    @property
    def finger_joints(self) -> tuple[str, ...]:
        """Joints of the gripper; none without one."""
        return () if self.gripper is None else self.gripper.joints

    def finger_positions(self, width: ArrayLike) -> NDArray[np.float64]:
        """Positions of the gripper's joints at one width or many [m]; see `GripperDescription.joint_positions`."""
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
        """Length by which the robot reaches past the tool point at most [m]; 0 without a gripper."""
        return 0.0 if self.gripper is None else self.gripper.tip_length


def _unknown_in_group(name: str, ungrouped: set[str]) -> str:
    """A joint of a group that the file does not give. Either name may be the misspelt one, so that both are told."""
    near = nearest(name, sorted(ungrouped))
    other = "" if near is None else f"; there is {near!r}, which no group names"
    return f"groups name {name!r}, for which no [[joints]] is given, nor is it in gripper.joints{other}"
