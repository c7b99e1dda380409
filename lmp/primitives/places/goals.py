"""Goals that conditions set for an object: the target, and the point of the ground where its middle comes to be."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from lmp.meaning.directions import directions
from lmp.primitives.places.free_places import Place, is_free
from lmp.primitives.places.placements import Placement, placements
from lmp.schema.condition import Condition, Target
from lmp.schema.episode import History
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene, SceneObject

OPPOSITE = {"left": "right", "right": "left", "front": "behind", "behind": "front"}
"""The four sides, each with the one across."""
PUSH_GAP = 0.04
"""Free distance at which something is pushed up beside a reference [m]."""
DIRECTIONS = 16
"""Directions from a reference that are tried where any will do [count]."""

NEW_PLACE = 0.03
"""Distance from where it stood at first beyond which a thing has come to another place [m]."""


def along(scene: Scene, direction: str) -> Place:
    """A level direction of the robot, such as "left", as a unit vector of the world."""
    unit = directions(scene).unit(direction)
    return float(unit[0]), float(unit[1])


def middle(scene: Scene, name: str) -> Place:
    """Middle of an object, x and y [m]."""
    x, y, _ = scene.get(name).centre
    return float(x), float(y)


def beside(scene: Scene, name: str, reference: str, way: Place, gap: float) -> Place:
    """The place in a direction from a reference, a unit vector, with a free gap between the two [m]."""
    there = middle(scene, reference)
    reach = sum(_reach(scene.get(item), way) for item in (name, reference)) + gap
    return there[0] + way[0] * reach, there[1] + way[1] * reach


def nearest_side(scene: Scene, name: str, reference: str, gap: float) -> Place | None:
    """The free place beside a reference, in whichever direction, that is nearest to where the object is."""
    angles = np.linspace(0.0, 2 * math.pi, DIRECTIONS, endpoint=False)
    options = [beside(scene, name, reference, (math.cos(angle), math.sin(angle)), gap) for angle in angles]
    item, here = scene.get(name), middle(scene, name)
    free = [place for place in options if is_free(item, place, scene, ignore=(reference,))]
    return min(free, key=lambda place: math.dist(place, here), default=None)


def goal_for(name: str, conditions: Iterable[Condition], scene: Scene) -> tuple[Target, Place | None] | None:
    """The target that conditions set for an object, a definite place before a relation, and that place [m]; None for none."""
    known = [(target, condition.place(scene)) for condition in conditions if condition.subject == name
             and (target := condition.target()) is not None]  # fmt: skip
    target, place = min(known, key=lambda one: one[1] is None, default=(None, None))
    return None if target is None else (target, None if place is None else place[:2])


def spot_for(name: str, conditions: Iterable[Condition], scene: Scene) -> Place | None:
    """The point of the ground where conditions want the middle of an object [m]."""
    conditions = [condition for condition in conditions if condition.subject == name]
    goal = goal_for(name, conditions, scene)
    if goal is None or goal[1] is not None:
        return goal and goal[1]
    condition = next(condition for condition in conditions if condition.target() is not None)
    others = condition.names[1:]
    if condition.beside == "any" and (nearest := nearest_side(scene, name, others[0], PUSH_GAP)) is not None:
        return nearest
    if condition.beside is not None:
        side = condition.beside if condition.beside in OPPOSITE else "left"
        return beside(scene, name, others[0], along(scene, side), PUSH_GAP)
    found = placements(scene.get(name), goal[0], scene, most=1) if not condition.carriers() else ()
    if found and isinstance(found[0], Placement):
        x, y, _ = Pose.from_matrix(found[0].T_world_object).position
        return x, y
    x, y = np.mean([middle(scene, other) for other in others], axis=0) if others else middle(scene, name)
    return float(x), float(y)


def is_new_there(name: str, scene: Scene, history: History | None) -> bool:
    """True if an object was not in the first scene of the run, or was elsewhere."""
    first = scene if history is None else history.first_scene
    return name not in first or math.dist(first.get(name).centre[:2], scene.get(name).centre[:2]) > NEW_PLACE


def _reach(item: SceneObject, way: Place) -> float:
    """Half the width of an object along a direction [m]."""
    direction = np.array([*way, 0.0])
    return float(item.extent(direction) + item.extent(-direction)) / 2
