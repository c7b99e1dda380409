"""The subgoals of a fixed plan that are still to be done, given what was tried and what the scene shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from lmp.errors import UnknownName
from lmp.meaning.relations import holds
from lmp.schema.episode import History
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Subgoal
from lmp.schema.scene import Scene


def still_to_do(plan: Sequence[Subgoal], scene: Scene, history: History | None) -> list[Subgoal]:
    """The rest of the plan, in its order.

    A subgoal is done once it succeeded; it is to be done again if it has to last and no longer holds. What comes after a
    subgoal that put something into the gripper needs it there: if it is not there now, that subgoal is done again as well.
    """
    succeeded = Counter(
        attempt.subgoal.model_dump_json()
        for attempt in (history.attempts if history is not None else ())
        if attempt.outcome is Outcome.SUCCEEDED
    )
    left: list[int] = []
    for index, subgoal in enumerate(plan):
        key = subgoal.model_dump_json()
        if succeeded[key] > 0:
            succeeded[key] -= 1
            if not subgoal.lasting or _holds(subgoal, scene):
                continue
        if index and index - 1 not in left and _lets_go(plan[index - 1], scene):
            left.append(index - 1)
        left.append(index)
    return [plan[index] for index in left]


def _lets_go(before: Subgoal, scene: Scene) -> bool:
    """True if a subgoal that took something has lost it since."""
    return any(condition.in_hand for condition in before.success) and not _holds(before, scene)


def _holds(subgoal: Subgoal, scene: Scene) -> bool:
    try:
        return all(holds(condition, scene).holds for condition in subgoal.success)
    except UnknownName:
        return False
