"""The findings on a motion: how it was followed, whether its conditions hold, and where its objects are."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lmp.schema.base import Model, Name, Text, Vector3
from lmp.schema.condition import AnyCondition
from lmp.schema.evidence import Evidence
from lmp.schema.outcome import Outcome


class ConditionResult(Model):
    """One condition, tested.

    Attributes:
        measured: What was found, in words with units.
        holds: Whether it holds.
    """

    condition: AnyCondition
    holds: bool
    measured: Text
    margin: Annotated[float, Field(ge=-1e6, le=1e6)] | None = Field(
        default=None, description="by how much it holds, negative where it fails, null where it is yes or no [in `unit`]"
    )
    unit: str = ""


class ObjectState(Model):
    """The state of an object after a motion that failed.

    Attributes:
        place: In the gripper, on or in something, fallen off what carried it, in the air, or nowhere to be seen.
        support: What it rests on or in.
        lying: True if it lies on its side or upside down.
        reachable: False if the arm cannot go where it is.
    """

    object: Name
    place: Literal["held", "on", "in", "fallen", "in_air", "missing"]
    support: Name | None = None
    lying: bool = False
    reachable: bool = True
    position: Vector3 | None = Field(default=None, description="centre in the robot's frame [m]")

    def __str__(self) -> str:
        match self.place:
            case "held":
                where = "is held"
            case "on" | "in":
                where = f"is {self.place} {self.support}"
            case "fallen":
                where = "has fallen off what carried it"
            case "in_air":
                where = "rests on nothing"
            case "missing":
                where = "is no longer there"
        at = "" if self.position is None else " at ({:.2f}, {:.2f}, {:.2f}) m".format(*self.position)
        more = [", on its side" if self.lying else "", "" if self.reachable else ", out of reach"]
        return f"{self.object} {where}{at}{''.join(more)}"


class Verification(Model):
    """The findings of a verifier.

    Attributes:
        outcome: Success, or the class of the failure.
        results: Every condition, tested.
        states: Where the objects of the subgoal are.
        message: The finding in words.
    """

    outcome: Outcome
    results: tuple[ConditionResult, ...] = Field(default=(), max_length=64)
    states: tuple[ObjectState, ...] = Field(default=(), max_length=64)
    message: Text = ""

    def __str__(self) -> str:
        return f"{self.outcome.value}: {self.message or self.outcome.message}"


class Retarget(Model):
    """A chunk of a closed loop that gave the segment under way another end.

    Attributes:
        segment: The segment.
        about: The object that it follows; None for another reason.
    """

    t: float = Field(ge=0.0, description="time in the motion [s]")
    segment: Name
    about: Name | None = None
    distance: float = Field(ge=0.0, description="distance of the segment's new end from where it would have ended [m]")

    def __str__(self) -> str:
        what = "" if self.about is None else f" after {self.about}"
        return f"{self.segment}{what} at t = {self.t:.2f} s, its end {self.distance * 1000:.0f} mm farther on"


class Execution(Model):
    """The events while a motion was followed.

    Attributes:
        outcome: Success if it was followed to its end, else why it was stopped.
        evidence: What was seen when the motion was stopped by the monitor, or by a closed loop; None if neither did.
        retargets: New ends of segments under way, by a closed loop, in order; empty for what was followed as it was compiled.
        commanded: Name of the trajectory that was commanded, in the run folder, where chunks made it another than the compiled
            one: it replays without an observation.
    """

    outcome: Outcome
    message: Text = ""
    duration: Annotated[float, Field(ge=0.0, description="time that was followed [s]")]
    tracking_error: Annotated[float, Field(ge=0.0, description="largest difference of a joint from its command [rad]")]
    gripper_width: Annotated[float, Field(ge=0.0, description="distance between the fingers at the end [m]")]
    velocity: Annotated[float, Field(ge=0.0)] = Field(
        default=0.0, description="largest share of a velocity limit that the sent commands used [dimensionless]"
    )
    acceleration: Annotated[float, Field(ge=0.0)] = Field(
        default=0.0, description="largest share of an acceleration limit that the sent commands used [dimensionless]"
    )
    evidence: Evidence | None = None
    retargets: tuple[Retarget, ...] = Field(default=(), max_length=4096)
    commanded: Name | None = None
