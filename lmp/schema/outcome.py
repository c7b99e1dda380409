"""How the world answered: outcomes as values, whose text is the message."""

from __future__ import annotations

import enum
from typing import Annotated, Literal

from pydantic import Field

from lmp.schema.base import Model, Name, Text, Vector3
from lmp.schema.condition import Condition
from lmp.schema.evidence import Evidence


class Outcome(enum.StrEnum):
    """How a subgoal or a whole run ended."""

    SUCCEEDED = "succeeded"
    PLANNED = "planned"
    MISSED_GRASP = "missed_grasp"
    DROPPED = "dropped"
    OBJECT_MOVED = "object_moved"
    OBJECT_MISSING = "object_missing"
    OUT_OF_REACH = "out_of_reach"
    TOPPLED = "toppled"
    GOAL_BLOCKED = "goal_blocked"
    CONDITION_NOT_MET = "condition_not_met"
    UNEXPECTED_CONTACT = "unexpected_contact"
    TRACKING_ERROR = "tracking_error"
    TIMED_OUT = "timed_out"
    NOT_UNDERSTOOD = "not_understood"
    ABSENT = "absent"
    AMBIGUOUS = "ambiguous"
    IMPOSSIBLE = "impossible"
    INFEASIBLE = "infeasible"
    REJECTED = "rejected"
    OUT_OF_BUDGET = "out_of_budget"
    ROBOT_FAILED = "robot_failed"
    RECORD_FAILED = "record_failed"
    PLANNER_FAILED = "planner_failed"
    WRONG_USE = "wrong_use"
    INTERRUPTED = "interrupted"
    UNFINISHED = "unfinished"
    NOT_RUN = "not_run"

    @property
    def message(self) -> str:
        """The outcome in one sentence."""
        return _MESSAGES[self]

    @property
    def detected(self) -> str:
        """What tells it apart from the others."""
        return _DETECTED[self]


_MESSAGES = {
    Outcome.SUCCEEDED: "The conditions held after the motion.",
    Outcome.PLANNED: "Every subgoal has a checked motion; nothing was moved.",
    Outcome.MISSED_GRASP: "The gripper closed and does not hold the object.",
    Outcome.DROPPED: "The object left the gripper before it was put down.",
    Outcome.OBJECT_MOVED: "The object is not where it was when the motion was planned.",
    Outcome.OBJECT_MISSING: "The object is no longer in the scene.",
    Outcome.OUT_OF_REACH: "The object is where the arm cannot go: off the table, or too far away.",
    Outcome.TOPPLED: "The object lies on its side.",
    Outcome.GOAL_BLOCKED: "Something stands where the object has to go.",
    Outcome.CONDITION_NOT_MET: "The motion ended and a condition does not hold.",
    Outcome.UNEXPECTED_CONTACT: "The arm, or what it carries, pressed on something harder than the skill does; it was stopped.",
    Outcome.TRACKING_ERROR: "The arm did not follow the trajectory and was stopped.",
    Outcome.TIMED_OUT: "The motion did not end in its time; the arm was stopped.",
    Outcome.NOT_UNDERSTOOD: "The instruction was not understood; nothing was moved.",
    Outcome.ABSENT: "Something that the instruction names is not there.",
    Outcome.AMBIGUOUS: "The instruction could mean several things.",
    Outcome.IMPOSSIBLE: "What the instruction asks for cannot be.",
    Outcome.INFEASIBLE: "No checked motion exists for a subgoal.",
    Outcome.REJECTED: "A person did not approve the motion.",
    Outcome.OUT_OF_BUDGET: "The budget of attempts or time was spent.",
    Outcome.ROBOT_FAILED: "The robot or its world failed; the arm was stopped.",
    Outcome.RECORD_FAILED: "The record of the run could not be written; the arm was stopped.",
    Outcome.PLANNER_FAILED: "The planner broke, or gave an answer of the wrong kind.",
    Outcome.WRONG_USE: "The command or a file that it names is wrong; nothing was moved.",
    Outcome.INTERRUPTED: "A person stopped the run; the arm is at rest.",
    Outcome.UNFINISHED: "The run has not ended: it is still going on, or it was cut off.",
    Outcome.NOT_RUN: "The run ended before this subgoal.",
}

