"""Positions of an object's joints: a drawer, a door, a switch."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, JsonValue, model_validator

from lmp.schema.base import Name
from lmp.schema.condition import CONDITIONS, Condition, Measured
from lmp.schema.roles import Subject
from lmp.schema.scene import Scene
from lmp.schema.shape import ObjectJoint

DOUBT = 0.006
"""By how much a position has to be missed before the opposite is said of it [m] or [rad]."""
Position = Annotated[float, Field(ge=-100.0, le=100.0)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]


def _words(joint: ObjectJoint, value: float) -> str:
    return f"{joint.name} is at {value:.3f} {joint.unit}, of {joint.lower:.3f} to {joint.upper:.3f} {joint.unit}"


class _JointCondition(Condition):
    """A condition of where a joint of an object is."""

    object: Subject
    joint: Name

    def measure(self, scene: Scene) -> Measured:
        """Its position; undecided where that is not known."""
        known = {each.name: each for each in scene.get(self.object).joints}
        if self.joint not in known:
            return Measured.undecided(f"{self.object} has no joint {self.joint}; it has {', '.join(known) or 'none'}")
        value = known[self.joint].value
        if value is None:
            return Measured.undecided(f"where {self.joint} of {self.object} is is not known")
        return self._measured(known[self.joint], value)

    def _measured(self, joint: ObjectJoint, value: float) -> Measured:
        raise NotImplementedError(f"{type(self).__name__} does not say how it is measured")


@CONDITIONS.register
class JointAtLeast(_JointCondition):
    """A joint of the object is at a position or beyond it, towards the upper end of its range."""

    kind: Literal["joint_at_least"] = "joint_at_least"
    value: Position = Field(description="smallest position, m where it slides, rad where it turns [m or rad]")

    said: ClassVar[str] = "{joint} of {object} at least {value:.4g}"
    example: ClassVar[dict[str, JsonValue]] = {"object": "cabinet", "joint": "drawer", "value": 0.15}

    def _measured(self, joint: ObjectJoint, value: float) -> Measured:
        return Measured.by(_words(joint, value), value - self.value, unit=joint.unit, doubts=DOUBT)


@CONDITIONS.register
class JointAtMost(_JointCondition):
    """A joint of the object is at a position or before it, towards the lower end of its range."""

    kind: Literal["joint_at_most"] = "joint_at_most"
    value: Position = Field(description="largest position, m where it slides, rad where it turns [m or rad]")

    said: ClassVar[str] = "{joint} of {object} at most {value:.4g}"
    example: ClassVar[dict[str, JsonValue]] = {"object": "cabinet", "joint": "drawer", "value": 0.01}

    def _measured(self, joint: ObjectJoint, value: float) -> Measured:
        return Measured.by(_words(joint, value), self.value - value, unit=joint.unit, doubts=DOUBT)


@CONDITIONS.register
class JointShare(_JointCondition):
    """A joint of the object is between two shares of its range, 0 its lower end and 1 its upper: closed, half open, open."""

    kind: Literal["joint_share"] = "joint_share"
    least: Share = Field(default=0.0, description="smallest share of the range [dimensionless]")
    most: Share = Field(default=1.0, description="largest share of the range [dimensionless]")

    said: ClassVar[str] = "{joint} of {object} {least:.0%} to {most:.0%} of its range"
    example: ClassVar[dict[str, JsonValue]] = {"object": "cabinet", "joint": "drawer", "least": 0.0, "most": 0.05}

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.least > self.most:
            raise ValueError(f"`least` {self.least:g} is above `most` {self.most:g}")
        return self

    def _measured(self, joint: ObjectJoint, value: float) -> Measured:
        share, doubt = ((part / (joint.upper - joint.lower)) for part in (value - joint.lower, DOUBT))
        words = f"{_words(joint, value)}: {share:.0%} of its range"
        return Measured.by(words, share - self.least, self.most - share, unit="1", doubts=doubt)
