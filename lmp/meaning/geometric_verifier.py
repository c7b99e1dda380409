"""The verifier by geometry and contacts: tests a subgoal's conditions, says where objects are, and how a failure is classed."""

from __future__ import annotations

from lmp.meaning.failures import GOAL_BLOCKED, OBJECT_MISSING, failure_of, intruders
from lmp.meaning.object_states import state_of
from lmp.meaning.relations import holds
from lmp.schema.condition import Condition
from lmp.schema.findings import ConditionResult, ObjectState, Verification
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Subgoal
from lmp.schema.scene import Scene


class GeometricVerifier:
    """Tests conditions by what each measures; opinions of planners play no part."""

    def verify(self, subgoal: Subgoal, before: Scene, after: Scene) -> Verification:
        """Judge if all success conditions hold in `after`; if not, the class of the failure, and where its objects are.

        The states are there whether the conditions hold or not: a motion that was stopped has failed in either case.
        """
        states = _states(subgoal, before, after)
        results = tuple(_tested(condition, after) for condition in subgoal.success)
        failed = [result for result in results if not result.holds]
        missing = [name for name in subgoal.objects if name not in after]
        if not failed and not missing:
            return Verification(outcome=Outcome.SUCCEEDED, results=results, states=states)
        words = [f"{result.condition.kind} does not hold: {result.measured}" for result in failed]
        outcome = OBJECT_MISSING if missing else failure_of(failed[0].condition, before, after)
        if outcome is GOAL_BLOCKED:
            goal = failed[0].condition
            words += [f"{name} stands where {goal.subject} has to go" for name in intruders(goal, before, after)]
        message = "; ".join([*words, *map(str, states)])
        return Verification(outcome=outcome, results=results, states=states, message=message[:2000])


def _tested(condition: Condition, scene: Scene) -> ConditionResult:
    missing = [name for name in condition.names if name not in scene]
    if missing:
        return ConditionResult(condition=condition, holds=False, measured=f"not in the scene: {', '.join(missing)}")
    return holds(condition, scene)


def _states(subgoal: Subgoal, before: Scene, after: Scene) -> tuple[ObjectState, ...]:
    """States of the subgoal's objects and those of its conditions, furniture left out."""
    named = (*subgoal.objects, *(name for condition in subgoal.success for name in condition.names))
    fixed = {item.name for scene in (before, after) for item in scene.objects if not item.movable}
    return tuple(state_of(name, after) for name in dict.fromkeys(named) if name not in fixed)
