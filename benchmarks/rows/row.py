"""One line of the table: what was measured, beside what, and what it has to reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Row:
    """A measurement with its target.

    Attributes:
        work: What is done.
        ours: What it takes here, in words with a unit.
        peer: What it is compared with and what that takes, in words with a unit.
        measured: The number that counts: a ratio, an error, a share.
        sense: Whether the target is a floor or a ceiling.
        target: The floor or ceiling.
        unit: Of measured and target: "x" for a ratio.
    """

    work: str
    ours: str
    peer: str
    measured: float
    sense: Literal["at least", "at most"]
    target: float
    unit: str = "x"

    @property
    def met(self) -> bool:
        """Whether the target is reached."""
        return self.measured >= self.target if self.sense == "at least" else self.measured <= self.target
