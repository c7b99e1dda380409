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


def _found(scene: Scene, name: str, joint: str) -> tuple[ObjectJoint, float] | Measured:
    """A joint and its position, or why it cannot be measured."""
    known = {each.name: each for each in scene.get(name).joints}
    if joint not in known:
        return Measured.undecided(f"{name} has no joint {joint}; it has {', '.join(known) or 'none'}")
    value = known[joint].value
    return Measured.undecided(f"where {joint} of {name} is is not known") if value is None else (known[joint], value)


def _words(joint: ObjectJoint, value: float) -> str:
    return f"{joint.name} is at {value:.3f} {joint.unit}, of {joint.lower:.3f} to {joint.upper:.3f} {joint.unit}"


@CONDITIONS.register
class JointAtLeast(Condition):
    """A joint of the object is at a position or beyond it, towards the upper end of its range."""

    kind: Literal["joint_at_least"] = "joint_at_least"
    object: Subject
    joint: Name
    value: Position = Field(description="smallest position, m where it slides, rad where it turns [m or rad]")

    said: ClassVar[str] = "{joint} of {object} at least {value:.4g}"
    example: ClassVar[dict[str, JsonValue]] = {"object": "cabinet", "joint": "drawer", "value": 0.15}

    def measure(self, scene: Scene) -> Measured:
        """Its position."""
        found = _found(scene, self.object, self.joint)
        if isinstance(found, Measured):
            return found
        joint, value = found
        return Measured.by(_words(joint, value), value - self.value, unit=joint.unit, doubts=DOUBT)


@CONDITIONS.register
class JointAtMost(Condition):
    """A joint of the object is at a position or before it, towards the lower end of its range."""

    kind: Literal["joint_at_most"] = "joint_at_most"
    object: Subject
    joint: Name
    value: Position = Field(description="largest position, m where it slides, rad where it turns [m or rad]")

    said: ClassVar[str] = "{joint} of {object} at most {value:.4g}"
    example: ClassVar[dict[str, JsonValue]] = {"object": "cabinet", "joint": "drawer", "value": 0.01}

    def measure(self, scene: Scene) -> Measured:
        """Its position."""
        found = _found(scene, self.object, self.joint)
        if isinstance(found, Measured):
            return found
        joint, value = found
        return Measured.by(_words(joint, value), self.value - value, unit=joint.unit, doubts=DOUBT)


@CONDITIONS.register
class JointShare(Condition):
    """A joint of the object is between two shares of its range, 0 its lower end and 1 its upper: closed, half open, open."""

    kind: Literal["joint_share"] = "joint_share"
    object: Subject
    joint: Name
    least: Share = Field(default=0.0, description="smallest share of the range [dimensionless]")
    most: Share = Field(default=1.0, description="largest share of the range [dimensionless]")

    said: ClassVar[str] = "{joint} of {object} {least:.0%} to {most:.0%} of its range"
    example: ClassVar[dict[str, JsonValue]] = {"object": "cabinet", "joint": "drawer", "least": 0.0, "most": 0.05}

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.least > self.most:
            raise ValueError(f"`least` {self.least:g} is above `most` {self.most:g}")
        return self

    def measure(self, scene: Scene) -> Measured:
        """The share of the range that its position is."""
        found = _found(scene, self.object, self.joint)
        if isinstance(found, Measured):
            return found
        joint, value = found
        share, doubt = ((part / (joint.upper - joint.lower)) for part in (value - joint.lower, DOUBT))
        words = f"{_words(joint, value)}: {share:.0%} of its range"
        return Measured.by(words, share - self.least, self.most - share, unit="1", doubts=doubt)
