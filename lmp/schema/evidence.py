"""The evidence of a monitor that stopped a motion: the signal, its value, its limit, and when."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lmp.schema.base import Model, Name, Text

Signal = Literal["grip_lost", "grip_empty", "contact_force", "tracking_error", "displacement", "overrun", "no_chunk"]
"""The signals that are watched at the control rate; `SIGNALS` describes each."""

SIGNALS: dict[Signal, str] = {
    "grip_lost": "share of the fingers that still touch what is carried [1], or the width between them [m]",
    "grip_empty": "share of the fingers that touch what they closed on [1], or the width between them [m]",
    "contact_force": "force between the robot, or what it carries, and something else [N]; each segment has its limit",
    "tracking_error": "distance of a joint from its command [rad]",
    "displacement": "distance of an object from where it was perceived, just before it is touched [m]; "
    "of one that is gone, how often it is seen [1]",
    "overrun": "time beyond the end of the motion [s]",
    "no_chunk": "what is wrong with each chunk that a closed loop could go on with [1]: how many violations the last one has",
}
"""The quantity of each signal, with its unit."""


class Evidence(Model):
    """The reason why a motion was stopped.

    Attributes:
        signal: What was watched.
        value: What was measured, in `unit`.
        limit: What is allowed, in `unit`.
        t: Time in the motion.
        segment: The segment in which it happened.
        about: The object, joint or link that it is about.
        other: The second object of a contact.
        words: More about it in words, where a number does not say it.
        picture: Label of the pictures of that moment in the run folder; None where none were taken.
    """

    signal: Signal
    value: float = Field(description="what was measured [in `unit`]")
    limit: float = Field(description="what is allowed [in `unit`]")
    unit: Literal["N", "m", "rad", "s", "1"]
    t: Annotated[float, Field(ge=0.0)] = Field(description="time in the motion [s]")
    segment: Name | None = None
    about: Name | None = None
    other: Name | None = None
    words: Text = ""
    picture: Text | None = None

    def __str__(self) -> str:
        where = f" in {self.segment!r}" if self.segment else ""
        what = " and ".join(name for name in (self.about, self.other) if name)
        unit = "" if self.unit == "1" else f" {self.unit}"
        return (
            f"{self.signal.replace('_', ' ')}{f' of {what}' if what else ''}: {self.value:.3g}{unit}, "
            f"limit {self.limit:.3g}{unit}, at t = {self.t:.2f} s{where}{f': {self.words}' if self.words else ''}"
        )


class Touch(Model):
    """The contacts that the gripper feels at one control tick.

    Attributes:
        gripped: What both fingers press on; None for nothing.
        fingers: How many fingers touch each object that any finger touches.
        force: Largest force between the robot, or what it grips, and anything else; the grip itself does not count.
        link: The robot's link, or the gripped object, on which that force acts.
        against: What it acts against.
    """

    gripped: Name | None = None
    fingers: dict[Name, Annotated[int, Field(ge=0, le=8)]] = Field(
        default_factory=dict, description="number of fingers that touch each object [count]"
    )
    force: float = Field(default=0.0, ge=0.0, description="largest contact force that is not the grip [N]")
    link: Name | None = None
    against: Name | None = None
