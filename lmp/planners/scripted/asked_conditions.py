"""The conditions that an instruction asks for, read without a model: what is taken for done is compared with them."""

from __future__ import annotations

from collections.abc import Mapping

from lmp.planners.scripted.scripted_planner import ScriptedPlanner
from lmp.schema.condition import Condition
from lmp.schema.plan import Refusal
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillSpec


def asked_conditions(instruction: str, scene: Scene, skills: Mapping[str, SkillSpec]) -> tuple[Condition, ...] | None:
    """The conditions that have to last and do not hold yet; empty where all holds, None where the grammar cannot tell."""
    answer = ScriptedPlanner(skills).decompose(instruction, scene)
    if isinstance(answer, Refusal):
        return None
    return tuple(condition for subgoal in answer if subgoal.lasting for condition in subgoal.success)
