"""The typed parts of a motion that every skill shares: its shape, its timing, where it goes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lmp.schema.base import Model, Name

Direction = Literal["up", "down", "left", "right", "forward", "backward"]

Phase = Annotated[float, Field(ge=0.15, le=0.8)]


class Bulge(Model):
    """One bulge of the path away from the straight line.

    Attributes:
        direction: In the world frame, as the robot sees it: left is +y, forward is +x.
        phase: Where on the path the largest deviation is reached; 0 is the start, 0.5 half way, 1 the end.
        amount: The largest deviation along the direction.
    """

    direction: Direction
    phase: Phase = Field(
        default=0.5, description="phase at which the deviation is largest, early 0.25, middle 0.5, late 0.75 [dimensionless]"
    )
    amount: float = Field(gt=0.0, le=0.5, description="largest deviation from the straight path [m]")


class Bulges(Model):
    """The path's shape as bulges; each is reached exactly."""

    kind: Literal["bulges"] = "bulges"
    bulges: tuple[Bulge, ...] = Field(min_length=1, max_length=4)


WeightRow = Annotated[tuple[Annotated[float, Field(ge=-0.5, le=0.5)], ...], Field(min_length=1, max_length=32)]


class Weights(Model):
    """The path's shape as DMP weights of the default preset: static displacement of each basis; zero means straight."""

    kind: Literal["weights"] = "weights"
    x: WeightRow = Field(description="weights along x, evenly spaced over the phase [m]")
    y: WeightRow = Field(description="weights along y, as many as along x [m]")
    z: WeightRow = Field(description="weights along z, as many as along x [m]")


PathShape = Annotated[Bulges | Weights, Field(discriminator="kind")]


class OnTarget(Model):
    """On top of an object or the table."""

    kind: Literal["on"] = "on"
    support: Name


class InTarget(Model):
    """Inside a container."""

    kind: Literal["in"] = "in"
    container: Name


class BesideTarget(Model):
    """On the same support as the reference, on one side of it, or on whichever side is free."""

    kind: Literal["beside"] = "beside"
    reference: Name
    side: Literal["left", "right", "front", "behind", "any"] = Field(
        default="any", description="the robot's left (+y), right (-y), front (nearer, -x), behind (farther, +x)"
    )
    gap: float = Field(default=0.03, gt=0.0, le=0.2, description="free distance between the two [m]")


class BetweenTarget(Model):
    """Half way between two objects."""

    kind: Literal["between"] = "between"
    first: Name
    second: Name


class AtTarget(Model):
    """At a place of the world.

    Attributes:
        support: What it has to stand on there; None for the highest thing that is there.
    """

    kind: Literal["at"] = "at"
    x: float = Field(ge=-2.0, le=2.0, description="forward coordinate of the object's centre [m]")
    y: float = Field(ge=-2.0, le=2.0, description="leftward coordinate of the object's centre [m]")
    support: Name | None = None


PlaceTarget = Annotated[OnTarget | InTarget | BesideTarget | BetweenTarget | AtTarget, Field(discriminator="kind")]
