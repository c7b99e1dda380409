"""What the words come to before the state of the hand and of the piles is looked at: one task for each thing and place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from lmp.schema.condition import Condition
from lmp.schema.motion import Timing


@dataclass(frozen=True)
class Task:
    """One step: bring one thing into one state.

    Attributes:
        kind: hold it, put it somewhere, push it, or bring the arm home.
        object: The thing; "" for home.
        conditions: What has to hold afterwards.
        description: What happens, in words.
        why: Which words led to it.
        references: The other things that it is about.
        speed: Wished tool speed [m/s], None where nothing was said.
        timing: Wished spread over time, None where nothing was said.
        lift: For hold, how far up [m]; None where nothing was said.
        provisional: True for a place that nobody named, as in "take it out"; a next step for the same thing goes instead.
        transient: True for a stop-over that nobody asked for, as in a swap.
    """

    kind: Literal["hold", "put", "push", "home"]
    object: str
    conditions: tuple[Condition, ...]
    description: str
    why: str
    references: tuple[str, ...] = ()
    speed: float | None = None
    transient: bool = False
    lift: float | None = None
    provisional: bool = False
    timing: Timing | None = None

    @property
    def pace(self) -> dict[str, Any]:
        """The wishes for speed and timing, by their names; what is done for the sake of this task goes at its pace."""
        return {"speed": self.speed, "timing": self.timing}
