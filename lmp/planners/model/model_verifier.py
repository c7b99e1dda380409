"""A verifier that asks the model, too: a success needs both it and the measurement."""

from __future__ import annotations

from lmp.meaning.failures import CONDITION_NOT_MET
from lmp.planners.model.model_planner import ModelPlanner
from lmp.schema.findings import Verification
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Subgoal
from lmp.schema.scene import Scene
from lmp.stages import Planner, Verifier

SURE = 0.5
"""How sure the model has to be for its "no" to count [dimensionless]."""


class ModelVerifier:
    """Adds a model's look at the pictures to another verifier; it can only make it stricter.

    Args:
        verifier: What measures.
        planner: Whose model is asked.
    """

    def __init__(self, verifier: Verifier, planner: ModelPlanner):
        self._verifier, self._planner = verifier, planner

    def verify(self, subgoal: Subgoal, before: Scene, after: Scene) -> Verification:
        """The measurement; where it says success, the model is asked and may object.

        Raises:
            ModelFault: The model gave no valid answer within the re-asks and the budget.
        """
        measured = self._verifier.verify(subgoal, before, after)
        if measured.outcome is not Outcome.SUCCEEDED or not after.frames or not subgoal.success:
            return measured
        held, confidence, reason = self._planner.held(subgoal, before, after)
        said = f"The model says {'yes' if held else 'no'} (confidence {confidence:.2f}): {reason}"
        if held or confidence < SURE:
            return measured.model_copy(update={"message": f"{measured.message} {said}".strip()[:2000]})
        return measured.model_copy(update={"outcome": CONDITION_NOT_MET, "message": said[:2000]})


def with_model(verifier: Verifier, planner: Planner) -> Verifier:
    """The verifier with the planner's model beside it; on its own if the planner asks none."""
    return ModelVerifier(verifier, planner) if isinstance(planner, ModelPlanner) else verifier
