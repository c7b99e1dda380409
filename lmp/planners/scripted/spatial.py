"""Descriptive relations, as in "the block to the left of the mug": strict where that fits anything, else looser."""

from __future__ import annotations

import math

import numpy as np

from lmp.meaning.relations import holds, is_inside, rests_on
from lmp.planners.scripted.properties import is_table
from lmp.planners.scripted.syntax import Relation
from lmp.schema.condition import Behind, Between, Condition, InFrontOf, LeftOf, NextTo, RightOf
from lmp.schema.scene import Scene, SceneObject

ROBOT = "\0robot"
"""Stands for the robot where a noun phrase means it; no object can have this name."""
NEAR = 0.15
"""Free distance up to which a description may call things neighbours [m]."""
DESCRIPTIVE = frozenset(
    (
        "in", "on", "from", "at", "left_of", "right_of", "front_of", "behind", "next_to", "between", "middle_of",
        "under", "above", "touching", "nearest", "farthest", "side", "is", "large_than", "small_than", "tall_than",
        "short_than", "long_than", "wide_than", "narrow_than", "near_than", "far_than", "top_than",
    )
)  # fmt: skip
"""Relations that can tell one thing from another."""

_AXES = {"left_of": (1, 1.0), "right_of": (1, -1.0), "front_of": (0, -1.0), "behind": (0, 1.0)}


def centre_of(scene: Scene, name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Centre of an object, or the robot's base [m]. Shape (3,)."""
    return np.zeros(3) if name == ROBOT else scene.get(name).centre


def free_distance(first: SceneObject, second: SceneObject) -> float:
    """Horizontal distance between the boxes around two things [m]; 0 where they overlap."""
    (low, high), (other_low, other_high) = first.bounds, second.bounds
    gaps = np.maximum(np.maximum(low[:2] - other_high[:2], other_low[:2] - high[:2]), 0.0)
    return math.hypot(float(gaps[0]), float(gaps[1]))


def strictly(scene: Scene, relation: Relation, name: str, references: tuple[str, ...]) -> bool:
    """Whether the relation holds in the sense in which it would be tested as a success condition."""
    if ROBOT in references:
        return False
    conditions: dict[str, Condition] = {}
    first, last = references[0], references[-1]
    if relation.value in _AXES and not is_table(scene.get(first)):
        conditions = {
            "left_of": LeftOf(object=name, reference=first),
            "right_of": RightOf(object=name, reference=first),
            "front_of": InFrontOf(object=name, reference=first),
            "behind": Behind(object=name, reference=first),
        }
    elif relation.value in ("next_to", "touching"):
        conditions = {relation.value: NextTo(object=name, reference=first)}
    elif relation.value in ("between", "middle_of") and len(references) == 2:
        conditions = {relation.value: Between(object=name, first=first, second=last)}
    condition = conditions.get(relation.value)
    return condition is not None and holds(condition, scene).holds


def loosely(scene: Scene, relation: Relation, name: str, references: tuple[str, ...]) -> bool:
    """Whether a description may use the relation for the object."""
    thing, first = scene.get(name), references[0]
    if first == name:
        return False
    match relation.value:
        case "in":
            return first != ROBOT and is_inside(scene, name, first)
        case "on" | "above":
            return first != ROBOT and rests_on(scene, name, first)
        case "from":
            return first != ROBOT and (rests_on(scene, name, first) or is_inside(scene, name, first))
        case "under":
            return first != ROBOT and rests_on(scene, first, name)
        case "left_of" | "right_of" | "front_of" | "behind":
            return _on_side(scene, relation, thing, first)
        case "next_to" | "touching" | "at":
            if first == ROBOT or is_table(scene.get(first)):
                return False
            apart = not (rests_on(scene, name, first) or is_inside(scene, name, first))
            return apart and free_distance(thing, scene.get(first)) <= NEAR
        case "between" | "middle_of":
            return len(references) == 2 and _lies_between(scene, thing, references)
        case _:
            return False


def _on_side(scene: Scene, relation: Relation, thing: SceneObject, reference: str) -> bool:
    axis, sign = _AXES[relation.value]
    if reference == ROBOT:
        return sign * float(thing.centre[axis]) > 0.0
    if is_table(scene.get(reference)):
        middle = (scene.workspace.lower[axis] + scene.workspace.upper[axis]) / 2
        return sign * (float(thing.centre[axis]) - middle) > 0.0
    gap = sign * (float(thing.centre[axis]) - float(scene.get(reference).centre[axis]))
    return gap > 0.02


def _lies_between(scene: Scene, thing: SceneObject, references: tuple[str, ...]) -> bool:
    start, end = (centre_of(scene, name)[:2] for name in references)
    line = end - start
    length = float(np.linalg.norm(line))
    if length < 1e-6:
        return False
    offset = thing.centre[:2] - start
    share = float(offset @ line) / length**2
    return 0.1 < share < 0.9 and abs(float(offset[0] * line[1] - offset[1] * line[0])) / length <= 0.08


def compares(relation: str, thing: SceneObject, reference: SceneObject) -> bool:
    """Whether "larger than the mug" and its like hold, with a margin that one would see."""
    word = relation.removesuffix("_than")
    if word in ("near", "far"):
        own, other = (math.hypot(*map(float, item.centre[:2])) for item in (thing, reference))
        return own < other - 0.005 if word == "near" else own > other + 0.005
    own, other = _size(word, thing), _size(word, reference)
    return own < 0.99 * other if word in ("small", "short", "narrow") else own > 1.01 * other


def _size(word: str, thing: SceneObject) -> float:
    lower, upper = thing.bounds
    match word:
        case "tall" | "short":
            return float(upper[2] - lower[2])
        case "top":
            return float(upper[2])
        case "long" | "wide":
            return max(thing.size[:2])
        case "narrow":
            return min(thing.size[:2])
        case _:
            return math.prod(thing.size)
