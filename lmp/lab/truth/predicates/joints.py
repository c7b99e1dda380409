"""Truths of joints: as the world reports their positions."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, JsonValue

from lmp.lab.truth.truth import TRUTHS, Finding, Predicate
from lmp.lab.truth.truth_snapshot import Snapshot
from lmp.schema.base import Name

SLACK = 0.005
"""How far a joint may be from where it is said to be, m where it slides, rad where it turns [m or rad]."""
Position = Annotated[float, Field(ge=-100.0, le=100.0)]


class JointTruth(Predicate):
    """Something that is asked of one joint."""

    object: Name
    joint: Name

    broken_by: ClassVar[tuple[str, ...]] = ("slide",)

    def judge(self, before: Snapshot, after: Snapshot) -> Finding:
        """By its position."""
        item = after.find(self.object)
        if item is None:
            return Finding(False, f"{self.object} is gone")
        if self.joint not in item.joints:
            return Finding(None, f"not judged: the world reports no joint {self.joint} of {self.object}")
        value = item.joints[self.joint]
        return Finding(self.is_there(value, after), f"{self.joint} of {self.object} is at {value:.3f}")

    def is_there(self, value: float, world: Snapshot) -> bool:
        """True if the position is as asked."""
        raise NotImplementedError(f"{type(self).__name__} does not say how it is judged")


@TRUTHS.register
class JointAtLeastTruth(JointTruth):
    """At a position or beyond it."""

    kind: Literal["joint_at_least"] = "joint_at_least"
    value: Position = Field(description="smallest position [m or rad]")

    example: ClassVar[dict[str, JsonValue]] = {"object": "cabinet", "joint": "drawer", "value": 0.15}

    def is_there(self, value: float, world: Snapshot) -> bool:
        """Not short of it."""
        return value >= self.value - SLACK


@TRUTHS.register
class JointAtMostTruth(JointTruth):
    """At a position or before it."""

    kind: Literal["joint_at_most"] = "joint_at_most"
    value: Position = Field(description="largest position [m or rad]")

    example: ClassVar[dict[str, JsonValue]] = {"object": "cabinet", "joint": "drawer", "value": 0.01}

    def is_there(self, value: float, world: Snapshot) -> bool:
        """Not beyond it."""
        return value <= self.value + SLACK


@TRUTHS.register
class JointShareTruth(JointTruth):
    """Between two shares of the range that the scene file gives it."""

    kind: Literal["joint_share"] = "joint_share"
    least: Annotated[float, Field(ge=0.0, le=1.0)] = Field(default=0.0, description="smallest share [dimensionless]")
    most: Annotated[float, Field(ge=0.0, le=1.0)] = Field(default=1.0, description="largest share [dimensionless]")

    example: ClassVar[dict[str, JsonValue]] = {"object": "cabinet", "joint": "drawer", "most": 0.05}

    def is_there(self, value: float, world: Snapshot) -> bool:
        """By the joint's range."""
        low, high = world.ranges[self.object][self.joint]
        slack = SLACK / (high - low)
        return self.least - slack <= (value - low) / (high - low) <= self.most + slack
