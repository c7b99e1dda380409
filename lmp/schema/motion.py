"""The typed parts of a motion that every skill shares: its shape, its timing, where it goes."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from lmp.schema.base import Model, Name
from lmp.schema.visual import PixelBox, PixelPoint

Side = Literal["left", "right", "front", "behind"]
"""A side of something as the robot sees it: its left or right, front nearer to the robot, behind farther away."""
Timing = Literal["keep", "fastest"]
"""How a path is spread over time: with the minimum-jerk profile that it was made with, or as fast as its limits allow."""
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


class Weights(Model):
    """The path's shape as DMP weights of the default preset: static displacement of each basis; zero means straight."""

    kind: Literal["weights"] = "weights"
    x: WeightRow = Field(description="weights forward, away from the robot, evenly spaced over the phase [m]")
    y: WeightRow = Field(description="weights to the robot's left, as many as along x [m]")
    z: WeightRow = Field(description="weights upward, as many as along x [m]")


PathShape = Annotated[Bulges | Weights, Field(discriminator="kind")]


class OnTarget(Model):
    """On top of an object, or at the nearest free place of a table or other furniture, a tray or a plate."""

    kind: Literal["on"] = "on"
    support: Name


class InTarget(Model):
    """Inside a container, at a free place that leaves room for more."""

    kind: Literal["in"] = "in"
    container: Name


class BesideTarget(Model):
    """On the same support as the reference, on one side of it, or on whichever side is free."""

    kind: Literal["beside"] = "beside"
    reference: Name
    side: Literal["left", "right", "front", "behind", "any"] = Field(
        default="any", description="the robot's left or right, front (nearer to the robot), behind (farther away)"
    )
    gap: float = Field(default=0.03, gt=0.0, le=0.2, description="free distance between the two [m]")


class BetweenTarget(Model):
    """Half way between two objects, or at the nearest free place to that on the line between them."""

    kind: Literal["between"] = "between"
    first: Name
    second: Name


class AtTarget(Model):
    """At a place counted from the robot's base, or at an offset from the centre of an object.

    Attributes:
        support: What it has to stand on there; None for the highest thing that is there.
        frame: Object from whose centre x and y are counted; None for the robot's base.
        axes: Along which axes x and y are counted: the robot's, forward and left; or the frame object's own, turned with it.
    """

    kind: Literal["at"] = "at"
    x: float = Field(ge=-2.0, le=2.0, description="where the centre of what is placed comes to be, forward of the origin [m]")
    y: float = Field(ge=-2.0, le=2.0, description="where the centre of what is placed comes to be, left of the origin [m]")
    support: Name | None = None
    frame: Name | None = Field(
        default=None, description="object from whose centre x and y are counted; null for the robot's base"
    )
    axes: Literal["robot", "object"] = Field(
        default="robot", description="axes of x and y: robot is its forward and left, object is the frame object's own x and y"
    )

    @model_validator(mode="after")
    def _axes_of_something(self) -> Self:
        if self.axes == "object" and self.frame is None:
            raise ValueError("`axes` 'object' needs a `frame`: the object whose axes are meant")
        return self


class PointTarget(PixelPoint):
    """At the surface that a pixel shows: at that point of furniture or a flat top, or in the container that is seen there.

    In a container it comes as near to the point as there is room. A pixel on the side of a thing stands for the middle of its
    top.
    """

    kind: Literal["point"] = "point"


class BoxTarget(PixelBox):
    """In a box of a picture: in or on the object that fills most of it, else in the middle of the free ground in it."""

    kind: Literal["box"] = "box"


NamedTarget = OnTarget | InTarget | BesideTarget | BetweenTarget | AtTarget
PlaceTarget = Annotated[NamedTarget | PointTarget | BoxTarget, Field(discriminator="kind")]
