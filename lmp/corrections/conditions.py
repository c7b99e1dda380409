"""A subgoal's success conditions, once the numbers of its primitive were changed: they test what is asked for now."""

from __future__ import annotations

from lmp.schema.plan import Subgoal
from lmp.schema.skill import SkillParameters


def fitted(subgoal: Subgoal, primitive: SkillParameters) -> Subgoal:
    """The subgoal with the displacement or the place that its primitive aims at."""
    success = tuple(condition.following(primitive) for condition in subgoal.success)
    return subgoal if success == subgoal.success else subgoal.model_copy(update={"success": success})
