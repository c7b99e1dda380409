"""The verifier by geometry and contacts: tests every condition of a subgoal and names the class of a failure."""

from __future__ import annotations

import numpy as np

from lmp.relations import holds
from lmp.schema.condition import Condition, Held
from lmp.schema.outcome import ConditionResult, Outcome, Verification
from lmp.schema.plan import Subgoal
from lmp.schema.scene import Scene, SceneObject

DISPLACED = 0.03
"""A horizontal displacement beyond which a thing that was not lifted has been moved by something else [m]."""


class GeometricVerifier:
    """Tests conditions with `lmp.relations`; opinions of planners play no part."""

    def verify(self, subgoal: Subgoal, before: Scene, after: Scene) -> Verification:
        """Whether all success conditions hold in `after`; if not, the class of the failure."""
        missing = [name for name in subgoal.objects if name not in after]
        if missing:
            return Verification(outcome=Outcome.OBJECT_MISSING, message=f"no longer in the scene: {', '.join(missing)}")
        results = tuple(_tested(condition, after) for condition in subgoal.success)
        failed = [result for result in results if not result.holds]
        if not failed:
            return Verification(outcome=Outcome.SUCCEEDED, results=results)
        outcome = _failure_class(failed[0].condition, before, after)
        message = "; ".join(f"{result.condition.kind} does not hold: {result.measured}" for result in failed)
        return Verification(outcome=outcome, results=results, message=message)


def _tested(condition: Condition, scene: Scene) -> ConditionResult:
    names = [value for key, value in condition.model_dump().items() if key != "kind" and isinstance(value, str)]
    missing = [name for name in names if name not in scene]
    if missing:
        return ConditionResult(condition=condition, holds=False, measured=f"not in the scene: {', '.join(missing)}")
    return holds(condition, scene)


def _failure_class(condition: Condition, before: Scene, after: Scene) -> Outcome:
    name = condition.object
    if name not in before or name not in after:
        return Outcome.OBJECT_MISSING
    then, now = before.get(name), after.get(name)
    if _out_of_reach(now, after):
        return Outcome.OBJECT_MISSING
    if isinstance(condition, Held):
        moved = float(np.hypot(*(now.centre - then.centre)[:2])) > DISPLACED
        return Outcome.OBJECT_MOVED if moved and not now.held else Outcome.MISSED_GRASP
    return Outcome.CONDITION_NOT_MET


def _out_of_reach(thing: SceneObject, scene: Scene) -> bool:
    lower, upper = np.array(scene.workspace.lower), np.array(scene.workspace.upper)
    return bool((thing.centre < lower - 0.05).any() or (thing.centre > upper + 0.05).any())
