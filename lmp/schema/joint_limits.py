"""The limits of one joint, and where they come from."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from lmp.schema.base import Model, Name, Text


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
