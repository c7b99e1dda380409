"""What the compiler says when a primitive must not move the robot."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lmp.schema.base import Model, Name, Text

ViolationCode = Literal[
    "unknown_object",
    "not_seen",
    "not_movable",
    "no_gripper",
    "not_graspable",
    "already_holding",
    "not_holding",
    "does_not_fit",
    "no_free_place",
    "bad_shape",
    "out_of_range",
    "out_of_workspace",
    "unreachable",
    "joint_limit",
    "velocity_limit",
    "acceleration_limit",
    "jerk_limit",
    "speed_limit",
    "force_limit",
    "singularity",
    "branch_jump",
    "self_collision",
    "collision",
    "support_clearance",
    "end_error",
]

VIOLATIONS: dict[ViolationCode, str] = {
    "unknown_object": "a name that the scene does not have",
    "not_seen": "a pixel that is in no picture, shows nothing that could be used, or shows something else than was said",
    "not_movable": "an object that is fixed",
    "no_gripper": "the skill needs fingers, and the robot has none",
    "not_graspable": "no grasp fits between the fingers and stays clear of what is around, or something stands on the object",
    "already_holding": "the hand has to be empty and is not",
    "not_holding": "the object has to be in the hand and is not",
    "does_not_fit": "the object is too large for the place, or would not stand on it",
    "no_free_place": "something else takes the place up",
    "bad_shape": "a path shape whose numbers cannot be",
    "out_of_range": "a distance or an opening that the hand cannot do with this object",
    "out_of_workspace": "the tool, or what is moved, would leave the workspace",
    "unreachable": "no posture brings the tool to the pose",
    "joint_limit": "a joint would leave its range",
    "velocity_limit": "a joint would be too fast",
    "acceleration_limit": "a joint would speed up or slow down too hard",
    "jerk_limit": "a joint's acceleration would change too fast",
    "speed_limit": "the tool would be faster than was asked for",
    "force_limit": "more grip force than the gripper has",
    "singularity": "the arm would stretch so far that it loses a direction of motion",
    "branch_jump": "the pose can be reached only with a jump to another posture",
    "self_collision": "two parts of the arm would come too near to each other",
    "collision": "the arm, or what it carries, would come too near to an object",
    "support_clearance": "the arm, or what it carries, would come too near to furniture that things stand on",
    "end_error": "a segment would end elsewhere than at its goal",
}
"""What each code means."""


class Violation(Model):
    """One thing that is wrong, by how much, and when.

    Attributes:
        code: What kind of thing.
        message: One sentence with the facts below in words.
        value: What was found, in `unit`.
        limit: What is allowed, in `unit`.
        unit: Unit of value and limit.
        t: Time in the motion [s].
        joint: The joint that it is about.
        link: The robot link that it is about.
        object: The scene object that it is about.
        segment: The segment of the motion.
        hint: What would mend it.
    """

    code: ViolationCode
    message: Text
    value: float | None = Field(default=None, description="what was found [in `unit`]")
    limit: float | None = Field(default=None, description="what is allowed [in `unit`]")
    unit: str = ""
    t: float | None = Field(default=None, ge=0.0, description="time in the motion [s]")
    joint: Name | None = None
    link: Name | None = None
    object: Name | None = None
    segment: Name | None = None
    hint: Text = ""


class Verdict(Model):
    """A refusal to move: all violations of the best candidate, and how many candidates were tried."""

    kind: Literal["verdict"] = "verdict"
    skill: Name
    violations: tuple[Violation, ...] = Field(min_length=1, max_length=256)
    candidates: int = Field(default=1, ge=0, description="candidates (grasps, places, paths) that were tried [count]")
    predicted: bool = False

    def __str__(self) -> str:
        return "; ".join(violation.message for violation in self.violations)
