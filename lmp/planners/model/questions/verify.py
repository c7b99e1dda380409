"""*verify*: whether conditions hold, by the pictures from before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmp.planners.model.answers import VerifyAnswer
from lmp.planners.model.briefing import Briefing
from lmp.schema.plan import Subgoal
from lmp.schema.scene import Scene

if TYPE_CHECKING:
    from lmp.planners.model.model_planner import ModelPlanner


def asked_to_verify(planner: ModelPlanner, subgoal: Subgoal, before: Scene, after: Scene) -> tuple[bool, float, str]:
    """The model's finding: whether all conditions hold, how sure it is (0 to 1), and why."""
    briefing = Briefing(planner, after, before)
    situation = briefing.situation()
    told = {
        "subgoal": briefing.subgoal(subgoal),
        "conditions": briefing.wanted(subgoal),
        "objects": situation["objects"],
        "pictures": situation["pictures"],
    }
    answer = briefing.ask("verify", told, VerifyAnswer)
    return answer.held, answer.confidence, answer.reason
