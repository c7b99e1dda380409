"""From a subgoal to the typed primitive: which target, which grasp to begin with, how far still to push."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from lmp.errors import UnknownName
from lmp.meaning.conditions import (
    At,
    AtTarget,
    Behind,
    BesideTarget,
    Between,
    BetweenTarget,
    In,
    InFrontOf,
    InTarget,
    LeftOf,
    MovedBy,
    NextTo,
    On,
    OnTarget,
    RightOf,
)
from lmp.meaning.failures import MISSED_GRASP
from lmp.planners.scripted.refused import Refused
from lmp.planners.scripted.situation import Situation
from lmp.planners.scripted.still_possible import check_still_possible, is_new_there
from lmp.schema.condition import Condition
from lmp.schema.episode import History
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Subgoal
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.skill import SkillParameters, SkillSpec

_SIDES = (
    (LeftOf, "left", (0.0, 1.0)),
    (RightOf, "right", (0.0, -1.0)),
    (InFrontOf, "front", (-1.0, 0.0)),
    (Behind, "behind", (1.0, 0.0)),
)
PUSH_GAP = 0.04
"""Free distance at which something is pushed up beside a reference [m]."""


def ground(subgoal: Subgoal, scene: Scene, history: History | None, skills: Mapping[str, SkillSpec]) -> SkillParameters:
    """The primitive for one subgoal on the fresh scene.

    Raises:
        UnknownName: The subgoal names a skill that is not in the catalogue.
        Refused: The scene lacks an object, the subgoal says no place, or asks for more than the skill can do.
    """
    if subgoal.skill not in skills:
        raise UnknownName("skill", subgoal.skill, skills)
    for name in subgoal.objects:
        if name not in scene:
            raise Refused("absent", f"{name} is not in the scene.", "Perceive again.", scene.names)
    wishes = {"speed": subgoal.speed, "timing": subgoal.timing}
    fields: dict[str, Any] = {name: wish for name, wish in wishes.items() if wish is not None}
    if subgoal.skill != "home":
        if not subgoal.objects:
            raise Refused("impossible", f"The subgoal {subgoal.description!r} names no object.", "Name what to move.")
        fields["object"] = subgoal.objects[0]
        check_still_possible(subgoal.objects[0], subgoal.objects[1:], subgoal.success, scene)
    if subgoal.skill == "pick":
        fields["grasp"] = _missed(subgoal, history)
        fields |= {} if subgoal.lift is None else {"lift": subgoal.lift}
    elif subgoal.skill == "place":
        fields["target"] = _target(subgoal)
        if isinstance(fields["target"], AtTarget):
            fields["target"] = _not_on_newcomers(fields["target"], subgoal.objects[0], scene, history)
    elif subgoal.skill == "push":
        fields["dx"], fields["dy"] = _displacement(subgoal, scene)
    try:
        return skills[subgoal.skill].parameters(kind=subgoal.skill, **fields)
    except ValidationError as error:
        # What is asked for lies outside the skill's own range: so far away was the object carried, for one.
        wrong = "; ".join(f"{'.'.join(map(str, fault['loc'])) or subgoal.skill}: {fault['msg']}" for fault in error.errors())
        message = f"{subgoal.description!r} goes beyond what {subgoal.skill} can do: {wrong}."
        raise Refused("infeasible", message[:2000], "Ask for less, or pick it up and put it there.") from error


def _missed(subgoal: Subgoal, history: History | None) -> int:
    """How often this very pick has missed since it last succeeded: that many of the ranked grasps are skipped."""
    count = 0
    for attempt in history.attempts if history is not None else ():
        if (
            attempt.subgoal.skill == "pick"
            and attempt.subgoal.objects == subgoal.objects
            and attempt.subgoal.step == subgoal.step
        ):
            count = count + 1 if attempt.outcome is MISSED_GRASP else 0 if attempt.outcome is Outcome.SUCCEEDED else count
    return count


def _target(subgoal: Subgoal) -> OnTarget | InTarget | BesideTarget | BetweenTarget | AtTarget:
    """The place that makes the conditions true; a definite spot goes before a relation."""
    conditions = [condition for condition in subgoal.success if condition.subject == subgoal.objects[0]]
    for condition in sorted(conditions, key=lambda item: not isinstance(item, At | MovedBy)):
        target = _target_of(condition)
        if target is not None:
            return target
    raise Refused("impossible", f"The subgoal {subgoal.description!r} says no place.", "Name where to put it.")


def _not_on_newcomers(target: AtTarget, name: str, scene: Scene, history: History | None) -> AtTarget:
    """The target with the support that was meant, where something has come to the place since the words were understood."""
    others = [thing for thing in scene.objects if thing.name != name and _is_over(thing, (target.x, target.y))]
    new = [thing for thing in others if thing.movable and not thing.held and is_new_there(thing.name, scene, history)]
    meant = [thing for thing in others if thing not in new and not thing.held]
    if not new or not meant:
        return target
    return target.model_copy(update={"support": max(meant, key=lambda thing: float(thing.bounds[1][2])).name})


def _is_over(thing: SceneObject, place: tuple[float, float]) -> bool:
    low, high = thing.bounds
    return bool(low[0] < place[0] < high[0] and low[1] < place[1] < high[1])


def _target_of(condition: Condition) -> OnTarget | InTarget | BesideTarget | BetweenTarget | AtTarget | None:
    match condition:
        case At(x=x, y=y):
            return AtTarget(x=x, y=y)
        case MovedBy(origin=origin, dx=dx, dy=dy):
            return AtTarget(x=origin[0] + dx, y=origin[1] + dy)
        case On(support=support):
            return OnTarget(support=support)
        case In(container=container):
            return InTarget(container=container)
        case LeftOf(reference=reference):
            return BesideTarget(reference=reference, side="left")
        case RightOf(reference=reference):
            return BesideTarget(reference=reference, side="right")
        case InFrontOf(reference=reference):
            return BesideTarget(reference=reference, side="front")
        case Behind(reference=reference):
            return BesideTarget(reference=reference, side="behind")
        case NextTo(reference=reference):
            return BesideTarget(reference=reference, side="any")
        case Between(first=first, second=second):
            return BetweenTarget(first=first, second=second)
        case _:
            return None


def _displacement(subgoal: Subgoal, scene: Scene) -> tuple[float, float]:
    """How far the object still has to go [m]."""
    name = subgoal.objects[0]
    situation = Situation(scene)
    x, y = situation.place[name]
    for condition in sorted(subgoal.success, key=lambda item: not isinstance(item, At | MovedBy)):
        goal = _push_goal(condition, name, situation)
        if goal is not None:
            return goal[0] - x, goal[1] - y
    raise Refused(
        "impossible", f"The subgoal {subgoal.description!r} says no place to push to.", "Name a direction or a place."
    )


def _push_goal(condition: Condition, name: str, situation: Situation) -> tuple[float, float] | None:
    if isinstance(condition, At):
        return condition.x, condition.y
    if isinstance(condition, MovedBy):
        return condition.origin[0] + condition.dx, condition.origin[1] + condition.dy
    for kind, _, along in _SIDES:
        if isinstance(condition, kind):
            return situation.beside(name, condition.reference, along, PUSH_GAP)
    if isinstance(condition, NextTo):
        x, y = situation.place[name]
        options = [situation.beside(name, condition.reference, along, PUSH_GAP) for _, _, along in _SIDES]
        free = [
            place
            for place in options
            if situation.inside_workspace(place) and situation.is_free(name, place, (condition.reference,))
        ]
        return min(free or options, key=lambda place: (place[0] - x) ** 2 + (place[1] - y) ** 2)
    if isinstance(condition, Between):
        (ax, ay), (bx, by) = situation.place[condition.first], situation.place[condition.second]
        return (ax + bx) / 2, (ay + by) / 2
    return None
