"""The chains of a robot, their joints' limits and what stands at their ends, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from lmp.errors import nearest
from lmp.schema.base import Model, Name, Text
from lmp.schema.gripper import GripperDescription
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


class SuctionDescription(Model):
    """A suction cup or several: described and checked; no skill works with it yet.

    Attributes:
        links: Links that may touch what is held.
        source: Where the figures come from.
    """

    kind: Literal["suction"] = "suction"
    links: tuple[Name, ...] = Field(min_length=1, max_length=8)
    diameter: float = Field(gt=0.0, le=0.5, description="diameter of the cup [m]")
    max_force: float = Field(gt=0.0, le=1000.0, description="largest holding force [N]")
    source: Text = ""


class HeldChain(Model):
    """A chain that does not move: its joints stay at their rest positions, or where they are observed.

    Attributes:
        name: Its name.
        joints: Its joints, base to tip.
        tool_link: Link that carries its tool point; None for joints that only carry others, as of a torso or a base.
        T_link_tool: The tool point.
        effector: Name of what stands at its end; None for nothing.
        gripper, suction: What that is.
    """

    name: Name
    joints: tuple[JointLimits, ...] = Field(min_length=1, max_length=16)
    tool_link: Name | None = None
    T_link_tool: Pose = Pose()
    effector: Name | None = None
    gripper: GripperDescription | None = None
    suction: SuctionDescription | None = None

    @property
    def finger_joints(self) -> tuple[str, ...]:
        """Joints of its gripper."""
        return () if self.gripper is None else self.gripper.joints

    @property
    def rest(self) -> dict[str, float]:
        """Positions at which its joints are held, the gripper open, by name [rad] or [m]."""
        fingers = (
            {}
            if self.gripper is None
            else dict(zip(self.gripper.joints, map(float, self.gripper.joint_positions(self.gripper.max_width)), strict=True))
        )
        return {**{joint.name: joint.rest for joint in self.joints}, **fingers}


FLAT = ("tool_link", "T_link_tool", "gripper", "suction", "held", "chain", "effector")
"""Fields of a robot that its chains give, where a file lists some."""


def with_chains_placed(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data of a robot file with the chain that moves in its own fields, and the others under `held`.

    A file with one arm need not list chains: its fields are those of the one that moves.

    Raises:
        ValueError: The lists do not fit together; says all of it.
    """
    chains, effectors = data.get("chains"), data.get("effectors", ())
    if chains is None:
        if "effectors" in data or "moves" in data:
            raise ValueError("effectors and moves belong to [[chains]], of which there is none")
        return dict(data)
    complaints = [f"{field}: [[chains]] give this; leave it out" for field in FLAT if field in data]
    if not isinstance(chains, list | tuple) or not chains or not all(isinstance(chain, Mapping) for chain in chains):
        raise ValueError("chains: a list of tables, at least 1 long, is needed")
    if not isinstance(effectors, list | tuple) or not all(isinstance(one, Mapping) for one in effectors):
        raise ValueError("effectors: a list of tables is needed")
    names = [str(chain.get("name", "")) for chain in chains]
    limits = {joint.get("name"): joint for joint in data.get("joints", ()) if isinstance(joint, Mapping)}
    ends = {str(one.get("name", "")): one for one in effectors}
    for kind, listed in (("chains", names), ("effectors", [str(one.get("name", "")) for one in effectors])):
        twice = sorted({name for name in listed if listed.count(name) > 1})
        complaints += [f"{kind}: more than one is named {name!r}" for name in twice]
    moves = data.get("moves", names[0] if len(names) == 1 else None)
    if moves is None:
        complaints.append(f"moves: which of the chains {', '.join(names)} moves has to be said")
    elif moves not in names:
        complaints.append(f"moves: there is no chain {moves!r}.{_near(moves, names)}")
    placed = [_placed(chain, limits, ends, complaints) for chain in chains]
    used = {str(name) for chain in chains for name in chain.get("joints", ())}
    complaints += [f"joints: {name!r} is in no chain.{_near(str(name), used)}" for name in limits if name not in used]
    if complaints:
        raise ValueError("; ".join(complaints))
    moving = next(chain for chain in placed if chain["name"] == moves)
    kept = {key: value for key, value in data.items() if key not in ("chains", "effectors", "moves", "joints")}
    own = {("chain" if key == "name" else key): value for key, value in moving.items()}
    return {**kept, **own, "held": [chain for chain in placed if chain is not moving]}


def _placed(
    chain: Mapping[str, Any], limits: Mapping[Any, Any], ends: Mapping[str, Any], complaints: list[str]
) -> dict[str, Any]:
    """One chain with its joints and its effector in it."""
    name, joints = chain.get("name", ""), chain.get("joints", ())
    complaints += [
        f"chains: {name!r} names the joint {joint!r}, for which no [[joints]] is given.{_near(joint, limits)}"
        for joint in joints
        if joint not in limits
    ]
    placed = {**chain, "joints": [limits[joint] for joint in joints if joint in limits]}
    end = chain.get("effector")
    if end is None:
        return placed
    if end not in ends:
        complaints.append(f"chains: {name!r} names the effector {end!r}, which is not there.{_near(end, ends)}")
        return placed
    kind, figures = ends[end].get("kind"), {key: value for key, value in ends[end].items() if key not in ("name", "kind")}
    if kind == "parallel":
        placed["gripper"] = figures
    elif kind == "suction":
        placed["suction"] = figures
    elif kind != "none" or figures:
        complaints.append(
            f"effectors: {end!r} is of kind {kind!r}; 'parallel', 'suction', or 'none' without figures is allowed"
        )
    return placed


def _near(name: str, known: Any) -> str:
    near = nearest(str(name), sorted(map(str, known)))
    return "" if near is None else f" Did you mean {near!r}?"
