"""The typed parts of a motion that every skill shares: its shape and its timing."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lmp.schema.base import Model

Side = Literal["left", "right", "front", "behind"]
"""A side of something as the robot sees it: its left or right, front nearer to the robot, behind farther away."""
Timing = Literal["keep", "fastest"]
"""The spread of a path over time: with the minimum-jerk profile that it was made with, or as fast as its limits allow."""
Angle = Annotated[float, Field(ge=-3.1416, le=3.1416)]
Width = Annotated[float, Field(ge=0.0, le=0.5)]
Direction = Literal["up", "down", "left", "right", "forward", "backward"]

Phase = Annotated[float, Field(ge=0.15, le=0.8)]


class Bulge(Model):
    """One bulge of the path away from the straight line.

    Attributes:
        direction: As the robot sees it: forward is away from it.
        phase: Where on the path the largest deviation is reached; 0 is the start, 0.5 half way, 1 the end.
        amount: The largest deviation along the direction.
    """

    direction: Direction
    phase: Phase = Field(
        default=0.5, description="phase at which the deviation is largest, early 0.25, middle 0.5, late 0.75 [dimensionless]"
    )
    amount: float = Field(gt=0.0, le=0.5, description="largest deviation from the straight path [m]")


class Bulges(Model):
    """The path's shape as bulges; each is reached exactly, but those along one axis add up."""

    kind: Literal["bulges"] = "bulges"
    bulges: tuple[Bulge, ...] = Field(min_length=1, max_length=4)


WeightRow = Annotated[tuple[Annotated[float, Field(ge=-0.5, le=0.5)], ...], Field(min_length=1, max_length=32)]


Preset = Literal["default", "textbook", "lmp-2602.02839"]
"""The movement primitive that weights belong to, with all its constants."""


class Weights(Model):
    """The path's shape as DMP weights: static displacement of each basis function; zero means straight.

    Attributes:
        preset: The primitive that they are weights of. `default` starts and ends at rest whatever the weights, and meets
            its goal; `textbook` (Ijspeert et al. 2013) and `lmp-2602.02839` (eleven weights, the published recurrence) are
            followed as they are: they set off abruptly, and weights near the end leave it beside the goal.
    """

    kind: Literal["weights"] = "weights"
    preset: Preset = Field(default="default", description="primitive whose weights these are; leave it out for the default")
    x: WeightRow = Field(description="weights forward, away from the robot, evenly spaced over the phase [m]")
    y: WeightRow = Field(description="weights to the robot's left, as many as along x [m]")
    z: WeightRow = Field(description="weights upward, as many as along x [m]")


def preset_of(shape: Bulges | Weights | None) -> Preset:
    """The preset that a path's shape belongs to; bulges are of the default one."""
    return shape.preset if isinstance(shape, Weights) else "default"


PathShape = Annotated[Bulges | Weights, Field(discriminator="kind")]
