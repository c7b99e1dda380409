"""What is said of a primitive before it may move: the compiler's answer, and whether it does what its subgoal wants.

A primitive that compiles and would not make the subgoal's conditions true is turned down, with what would be missing: it is
compared by the scene that the skill predicts, so that skills and conditions of other packages are covered. Nothing is moved to
another target in its place.
"""

from __future__ import annotations

from lmp.schema.condition import Condition
from lmp.schema.outcome import Outcome
from lmp.schema.plan import INFEASIBLE, TARGET_MISSED, Subgoal
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import VIOLATIONS, Verdict, Violation, ViolationKind, kinds_of
from lmp.stages import Stages

MISSES_CONDITION = VIOLATIONS.register(
    ViolationKind(
        "misses_condition",
        "the primitive leads to a scene in which a condition of its subgoal does not hold",
        about="request",
        after_motion=TARGET_MISSED,
    )
)
MISSES_REQUEST = VIOLATIONS.register(
    ViolationKind(
        "misses_request",
        "the motion would not meet a parameter that was asked for",
        about="request",
        hint="Leave the parameter out, or ask for what can be met.",
        after_motion=TARGET_MISSED,
    )
)
SLACK = 0.005
"""Failing by less than this is left to the verifier: a prediction is no exacter [m], [rad]."""


def wanted(subgoal: Subgoal, primitive: SkillParameters) -> Subgoal:
    """The subgoal with the conditions of the parameters that were asked for beside its own: what is tested afterwards."""
    more = tuple(condition for condition in primitive.requests() if condition not in subgoal.success)
    return subgoal if not more else subgoal.model_copy(update={"success": (*subgoal.success, *more)})


def checked(
    stages: Stages, subgoal: Subgoal, primitive: SkillParameters, scene: Scene
) -> tuple[JointTrajectory | Verdict, Scene | None]:
    """The trajectory of a primitive for a subgoal with the scene that it leads to, or the verdict against it."""
    compiled = stages.compiler.compile(primitive, scene)
    if isinstance(compiled, Verdict):
        return compiled, None
    after = stages.world_model.predict(primitive, scene, compiled)
    found = missed(subgoal, primitive, scene, after)
    if found:
        return Verdict(skill=primitive.kind, violations=found, predicted=scene.predicted), None
    return compiled, after


def missed(subgoal: Subgoal, primitive: SkillParameters, before: Scene, after: Scene) -> tuple[Violation, ...]:
    """The conditions that would not hold in the predicted scene; none where the prediction changes nothing, so cannot tell."""
    if after.objects == before.objects:
        return ()
    found = [
        MISSES_CONDITION(
            message=f"{primitive.kind} would not make {condition.words} true: {words}.",
            object=condition.names[0] if condition.names else None,
            hint=f"Aim at what the subgoal wants: {condition.words}.",
        )
        for condition in subgoal.success
        if (words := _fails(condition, after)) is not None
    ]
    asked = [condition for condition in primitive.requests() if condition not in subgoal.success]
    found += [
        MISSES_REQUEST(message=f"{primitive.kind} would not meet what was asked for, {condition.words}: {words}.")
        for condition in asked
        if (words := _fails(condition, after)) is not None
    ]
    return tuple(found)


def class_of(verdict: Verdict, moved: bool) -> Outcome:
    """The outcome that a verdict tells: of what the primitive aims at, or, once something has moved, of the world."""
    kinds = kinds_of(verdict.violations)
    if any(kind.after_motion is TARGET_MISSED for kind in kinds):
        return TARGET_MISSED
    told = (kind.after_motion for kind in kinds if kind.after_motion is not None)
    return next(told, INFEASIBLE) if moved else INFEASIBLE


def _fails(condition: Condition, scene: Scene) -> str | None:
    """What is measured of a condition that does not hold in a predicted scene; None where it holds, or nobody can tell."""
    if any(name not in scene for name in condition.names):
        return None
    measured = condition.measure(scene)
    if measured.holds or not measured.known or (measured.margin is not None and measured.margin > -SLACK):
        return None
    return measured.words
