"""Compiles a whole plan before anything moves: later subgoals on the scene that the earlier ones predict."""

from __future__ import annotations

from collections.abc import Sequence

from lmp.capabilities import planner_capabilities
from lmp.runtime.flow.asking import grounded
from lmp.runtime.flow.run_state import Pending, summary
from lmp.schema.episode import History
from lmp.schema.outcome import Outcome
from lmp.schema.plan import INFEASIBLE, Refusal, Subgoal
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.schema.verdict import Verdict
from lmp.stages import Planner, Stages


def preview(stages: Stages, subgoals: Sequence[Subgoal], scene: Scene, history: History | None = None) -> list[Pending]:
    """Grounds and compiles the subgoals in order; ends at the first that cannot be done.

    Returns:
        One entry a subgoal that was reached; the last has the outcome PLANNED if all can be done, else why not. Where a
        planner that asks a model has nothing to say ahead of the motions, the look ahead ends without a complaint.
    """
    seen: list[Pending] = []
    for subgoal in subgoals:
        entry = Pending(subgoal, scene)
        seen.append(entry)
        primitive = _primitive(stages.planner, subgoal, scene, history)
        if primitive is None:
            entry.outcome = Outcome.PLANNED
            break
        if isinstance(primitive, Refusal):
            entry.fail(Outcome(primitive.reason), primitive.message)
            break
        entry.primitive = primitive
        compiled = stages.compiler.compile(primitive, scene)
        entry.compiled = summary(compiled)
        if isinstance(compiled, Verdict):
            entry.fail(INFEASIBLE, str(compiled))
            break
        entry.trajectory, entry.outcome = compiled, Outcome.PLANNED
        scene = stages.world_model.predict(primitive, scene, compiled)
    return seen


def _primitive(planner: Planner, subgoal: Subgoal, scene: Scene, history: History | None) -> SkillParameters | Refusal | None:
    """What is looked at: a model is not asked about a scene that nobody has seen, its planner's rules are."""
    model = planner_capabilities(planner).asks_model
    if scene.predicted and model is not None:
        return model.draft(subgoal, scene)
    return grounded(planner, subgoal, scene, history)
