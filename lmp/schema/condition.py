"""Success conditions: typed predicates over a scene. Their meaning is defined in `lmp/meaning/relations.py`.

Directions are the robot's: left is +y, right is -y, behind is farther away from its base (+x), in front of is nearer (-x).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lmp.schema.base import Model, Name, Vector3

Tolerance = Annotated[float, Field(gt=0.0, le=0.2)]


class On(Model):
    """The object rests on the support; on a tray or a plate that is its floor."""

    kind: Literal["on"] = "on"
    object: Name
    support: Name


class In(Model):
    """The object rests inside the container's cavity."""

    kind: Literal["in"] = "in"
    object: Name
    container: Name


class LeftOf(Model):
    """The object rests to the left (+y) of the reference, at most 0.20 m beside it and within 45 degrees of that direction."""

    kind: Literal["left_of"] = "left_of"
    object: Name
    reference: Name


class RightOf(Model):
    """The object rests to the right (-y) of the reference, at most 0.20 m beside it and within 45 degrees of that direction."""

    kind: Literal["right_of"] = "right_of"
    object: Name
    reference: Name


class InFrontOf(Model):
    """The object rests nearer to the robot (-x) than the reference, at most 0.20 m before it and within 45 degrees."""

    kind: Literal["in_front_of"] = "in_front_of"
    object: Name
    reference: Name


class Behind(Model):
    """The object rests farther from the robot (+x) than the reference, at most 0.20 m behind it and within 45 degrees."""

    kind: Literal["behind"] = "behind"
    object: Name
    reference: Name


class NextTo(Model):
    """The object rests close beside the reference, on any side, at most 0.08 m away."""

    kind: Literal["next_to"] = "next_to"
    object: Name
    reference: Name


class Between(Model):
    """The object rests between two references: the line from middle to middle passes through it."""

    kind: Literal["between"] = "between"
    object: Name
    first: Name
    second: Name


class Held(Model):
    """The object is in the hand and off its support."""

    kind: Literal["held"] = "held"
    object: Name


class At(Model):
    """The object rests with its centre at a place of the world."""

    kind: Literal["at"] = "at"
    object: Name
    x: Annotated[float, Field(ge=-2.0, le=2.0, description="forward coordinate of the centre [m]")]
    y: Annotated[float, Field(ge=-2.0, le=2.0, description="leftward coordinate of the centre [m]")]
    tolerance: Tolerance = Field(default=0.02, description="largest horizontal distance from the place [m]")


class MovedBy(Model):
    """The object rests at its origin plus a horizontal displacement.

    `origin` is where its centre was when the instruction was understood, so that the condition can be tested at any time.
    """

    kind: Literal["moved_by"] = "moved_by"
    object: Name
    origin: Vector3 = Field(description="centre of the object before the task, world x, y, z [m]")
    dx: Annotated[float, Field(ge=-1.0, le=1.0, description="displacement away from the robot [m]")]
    dy: Annotated[float, Field(ge=-1.0, le=1.0, description="displacement to the left [m]")]
    tolerance: Tolerance = Field(default=0.02, description="largest horizontal distance from the goal [m]")


class Cleared(Model):
    """Nothing rests on or in the object."""

    kind: Literal["cleared"] = "cleared"
    object: Name


Condition = Annotated[
    On | In | LeftOf | RightOf | InFrontOf | Behind | NextTo | Between | Held | At | MovedBy | Cleared,
    Field(discriminator="kind"),
]
