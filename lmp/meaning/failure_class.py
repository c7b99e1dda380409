"""Which class a failure belongs to, from the scenes before and after: what the responses are chosen by."""

from __future__ import annotations

import math

import numpy as np

from lmp.meaning.object_states import is_lying, state_of
from lmp.meaning.relations import contents, supported_by
from lmp.schema.condition import At, Cleared, Condition, Held, In, MovedBy, On
from lmp.schema.outcome import Outcome
from lmp.schema.scene import Scene, SceneObject

DISPLACED = 0.03
"""A horizontal displacement beyond which a thing that was not lifted has been moved by something else [m]."""
NEAR = 0.06
"""Free distance to the goal up to which a thing that was let go was put down, if not well; farther off it was dropped [m]."""


def failure_class(condition: Condition, before: Scene, after: Scene) -> Outcome:
    """The class of a failure: of the first condition that does not hold."""
    names = names_in(condition)
    if any(name not in after for name in names):
        return Outcome.OBJECT_MISSING
    if any(not state_of(name, after).reachable for name in names if after.get(name).movable and not after.get(name).held):
        return Outcome.OUT_OF_REACH
    thing = after.get(condition.object)
    then = before.get(thing.name) if thing.name in before else None
    if any(is_lying(after.get(name)) and not after.get(name).held and not _lay(name, before) for name in names):
        return Outcome.TOPPLED
    if isinstance(condition, Held):
        return _of_a_grasp(thing, then)
    if intruders(condition, before, after):
        return Outcome.GOAL_BLOCKED
    if then is not None and then.held and not thing.held and not _near_goal(condition, thing, after):
        return Outcome.DROPPED
    return Outcome.CONDITION_NOT_MET


def names_in(condition: Condition) -> tuple[str, ...]:
    """Names of all objects that a condition is about, the one that it is said of first."""
    fields = condition.model_dump(exclude={"kind"})
    return tuple(dict.fromkeys(value for value in fields.values() if isinstance(value, str)))


def intruders(condition: Condition, before: Scene, after: Scene) -> tuple[str, ...]:
    """Things that stand since `before` where the condition wants its object: on its support, in its container, at its place."""
    own = set(names_in(condition))
    match condition:
        case On(support=goal) | In(container=goal) | Cleared(object=goal):
            if after.get(goal).category == "table":
                return ()
            there = set(_borne(goal, after)) - own
            return tuple(sorted(there - set(_borne(goal, before))))
        case At(x=x, y=y):
            place = (x, y)
        case MovedBy(origin=origin, dx=dx, dy=dy):
            place = (origin[0] + dx, origin[1] + dy)
        case _:
            return ()
    there = set(_covering(place, after)) - own
    return tuple(sorted(there - set(_covering(place, before))))


def _lay(name: str, before: Scene) -> bool:
    return name in before and is_lying(before.get(name))


def _of_a_grasp(thing: SceneObject, then: SceneObject | None) -> Outcome:
    if thing.held or then is None:
        return Outcome.CONDITION_NOT_MET
    if then.held:
        return Outcome.DROPPED
    moved = math.dist(thing.centre[:2], then.centre[:2]) > DISPLACED
    return Outcome.OBJECT_MOVED if moved else Outcome.MISSED_GRASP


def _borne(name: str, scene: Scene) -> tuple[str, ...]:
    return (*supported_by(scene, name), *contents(scene, name)) if name in scene else ()


def _covering(place: tuple[float, float], scene: Scene) -> tuple[str, ...]:
    """Movable things whose boxes are over a place."""
    found = []
    for other in scene.objects:
        low, high = other.bounds
        if other.movable and not other.held and low[0] < place[0] < high[0] and low[1] < place[1] < high[1]:
            found.append(other.name)
    return tuple(found)


def _near_goal(condition: Condition, thing: SceneObject, scene: Scene) -> bool:
    match condition:
        case At(x=x, y=y):
            return math.dist(thing.centre[:2], (x, y)) <= NEAR + condition.tolerance
        case MovedBy(origin=origin, dx=dx, dy=dy):
            return math.dist(thing.centre[:2], (origin[0] + dx, origin[1] + dy)) <= NEAR + condition.tolerance
    others = [scene.get(name) for name in names_in(condition)[1:]]
    return all(_box_distance(thing, other) <= NEAR for other in others)


def _box_distance(first: SceneObject, second: SceneObject) -> float:
    (low, high), (other_low, other_high) = first.bounds, second.bounds
    apart = np.maximum(np.maximum(low - other_high, other_low - high), 0.0)
    return float(np.hypot(apart[0], apart[1]))
