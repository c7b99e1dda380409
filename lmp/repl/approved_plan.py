"""A model's plan as it was approved: what is grounded stays so, the rest the model grounds once it is reached."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from lmp.repl.model_backing import ModelBacking
from lmp.schema.episode import History
from lmp.schema.exchange import ModelUse
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.proposal import Proposal
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.stages import AsksModel, Backing


class ApprovedModelPlan:
    """A planner whose first answer is the approved plan; what goes wrong after it is the inner planner's business.

    Args:
        steps: The subgoals; a primitive of None is asked for when its turn comes.
        inner: The planner that made the plan, and asks a model.
        asked: What it asked before the run.
    """

    asks_model: ClassVar[bool] = True
    certifies: ClassVar[bool] = True

    def __init__(self, steps: Sequence[tuple[Subgoal, SkillParameters | None]], inner: AsksModel, asked: ModelBacking):
        self.inner = inner
        self._steps, self._asked = tuple(steps), asked

    @property
    def use(self) -> ModelUse:
        """The use of models by the inner planner."""
        return self.inner.use

    @use.setter
    def use(self, value: ModelUse) -> None:
        self.inner.use = value

    @property
    def instruction(self) -> str:
        """The instruction that the inner planner's questions are about."""
        return self.inner.instruction

    @instruction.setter
    def instruction(self, value: str) -> None:
        self.inner.instruction = value

    def lend(self, backing: Backing) -> None:
        """Lends to the inner planner; what that asked for this plan is handed over with it."""
        self.inner.lend(self._asked.handed_over(backing))

    def draft(self, subgoal: Subgoal, scene: Scene) -> SkillParameters | None:
        """The approved primitive, else the inner planner's draft."""
        return self._approved(subgoal, None) or self.inner.draft(subgoal, scene)

    def decompose(self, instruction: str, scene: Scene, history: History | None = None) -> tuple[Subgoal, ...] | Refusal:
        """The approved plan; once an attempt at it has been made, what the inner planner makes of that."""
        if history is None or not history.attempts:
            self.inner.instruction = instruction
            return tuple(subgoal for subgoal, _ in self._steps)
        return self.inner.decompose(instruction, scene, history)

    def propose(
        self, subgoal: Subgoal, scene: Scene, history: History | None = None, most: int = 1
    ) -> tuple[Proposal, ...] | Refusal:
        """The approved primitive at the first try; after that, and where there is none, the inner planner's."""
        approved = self._approved(subgoal, history)
        return self.inner.propose(subgoal, scene, history, most) if approved is None else (Proposal(primitive=approved),)

    def _approved(self, subgoal: Subgoal, history: History | None) -> SkillParameters | None:
        if history is not None and any(attempt.subgoal == subgoal for attempt in history.attempts):
            return None
        return next((primitive for planned, primitive in self._steps if planned == subgoal), None)
