"""The budget of a run, so that nothing goes round for ever."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field

from lmp.schema.base import Model
from lmp.schema.exchange import ModelUse


class Budget(Model):
    """Limits of a run; the first that is reached ends it.

    Attributes:
        attempts_per_subgoal: Tries at one subgoal of one plan.
        replans: Failures that are answered by grounding or decomposing again.
        seconds: Wall time, checked before each motion and after each failure; a motion that has begun comes to its end.
        calls: Answers that models are asked for, re-asks included.
        tokens: Tokens sent to and answered by models, as far as providers tell.
        cost: Price of the tokens, as far as prices are known; None for no limit.
    """

    attempts_per_subgoal: Annotated[int, Field(ge=1, le=100, description="tries at one subgoal [count]")] = 5
    replans: Annotated[int, Field(ge=0, le=100, description="times that the plan is repaired or made again [count]")] = 12
    seconds: Annotated[float, Field(gt=0.0, le=86400.0, description="wall time [s]")] = 900.0

    calls: Annotated[int, Field(ge=0, le=100_000, description="answers that models are asked for [count]")] = 60
    tokens: Annotated[int, Field(ge=0, le=10**9, description="tokens of models, both ways [count]")] = 2_000_000
    cost: Annotated[float, Field(ge=0.0, le=1e6)] | None = Field(default=None, description="price of the tokens [USD]")

    def spent(self, attempts: int, replans: int, seconds: float) -> str | None:
        """The limit that is reached, in words; None while there is budget left."""
        late = self.overdue(seconds)
        if late is not None:
            return late
        if attempts >= self.attempts_per_subgoal:
            return f"all {self.attempts_per_subgoal} attempts at this subgoal are used"
        if replans >= self.replans:
            return f"all {self.replans} replans are used"
        return None

    def overdue(self, seconds: float) -> str | None:
        """The complaint that the wall time is used up, in words; None while there is some left.

        Args:
            seconds: Wall time of the run so far [s].
        """
        if seconds < self.seconds:
            return None
        digits = min(6, max(0, 1 - math.floor(math.log10(self.seconds))))
        return f"{seconds:.{digits}f} s of the {self.seconds:.{digits}f} s budget are used"

    def spent_on_models(self, use: ModelUse) -> str | None:
        """The limit on models that is reached, in words; None while there is budget left."""
        tokens = use.input_tokens + use.output_tokens
        if use.calls >= self.calls:
            return f"all {self.calls} calls of models are used"
        if tokens >= self.tokens:
            return f"{tokens} of the {self.tokens} tokens for models are used"
        if self.cost is not None and use.cost is not None and use.cost >= self.cost:
            return f"{use.cost:.4f} USD of the {self.cost:.4f} USD for models are used"
        return None
