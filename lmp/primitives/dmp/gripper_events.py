"""Gripper commands by phase: typed, and never hidden in weights."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from lmp.errors import SetupFault
from lmp.schema.trajectory import GripperEvent


@dataclass(frozen=True)
class GripperCue:
    """The gripper is told to go to a width when the motion reaches a phase.

    Attributes:
        action: "close" grasps, "open" releases.
        phase: In [0, 1] of its segment [dimensionless].
        width: Commanded distance between the fingers [m].
        force: Largest force of the fingers [N].
    """

    action: Literal["open", "close"]
    phase: float
    width: float
    force: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.phase <= 1.0:
            raise SetupFault(f"A gripper command at phase {self.phase} came; the phase has to lie in [0, 1].")


def timed(cues: Iterable[GripperCue], start: float, duration: float) -> tuple[GripperEvent, ...]:
    """The commands of one segment at their instants in the trajectory, in order of time.

    Args:
        cues: In any order; those at one phase keep theirs.
        start: Instant at which the segment starts [s].
        duration: Duration of the segment [s].

    Raises:
        SetupFault: If the start is negative or the duration is not positive.
    """
    if not (start >= 0.0 and duration > 0.0):
        raise SetupFault(f"A segment from {start} s for {duration} s came; start >= 0 and duration > 0 have to hold.")
    ordered = sorted(cues, key=lambda cue: cue.phase)
    return tuple(
        GripperEvent(t=start + cue.phase * duration, action=cue.action, width=cue.width, force=cue.force) for cue in ordered
    )
