"""A subgoal's success conditions, once the numbers of its primitive were changed: they test what is wished now."""

from __future__ import annotations

from lmp.schema.condition import At, Condition, MovedBy
from lmp.schema.motion import AtTarget
from lmp.schema.plan import Subgoal
from lmp.schema.skill import SkillParameters


def fitted(subgoal: Subgoal, primitive: SkillParameters) -> Subgoal:
    """The subgoal with the displacement or the place that its primitive aims at."""
    success = tuple(_fitted(condition, primitive) for condition in subgoal.success)
    return subgoal if success == subgoal.success else subgoal.model_copy(update={"success": success})


def _fitted(condition: Condition, primitive: SkillParameters) -> Condition:
    if getattr(primitive, "object", None) != condition.object:
        return condition
    target, dx, dy = (getattr(primitive, name, None) for name in ("target", "dx", "dy"))
    by_pixels = getattr(primitive, "along", None) is not None
    if isinstance(condition, MovedBy) and not by_pixels and isinstance(dx, float) and isinstance(dy, float):
        return condition.model_copy(update={"dx": dx, "dy": dy})
    if isinstance(condition, At) and isinstance(target, AtTarget) and target.frame is None:
        return condition.model_copy(update={"x": target.x, "y": target.y})
    return condition
