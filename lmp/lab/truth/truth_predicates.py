"""What a task asks of the world, as data: predicates over objects by name, and all, any and not of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lmp.schema.base import Model, Name

Side = Literal["left", "right", "forward", "backward"]
Within = Annotated[float, Field(gt=0.0, le=0.5)]
Shift = Annotated[float, Field(ge=-1.0, le=1.0)]


class Holds(Model):
    """A relation of an object to another one.

    Attributes:
        kind: `on`: stands on it. `in`: lies in its hollow. `left_of`, `right_of`, `in_front_of` (nearer to the robot),
            `behind`: clearly on that side. `next_to`: at most 10 cm away from it.
    """

    kind: Literal["on", "in", "left_of", "right_of", "in_front_of", "behind", "next_to"]
    object: Name
    reference: Name


class Between(Model):
    """The object stands between two others."""

    kind: Literal["between"] = "between"
    object: Name
    first: Name
    second: Name


class Held(Model):
    """The hand holds the object."""

    kind: Literal["held"] = "held"
    object: Name


class Cleared(Model):
    """Nothing stands on or lies in the object."""

    kind: Literal["cleared"] = "cleared"
    object: Name


class At(Model):
    """The object's middle is at a place."""

    kind: Literal["at"] = "at"
    object: Name
    x: Shift = Field(description="forward coordinate [m]")
    y: Shift = Field(description="leftward coordinate [m]")
    within: Within = Field(default=0.03, description="largest horizontal distance from there [m]")


class MovedBy(Model):
    """The object's middle was displaced along the table."""

    kind: Literal["moved_by"] = "moved_by"
    object: Name
    dx: Shift = Field(default=0.0, description="displacement away from the robot [m]")
    dy: Shift = Field(default=0.0, description="displacement to the left [m]")
    within: Within = Field(default=0.03, description="largest horizontal distance from the goal [m]")


class Moved(Model):
    """The object's middle was displaced along the table in one of four directions."""

    kind: Literal["moved"] = "moved"
    object: Name
    direction: Side
    distance: Within = Field(description="how far [m]")
    within: Within = Field(default=0.03, description="largest horizontal distance from the goal [m]")


class NotMoved(Model):
    """The object is still where it was, and was not tipped."""

    kind: Literal["not_moved"] = "not_moved"
    object: Name
    within: Within = Field(default=0.02, description="largest horizontal distance from its start [m]")


class All(Model):
    """Every one of them."""

    kind: Literal["all"] = "all"
    of: tuple[Predicate, ...] = Field(min_length=1, max_length=64)


class AnyOf(Model):
    """At least one of them."""

    kind: Literal["any"] = "any"
    of: tuple[Predicate, ...] = Field(min_length=1, max_length=64)


class Not(Model):
    """The opposite."""

    kind: Literal["not"] = "not"
    of: Predicate


Predicate = Annotated[
    Holds | Between | Held | Cleared | At | MovedBy | Moved | NotMoved | All | AnyOf | Not, Field(discriminator="kind")
]

All.model_rebuild()
AnyOf.model_rebuild()
Not.model_rebuild()
