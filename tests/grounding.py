"""The primitive that a planner prefers for a subgoal."""

from __future__ import annotations

from lmp.schema.episode import History
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.stages import Planner


def grounded(planner: Planner, subgoal: Subgoal, scene: Scene, history: History | None = None) -> SkillParameters | Refusal:
    """The first proposal's primitive, or the refusal."""
    answer = planner.propose(subgoal, scene, history)
    return answer if isinstance(answer, Refusal) else answer[0].primitive
