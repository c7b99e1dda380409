"""One finding on a robot file."""

from __future__ import annotations

from typing import Literal

from lmp.schema.base import Model, Text

Weight = Literal["problem", "warning", "note"]
Topic = Literal["file", "urdf", "limits", "sources", "posture", "gripper", "pairs"]


class RobotFinding(Model):
    """One finding on a robot file.

    Attributes:
        topic: What it belongs to.
        weight: A problem keeps the robot from being used; a warning will show sooner or later; a note is worth knowing.
        message: One sentence with the facts.
        hint: What a person can do about it; empty where nothing needs to be done.
    """

    topic: Topic
    weight: Weight
    message: Text
    hint: Text = ""


def usable(findings: tuple[RobotFinding, ...]) -> bool:
    """True if the robot can be used."""
    return all(finding.weight != "problem" for finding in findings)
