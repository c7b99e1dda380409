"""*correct*: a failed attempt with its evidence, and the primitive as it has to be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lmp.planners.model.answers import correct_answer
from lmp.planners.model.briefing import Briefing
from lmp.planners.model.questions.ground import about, typed_answer
from lmp.schema.episode import Attempt
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.proposal import Proposal
from lmp.schema.scene import Scene

if TYPE_CHECKING:
    from lmp.planners.model.model_planner import ModelPlanner


def asked_to_correct(
    planner: ModelPlanner, subgoal: Subgoal, attempts: Sequence[Attempt], before: Scene | None, scene: Scene
) -> tuple[Proposal, ...] | Refusal:
    """The edited primitive, after looking at what failed first; with pictures from before the attempt and from now."""
    briefing = Briefing(planner, scene, before)
    told = {**about(planner, briefing, subgoal), "attempts": briefing.attempts(attempts)}
    return typed_answer(planner, "correct", briefing, told, correct_answer(planner.skills[subgoal.skill]), subgoal, scene)
