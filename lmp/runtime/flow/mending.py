"""A plan that compiles: what the compiler turns down goes back to the planner, which may clear something away first."""

from __future__ import annotations

from lmp.runtime.flow.asking import decomposed
from lmp.runtime.flow.preview import preview
from lmp.runtime.flow.run_state import Pending
from lmp.schema.episode import History
from lmp.schema.plan import INFEASIBLE, Refusal, Subgoal
from lmp.schema.scene import Scene
from lmp.stages import Stages

ROUNDS = 6
"""How often a planner is asked for another plan before anything moves [count]."""
MENDED = "infeasible: decompose again, with the verdict"

Plan = tuple[Subgoal, ...]


def previewed_and_mended(
    stages: Stages, instruction: str, plan: Plan, scene: Scene, history: History | None
) -> tuple[Plan | Refusal, list[Pending]]:
    """Compiles the whole plan ahead; asks for another one as long as it cannot be done and the answers differ.

    Returns:
        The last plan, or the planner's refusal, and what compiling the last plan gave: its last entry is PLANNED if all of it
        can be done.
    """
    seen = preview(stages, plan, scene, history)
    for _ in range(ROUNDS):
        if not seen or seen[-1].outcome is not INFEASIBLE or seen[-1].compiled is None:
            break
        known = history or History(first_scene=scene)
        history = known.model_copy(update={"attempts": (*known.attempts, seen[-1].close(MENDED))})
        answer = decomposed(stages.planner, instruction, scene, history)
        if isinstance(answer, Refusal):
            return answer, seen
        if answer == plan:
            break
        plan = answer
        seen = preview(stages, plan, scene, history)
    return plan, seen
