"""What the success conditions mean: each predicate as geometry and contacts of a scene.

A condition holds only for things that are at rest and let go (`held` apart): what the hand still touches is not put down.
Contacts are asked for where the perceiver reports them (`SceneObject.touching`), and geometry alone decides where it does not.
"""

from __future__ import annotations

import math
from typing import assert_never

import numpy as np

from lmp.meaning.off_table import fallen
from lmp.schema.condition import (
    At,
    Behind,
    Between,
    Cleared,
    Condition,
    Held,
    In,
    InFrontOf,
    LeftOf,
    MovedBy,
    NextTo,
    On,
    RightOf,
)
from lmp.schema.outcome import ConditionResult
from lmp.schema.scene import Scene, SceneObject

CONTACT_GAP = 0.008
"""Largest vertical distance of surfaces that count as touching [m]; contacts settle within a few millimetres."""
SIDE_GAP = 0.20
"""Largest free distance at which something is still to the left (right, ...) of a reference, rather than elsewhere [m]."""
NEXT_TO_GAP = 0.08
"""Largest free distance of two neighbours [m]."""
LEVEL_DIFFERENCE = 0.009
"""Largest difference in height of the undersides of things that stand side by side [m]."""
LIFTED = 0.01
"""Smallest height of a held object over whatever is below it [m]."""
_ALONG = {LeftOf: (0.0, 1.0), RightOf: (0.0, -1.0), InFrontOf: (-1.0, 0.0), Behind: (1.0, 0.0)}


def holds(condition: Condition, scene: Scene) -> ConditionResult:
    """Tests one condition.

    Raises:
        UnknownName: The condition names an object that the scene does not have.
    """
    match condition:
        case Held():
            found, words = _held(scene, scene.get(condition.object))
        case On():
            found, words = _put_down(scene, condition.object, _on(scene, condition.object, condition.support))
        case In():
            found, words = _put_down(scene, condition.object, _in(scene, condition.object, condition.container))
        case LeftOf() | RightOf() | InFrontOf() | Behind():
            geometry = _beside(scene, condition.object, condition.reference, _ALONG[type(condition)])
            found, words = _put_down(scene, condition.object, geometry)
        case NextTo():
            found, words = _put_down(scene, condition.object, _next_to(scene, condition.object, condition.reference))
        case Between():
            found, words = _put_down(scene, condition.object, _between(scene, condition))
        case At():
            goal = (condition.x, condition.y)
            found, words = _put_down(scene, condition.object, _near(scene.get(condition.object), goal, condition.tolerance))
        case MovedBy():
            goal = (condition.origin[0] + condition.dx, condition.origin[1] + condition.dy)
            found, words = _put_down(scene, condition.object, _near(scene.get(condition.object), goal, condition.tolerance))
        case Cleared():
            above = tuple(dict.fromkeys((*supported_by(scene, condition.object), *contents(scene, condition.object))))
            found, words = not above, f"on or in it: {', '.join(above)}" if above else "nothing is on or in it"
        case _:
            assert_never(condition)
    return ConditionResult(condition=condition, holds=found, measured=words)


def _mm(length: float, sign: str = "") -> str:
    """A length [m] in whole millimetres, never "-0"."""
    return f"{round(length * 1000):{sign}d} mm"


def rests_on(scene: Scene, upper: str, lower: str) -> bool:
    """True if `upper` stands on `lower`: surfaces meet, its centre is above `lower`, and they touch if contacts are known.

    Something inside a container stands on its floor.
    """
    return _on(scene, upper, lower)[0]


def is_inside(scene: Scene, name: str, container: str) -> bool:
    """True if the object's centre is within the container's opening and its underside below the rim, above the floor."""
    return _in(scene, name, container)[0]


def supported_by(scene: Scene, name: str) -> tuple[str, ...]:
    """Names of what stands directly on the object."""
    return tuple(
        other.name for other in scene.objects if other.name != name and other.movable and rests_on(scene, other.name, name)
    )


def contents(scene: Scene, container: str) -> tuple[str, ...]:
    """Names of what is inside the container; empty for things without a cavity."""
    if scene.get(container).cavity is None:
        return ()
    return tuple(
        other.name
        for other in scene.objects
        if other.name != container and other.movable and is_inside(scene, other.name, container)
    )


def _touch(first: SceneObject, second: SceneObject) -> bool:
    """Whether the two touch; taken for granted where the perceiver does not report contacts."""
    return first.touching is None or second.name in first.touching