_DETECTED = {
    Outcome.SUCCEEDED: "Every condition holds in the scene after the motion; at the end of the run, all that has to last.",
    Outcome.PLANNED: "Every subgoal compiled on its real or predicted scene.",
    Outcome.MISSED_GRASP: "While moving: a grasp has ended, and not all fingers touch its object. "
    "Afterwards: it is not held, and lies where it was.",
    Outcome.DROPPED: "While moving: fingers have been off what they carry for longer than contacts chatter. "
    "Afterwards: it was held, is not, and lies away from its goal. Before the next motion: the hand is empty.",
    Outcome.OBJECT_MOVED: "While moving: just before it is touched it is farther from its place than the segment allows. "
    "Afterwards: it is not held and has moved sideways.",
    Outcome.OBJECT_MISSING: "The scene does not have it: at the look just before it is touched, or afterwards.",
    Outcome.OUT_OF_REACH: "Afterwards: it lies below the table's top, or no part of it is in the workspace.",
    Outcome.TOPPLED: "Afterwards: its upright leans by more than 40 degrees, and did not before.",
    Outcome.GOAL_BLOCKED: "Afterwards: something stands on, in or at the goal that did not before. "
    "Before the next motion: the compiler finds no free place.",
    Outcome.CONDITION_NOT_MET: "Afterwards: a success condition does not hold, and no narrower class fits.",
    Outcome.UNEXPECTED_CONTACT: "While moving: a contact force is over the segment's limit for longer than a knock, "
    "or at once where it is four times over.",
    Outcome.TRACKING_ERROR: "While moving: a joint is farther from its command than allowed. "
    "Before moving: the arm is not where the trajectory starts.",
    Outcome.TIMED_OUT: "While moving: the last sample is past, and the arm does not arrive.",
    Outcome.NOT_UNDERSTOOD: "The planner refuses: words or grammar that it does not know.",
    Outcome.ABSENT: "The planner refuses: no object of the scene fits the words.",
    Outcome.AMBIGUOUS: "The planner refuses: several objects fit the words.",
    Outcome.IMPOSSIBLE: "The planner refuses: geometry or the order of the steps forbids it.",
    Outcome.INFEASIBLE: "The compiler gives a verdict instead of a trajectory: its violations say what, by how much and when. "
    "Or the planner refuses: it sees beforehand that no motion can exist.",
    Outcome.REJECTED: "A person, asked before the motion, said no.",
    Outcome.OUT_OF_BUDGET: "A count of attempts or replans, or the wall time, has reached its limit between two stages.",
    Outcome.ROBOT_FAILED: "The robot or its world raised an error.",
    Outcome.RECORD_FAILED: "A file of the record could not be written or is not as it was written.",
    Outcome.PLANNER_FAILED: "The planner raised an error, or its answer is not of the type that was asked for.",
    Outcome.WRONG_USE: "A name, a file or a setting was refused before a run began.",
    Outcome.INTERRUPTED: "Ctrl-C or a signal to end; or a run was taken up whose process had ended during a motion.",
    Outcome.UNFINISHED: "The run folder has no episode: its process runs, or was killed.",
    Outcome.NOT_RUN: "An earlier subgoal ended the run.",
}


class ConditionResult(Model):
    """One condition, tested.

    Attributes:
        measured: What was found, in words with units.
        holds: Whether it holds.
    """

    condition: Condition
    holds: bool
    measured: Text


class ObjectState(Model):
    """Where something is after a motion that failed.

    Attributes:
        place: In the hand, on or in something, off the table, in the air, or nowhere to be seen.
        support: What it rests on or in.
        lying: True if it lies on its side or upside down.
        reachable: False if the arm cannot go where it is.
    """

    object: Name
    place: Literal["held", "on", "in", "off_table", "in_air", "missing"]
    support: Name | None = None
    lying: bool = False
    reachable: bool = True
    position: Vector3 | None = Field(default=None, description="centre in the world [m]")

    def __str__(self) -> str:
        match self.place:
            case "held":
                where = "is held"
            case "on" | "in":
                where = f"is {self.place} {self.support}"
            case "off_table":
                where = "has fallen off the table"
            case "in_air":
                where = "rests on nothing"
            case "missing":
                where = "is no longer there"
        at = "" if self.position is None else " at ({:.2f}, {:.2f}, {:.2f}) m".format(*self.position)
        more = [", on its side" if self.lying else "", "" if self.reachable else ", out of reach"]
        return f"{self.object} {where}{at}{''.join(more)}"


class Verification(Model):
    """What a verifier found.

    Attributes:
        outcome: SUCCEEDED, or the class of the failure.
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


class Execution(Model):
    """What happened while a trajectory was followed.

    Attributes:
        outcome: SUCCEEDED if it was followed to its end, else why it was stopped.
        evidence: What the monitor saw when it stopped the motion; None if it did not.
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
