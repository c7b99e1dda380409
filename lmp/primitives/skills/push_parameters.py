"""The parameters of a push: how far an object goes, or where a joint of it."""

from __future__ import annotations

import math
from typing import Literal, Self

from pydantic import Field, model_validator

from lmp.schema.base import Model, Name
from lmp.schema.shape import ObjectJoint
from lmp.schema.skill import SkillParameters
from lmp.schema.visual import PixelPair

SHORTEST, LONGEST = 0.01, 0.4
"""Displacements that are possible [m]."""
SPEED = 0.08
"""Largest speed of a push; faster, objects slide on after the gripper has stopped [m/s]."""


class JointGoal(Model):
    """Goal of a joint of an object, as a position or as a share of its range: of a drawer, share 0 is closed."""

    name: Name
    value: float | None = Field(default=None, ge=-10.0, le=10.0, description="position, m where it slides, else rad [m or rad]")
    share: float | None = Field(
        default=None, ge=0.0, le=1.0, description="share of its range, 0 the lower and 1 the upper end [dimensionless]"
    )

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.value is None) == (self.share is None):
            raise ValueError("give either `value` or `share` of the joint")
        return self

    def position(self, joint: ObjectJoint) -> float:
        """The position that is meant [m] or [rad]."""
        return joint.lower + self.share * (joint.upper - joint.lower) if self.share is not None else self.value or 0.0


class PushParameters(SkillParameters):
    """Slide an object along what it stands on, or a part of it along its joint."""

    kind: Literal["push"] = "push"
    object: Name
    dx: float = Field(default=0.0, ge=-LONGEST, le=LONGEST, description="displacement away from the robot [m]")
    dy: float = Field(default=0.0, ge=-LONGEST, le=LONGEST, description="displacement to the left [m]")
    along: PixelPair | None = Field(
        default=None, description="from a pixel on the object to the pixel where that point is to go; dx and dy stay 0 then"
    )
    joint: JointGoal | None = Field(
        default=None, description="joint of the object to push instead, and where to; dx and dy stay 0 then, `along` null"
    )

    @model_validator(mode="after")
    def _possible(self) -> Self:
        length = math.hypot(self.dx, self.dy)
        if self.joint is not None:
            if length > 0.0 or self.along is not None:
                raise ValueError("give `joint`, or how far the object itself goes (`dx` and `dy`, or `along`), not both")
        elif self.along is not None:
            if length > 0.0:
                raise ValueError("give either `dx` and `dy`, or `along`, not both")
        elif not SHORTEST <= length <= LONGEST:
            raise ValueError(
                f"the displacement is {length:.3f} m long; it has to be between {SHORTEST} m and {LONGEST} m, "
                "or give `along` or `joint`"
            )
        return self