def _underside(thing: SceneObject) -> float:
    return -thing.extent(np.array([0.0, 0.0, -1.0]))


def _put_down(scene: Scene, name: str, geometry: tuple[bool, str]) -> tuple[bool, str]:
    """The geometry's answer, unless the object is still in the hand or has fallen off the table."""
    thing = scene.get(name)
    if thing.held:
        return False, f"{name} is still in the hand"
    if thing.touching is not None and "robot" in thing.touching:
        return False, f"the hand still touches {name}"
    if fallen(scene, thing):
        return False, f"{name} has fallen off the table"
    if not rests(scene, thing):
        return False, f"{name} does not rest on anything"
    return geometry


def rests(scene: Scene, thing: SceneObject) -> bool:
    """Whether something carries it: a reported contact with what is really near, else a surface just below."""
    if thing.touching is None:
        return _height_above_support(scene, thing) <= CONTACT_GAP
    low, high = thing.bounds
    near = [scene.get(name).bounds for name in thing.touching if name in scene]
    return any(bool((a <= high + CONTACT_GAP).all() and (b >= low - CONTACT_GAP).all()) for a, b in near)


def _held(scene: Scene, thing: SceneObject) -> tuple[bool, str]:
    if not thing.held:
        return False, f"{thing.name} is not in the hand"
    others = [name for name in thing.touching or () if name != "robot"]
    if others:
        return False, f"{thing.name} is in the hand and still touches {', '.join(others)}"
    gap = _height_above_support(scene, thing)
    return gap >= LIFTED, f"in the hand, {_mm(gap)} above what is below"


def _height_above_support(scene: Scene, thing: SceneObject) -> float:
    """Free height below the object [m]: down to the highest top among the things whose outlines its centre is over."""
    x, y = (float(value) for value in thing.centre[:2])
    tops = [0.0]
    for other in scene.objects:
        lower, upper = other.bounds
        if other.name != thing.name and lower[0] <= x <= upper[0] and lower[1] <= y <= upper[1]:
            tops.append(_floor_or_top(other))
    return _underside(thing) - max(top for top in tops if top <= _underside(thing) + 0.05 or top == 0.0)


def _floor_or_top(thing: SceneObject) -> float:
    if thing.cavity is None:
        return thing.extent(np.array([0.0, 0.0, 1.0]))
    return float(thing.pose.apply(np.array([0.0, 0.0, thing.cavity.floor]))[2])


def _on(scene: Scene, upper_name: str, lower_name: str) -> tuple[bool, str]:
    upper, lower = scene.get(upper_name), scene.get(lower_name)
    if upper_name == lower_name:
        return False, "a thing is not on itself"
    gap = _underside(upper) - _floor_or_top(lower)
    if lower.cavity is not None:
        over = _in_opening(lower, upper.centre)
    else:
        low, high = lower.bounds
        over = bool((low[:2] <= upper.centre[:2]).all() and (upper.centre[:2] <= high[:2]).all())
    words = f"its underside is {_mm(gap, '+')} from the top of {lower_name}"
    if not over:
        return False, f"its centre is not above {lower_name}; {words}"
    if not _touch(upper, lower):
        return False, f"it does not touch {lower_name}; {words}"
    return abs(gap) <= CONTACT_GAP, words


def _in_opening(container: SceneObject, point: np.ndarray[tuple[int], np.dtype[np.float64]]) -> bool:
    cavity = container.cavity
    if cavity is None:
        return False
    x, y, _ = container.pose.inverse().apply(point)
    if cavity.round:
        return math.hypot(x, y) <= cavity.half_x
    return bool(abs(x) <= cavity.half_x and abs(y) <= cavity.half_y)


def _in(scene: Scene, name: str, container_name: str) -> tuple[bool, str]:
    thing, container = scene.get(name), scene.get(container_name)
    if container.cavity is None or name == container_name:
        return False, f"{container_name} has no hollow"
    if container.tilt > 0.35:
        return False, f"{container_name} is tipped over by {math.degrees(container.tilt):.0f} degrees"
    if not _in_opening(container, thing.centre):
        return False, f"its centre is outside the opening of {container_name}"
    floor = float(container.pose.apply(np.array([0.0, 0.0, container.cavity.floor]))[2])
    rim = float(container.pose.apply(np.array([0.0, 0.0, container.cavity.rim]))[2])
    bottom = _underside(thing)
    words = f"its underside is {_mm(bottom - floor, '+')} from the floor and {_mm(rim - bottom, '+')} below the rim"
    inside = bool(floor - CONTACT_GAP <= bottom <= max(rim - 0.005, floor + CONTACT_GAP))
    return inside and _supported_within(scene, thing, container), words


