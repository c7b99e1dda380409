"""The failure classes that are told after a motion, from the scenes before and after it."""

from __future__ import annotations

import math

import numpy as np

from lmp.meaning.object_states import is_lying, state_of
from lmp.meaning.relations import contents, free_distance, supported_by
from lmp.schema.condition import Condition
from lmp.schema.outcome import FAILURES, FailureClass, Outcome, Response, Rule
from lmp.schema.scene import Scene, SceneObject

NEAR = 0.06
"""Free distance to the goal up to which an object that was let go was put down, if not well; farther off it was dropped [m]."""


BLAME = 30
"""Classes with a higher order are asked after the condition itself [count]."""


def failure_of(condition: Condition, before: Scene, after: Scene) -> Outcome:
    """The class of a failure: of the first condition that does not hold."""
    for failure in sorted(FAILURES.all().values(), key=lambda failure: failure.order):
        if failure.order > BLAME and (blamed := condition.blame(before, after)) is not None:
            return blamed
        if failure.tells is not None and failure.tells(condition, before, after):
            return failure.outcome
    return CONDITION_NOT_MET


def intruders(condition: Condition, before: Scene, after: Scene) -> tuple[str, ...]:
    """Objects that stand since `before` where the condition wants its own: on its support, in its container, at its place."""
    own = set(condition.names)
    place = condition.place(after)
    if place is not None:
        there = set(_covering(place[:2], after)) - own
        return tuple(sorted(there - set(_covering(place[:2], before))))
    carriers = [name for name in condition.carriers() if name in after and after.get(name).role != "support"]
    there = {name for carrier in carriers for name in _borne(carrier, after)} - own
    return tuple(sorted(there - {name for carrier in carriers for name in _borne(carrier, before)}))


def _is_missing(condition: Condition, before: Scene, after: Scene) -> bool:
    return any(name not in after for name in condition.names)


def _is_out_of_reach(condition: Condition, before: Scene, after: Scene) -> bool:
    items = [after.get(name) for name in condition.names]
    return any(item.movable and not item.held and not state_of(item.name, after).reachable for item in items)


def _has_toppled(condition: Condition, before: Scene, after: Scene) -> bool:
    items = [after.get(name) for name in condition.names] if condition.wants_upright else []
    return any(is_lying(item) and not item.held and not _lay(item.name, before) for item in items)


def _is_blocked(condition: Condition, before: Scene, after: Scene) -> bool:
    return bool(intruders(condition, before, after))


def _was_dropped(condition: Condition, before: Scene, after: Scene) -> bool:
    item = after.get(condition.subject)
    then = before.get(item.name) if item.name in before else None
    return then is not None and then.held and not item.held and not _near_goal(condition, item, after)


def _lay(name: str, before: Scene) -> bool:
    return name in before and is_lying(before.get(name))


def _borne(name: str, scene: Scene) -> tuple[str, ...]:
    return (*supported_by(scene, name), *contents(scene, name)) if name in scene else ()


def _covering(place: tuple[float, float], scene: Scene) -> tuple[str, ...]:
    """Movable objects whose boxes are over a place."""
    there = np.array(place)
    return tuple(other.name for other in scene.objects if other.movable and not other.held and other.over(there) > 0.0)


def _near_goal(condition: Condition, item: SceneObject, scene: Scene) -> bool:
    place = condition.place(scene)
    if place is not None:
        x, y, tolerance = place
        return math.dist(item.centre[:2], (x, y)) <= NEAR + tolerance
    others = [scene.get(name) for name in condition.names[1:]]
    return all(_distance(item, other) <= NEAR for other in others)


def _distance(first: SceneObject, second: SceneObject) -> float:
    return max(free_distance(first, second), 0.0)


OBJECT_MISSING = FAILURES.register(
    FailureClass(
        "object_missing",
        "The object is no longer in the scene.",
        "The scene does not have it: at the look just before it is touched, or afterwards.",
        recovery=Rule(((Response.DECOMPOSE_AGAIN, 1),)),
        tells=_is_missing,
        order=0,
        cannot=True,
        outweighs=True,
    )
).outcome
OUT_OF_REACH = FAILURES.register(
    FailureClass(
        "out_of_reach",
        "The object is where the arm cannot go: fallen off what carried it, or too far away.",
        "Afterwards: it lies below all that carries objects, or no part of it is in the workspace.",
        recovery=Rule(((Response.DECOMPOSE_AGAIN, 1),)),
        tells=_is_out_of_reach,
        order=10,
        cannot=True,
        outweighs=True,
    )
).outcome
TOPPLED = FAILURES.register(
    FailureClass(
        "toppled",
        "The object lies on its side.",
        "Afterwards: its upright leans by more than 40 degrees, and did not before.",
        recovery=Rule(((Response.DECOMPOSE_AGAIN, 2),)),
        tells=_has_toppled,
        order=20,
    )
).outcome
GOAL_BLOCKED = FAILURES.register(
    FailureClass(
        "goal_blocked",
        "Something stands where the object has to go.",
        "Afterwards: something stands on, in or at the goal that did not before. "
        "Before the next motion: the compiler finds no free place.",
        recovery=Rule(((Response.DECOMPOSE_AGAIN, 2),)),
        tells=_is_blocked,
        order=60,
        cannot=True,
    )
).outcome
DROPPED = FAILURES.register(
    FailureClass(
        "dropped",
        "The object left the gripper before it was put down.",
        "While moving: fingers have been off what they carry for longer than contacts chatter. "
        "Afterwards: it was held, is not, and lies away from its goal. Before the next motion: the gripper is empty.",
        recovery=Rule(((Response.PICK_UP_AGAIN, 3),)),
        tells=_was_dropped,
        order=70,
    )
).outcome
MISSED_GRASP = FAILURES.register(
    FailureClass(
        "missed_grasp",
        "The gripper closed and does not hold the object.",
        "While moving: a grasp has ended, and not all fingers touch its object. "
        "Afterwards: it is not held, and lies where it was.",
        recovery=Rule(((Response.NEXT_CHOICE, 3), (Response.DECOMPOSE_AGAIN, 1))),
    )
).outcome
OBJECT_MOVED = FAILURES.register(
    FailureClass(
        "object_moved",
        "The object is not where it was when the motion was planned.",
        "While moving: just before it is touched it is farther from its place than the segment allows. "
        "Afterwards: it is not held and has moved sideways.",
        recovery=Rule(((Response.GROUND_AGAIN, 3), (Response.DECOMPOSE_AGAIN, 1))),
    )
).outcome
CONDITION_NOT_MET = FAILURES.register(
    FailureClass(
        "condition_not_met",
        "The motion ended and a condition does not hold.",
        "Afterwards: a success condition does not hold, and no narrower class fits.",
        recovery=Rule(((Response.DECOMPOSE_AGAIN, 3),)),
    )
).outcome
