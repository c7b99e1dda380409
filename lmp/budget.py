"""What a run may spend, so that nothing goes round for ever."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lmp.schema.base import Model


class Budget(Model):
    """Limits of a run; the first that is reached ends it.

    Attributes:
        attempts_per_subgoal: Tries at one subgoal of one plan.
        replans: Failures that are answered by grounding or decomposing again.
        seconds: Wall time, checked between stages.
    """

    attempts_per_subgoal: Annotated[int, Field(ge=1, le=100, description="tries at one subgoal [count]")] = 5
    replans: Annotated[int, Field(ge=0, le=100, description="times that the plan is mended or made again [count]")] = 12
    seconds: Annotated[float, Field(gt=0.0, le=86400.0, description="wall time [s]")] = 900.0

    def spent(self, attempts: int, replans: int, seconds: float) -> str | None:
        """Which limit is reached, in words; None while there is budget left."""
        if seconds >= self.seconds:
            return f"{seconds:.0f} s of the {self.seconds:.0f} s budget are used"
        if attempts >= self.attempts_per_subgoal:
            return f"all {self.attempts_per_subgoal} attempts at this subgoal are used"
        if replans >= self.replans:
            return f"all {self.replans} replans are used"
        return None