def _supported_within(scene: Scene, thing: SceneObject, container: SceneObject) -> bool:
    """Whether what it touches is the container or something else in it; taken for granted where contacts are unknown."""
    if thing.touching is None or thing.held:
        return thing.touching is None
    others = [name for name in thing.touching if name in scene and name not in (thing.name, container.name)]
    if container.name in thing.touching:
        return not any(scene.get(name).category == "table" for name in others)
    return any(_in_opening(container, scene.get(name).centre) for name in others)


def free_distance(thing: SceneObject, reference: SceneObject) -> float:
    """Horizontal distance of the two convex outlines [m]; negative where they overlap.

    Two convex sets are as far apart as the widest strip that fits between them: the largest gap over all directions.
    """

    def gap(angle: float) -> float:
        direction = np.array([math.cos(angle), math.sin(angle), 0.0])
        return -thing.extent(-direction) - reference.extent(direction)

    step = 2 * math.pi / 36
    best = max((i * step for i in range(36)), key=gap)
    while step > 1e-4:
        step /= 2
        best = max((best - step, best, best + step), key=gap)
    return gap(best)


def _level(thing: SceneObject, reference: SceneObject) -> bool:
    return abs(_underside(thing) - _underside(reference)) <= LEVEL_DIFFERENCE


def _beside(scene: Scene, name: str, reference_name: str, direction: tuple[float, float]) -> tuple[bool, str]:
    thing, reference = scene.get(name), scene.get(reference_name)
    along = np.array([*direction, 0.0])
    across = np.array([direction[1], direction[0], 0.0])
    gap = -thing.extent(-along) - reference.extent(along)
    offset = thing.centre - reference.centre
    forward, sideways = float(offset @ along), abs(float(offset @ across))
    words = f"free distance {_mm(gap)} in that direction, {_mm(sideways)} to the side"
    if not _level(thing, reference):
        return False, f"the two do not stand at the same height; {words}"
    # Within 45 degrees of the direction: farther to the side, people would name another side. At the very bound, where
    # rounding would decide, it does not hold.
    return -0.005 <= gap <= SIDE_GAP and sideways <= forward - 1e-9, words


def _next_to(scene: Scene, name: str, reference_name: str) -> tuple[bool, str]:
    thing, reference = scene.get(name), scene.get(reference_name)
    free = round(free_distance(thing, reference), 9)  # mirror images give the same answer at the bounds, too
    words = f"free distance {_mm(free)}"
    if not _level(thing, reference):
        return False, f"the two do not stand at the same height; {words}"
    return -0.005 <= free <= NEXT_TO_GAP, words


def _between(scene: Scene, condition: Between) -> tuple[bool, str]:
    thing, first, second = (scene.get(name) for name in (condition.object, condition.first, condition.second))
    start, line = first.centre[:2], second.centre[:2] - first.centre[:2]
    length = float(np.linalg.norm(line))
    if length < 1e-6:
        return False, f"{condition.first} and {condition.second} are at one place"
    offset = thing.centre[:2] - start
    along = np.array([*(line / length), 0.0])
    across = np.array([-along[1], along[0], 0.0])
    share, sideways = float(offset @ line) / length**2, abs(float(offset @ across[:2]))
    words = f"{round(share * 100)} % of the way from {condition.first} to {condition.second}, {_mm(sideways)} off the line"
    if not (_level(thing, first) and _level(thing, second)):
        return False, f"it does not stand at their height; {words}"
    half = (thing.extent(across) + thing.extent(-across)) / 2
    begins, ends = -thing.extent(-along) - start @ along[:2], thing.extent(along) - start @ along[:2]
    return bool(0.2 <= share <= 0.8 and begins > 0.0 and ends < length and sideways <= half), words


def _near(thing: SceneObject, goal: tuple[float, float], tolerance: float) -> tuple[bool, str]:
    distance = float(np.hypot(*(thing.centre[:2] - np.array(goal))))
    return distance <= tolerance, f"{_mm(distance)} from ({round(goal[0], 3) + 0.0:.3f}, {round(goal[1], 3) + 0.0:.3f}) m"
