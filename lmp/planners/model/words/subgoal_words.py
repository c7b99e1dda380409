"""A subgoal in words."""

from __future__ import annotations

from lmp.planners.model.words.condition_words import condition_json
from lmp.planners.model.words.quoted import listed, quoted
from lmp.schema.plan import Subgoal


def subgoal_text(subgoal: Subgoal) -> str:
    """Describe a subgoal: what it is, why, with which skill, about what, and what has to hold after it."""
    lines = [
        f"Subgoal: {quoted(subgoal.description)}",
        f"  reasoning: {quoted(subgoal.reasoning)}",
        f"  skill {quoted(subgoal.skill)}, objects: {listed(subgoal.objects, most=16) or 'none'}",
    ]
    lasting = ", and still when the whole task is done" if subgoal.lasting else ""
    if subgoal.success:
        lines.append(f"  has to hold after it{lasting}:")
        lines += [f"    {condition_json(condition)}" for condition in subgoal.success]
    if subgoal.speed is not None:
        lines.append(f"  requested largest speed of the tool: {subgoal.speed:g} m/s")
    if subgoal.timing is not None:
        lines.append(f"  requested timing: {subgoal.timing}")
    for field, value in subgoal.requests.items():
        lines.append(f"  requested {field}: {value if isinstance(value, str) else f'{value:g}'}")
    return "\n".join(lines)
