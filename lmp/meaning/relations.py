"""Relations between objects in a scene: what carries, holds or touches what, and free distances.

Contacts are asked for where the perceiver reports them (`SceneObject.touching`), and geometry alone decides where it does not.
The conditions in `lmp/meaning/conditions` are made of these.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lmp.meaning.fallen import fallen, lowest_place
from lmp.schema.condition import Condition, Measured
from lmp.schema.findings import ConditionResult
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.shape import Articulated, Cavity, Part

Point = NDArray[np.float64]

CONTACT_GAP = 0.008
"""Largest vertical distance of surfaces that count as touching [m]; contacts settle within a few millimetres."""
DOUBT, LEVEL_DOUBT = 0.001, 0.002
"""By how much a place, or a level, has to be missed before the opposite is said of it [m]."""
WALL_DOUBT = 0.011
"""By how much a middle has to be outside of an opening before the opposite of being inside is said [m]."""
TIPPED = 0.34
"""Tilt from which on nothing is in a container [rad]."""
DEEP = 0.0101
"""How far below the rim an object has to reach, in a hollow that is deep enough [m]."""
BELOW_FLOOR = 0.0029
"""How far the underside of what lies in a hollow may be measured below its floor [m]: nothing sinks into one."""
LEVEL_DIFFERENCE = 0.009
"""Largest difference in height of the undersides of objects that stand side by side [m]."""


def holds(condition: Condition, scene: Scene) -> ConditionResult:
    """Tests one condition.

    Raises:
        UnknownName: The condition names an object that the scene does not have.
        SetupFault: The condition is of a kind that is not installed here.
    """
    found = condition.measure(scene)
    return ConditionResult(condition=condition, holds=found.holds, measured=found.words, margin=found.margin, unit=found.unit)


def mm(length: float, sign: str = "") -> str:
    """A length [m] in whole millimetres, never "-0"."""
    return f"{round(length * 1000):{sign}d} mm"


def rests_on(scene: Scene, upper: str, lower: str) -> bool:
    """True if `upper` stands on `lower`: surfaces meet, its centre is above `lower`, and they touch if contacts are known.

    Something inside a container stands on its floor.
    """
    return on(scene, upper, lower).holds


def is_inside(scene: Scene, name: str, container: str) -> bool:
    """True if the object's centre is within the container's opening and its underside below the rim, above the floor."""
    return inside(scene, name, container).holds


def supported_by(scene: Scene, name: str) -> tuple[str, ...]:
    """Names of what stands directly on the object."""
    return tuple(
        other.name for other in scene.objects if other.name != name and other.movable and rests_on(scene, other.name, name)
    )


def lying_on(scene: Scene, name: str) -> tuple[str, ...]:
    """Names of what touches the object from above with its middle over it: on its rim, or leaning on it, counts too."""
    lower = scene.get(name)
    return tuple(
        other.name
        for other in scene.objects
        if other.name != name and other.role != "support" and name in (other.touching or ())
        if lower.over(other.centre) >= 0.0 and underside(other) > underside(lower) + DOUBT
    )


def contents(scene: Scene, container: str) -> tuple[str, ...]:
    """Names of what is inside the container; empty for objects without a cavity."""
    if scene.get(container).cavity is None:
        return ()
    return tuple(
        other.name
        for other in scene.objects
        if other.name != container and other.movable and is_inside(scene, other.name, container)
    )


def _touch(first: SceneObject, second: SceneObject) -> bool:
    """True if the two touch; taken for granted where the perceiver does not report contacts."""
    return first.touching is None or second.name in first.touching


def underside(item: SceneObject) -> float:
    """Height of an object's lowest point [m]."""
    return -item.extent(np.array([0.0, 0.0, -1.0]))


def not_put_down(scene: Scene, name: str) -> str | None:
    """The reason why an object is not at rest and let go, in words; None where it is."""
    item = scene.get(name)
    if item.held:
        return f"{name} is still in the gripper"
    if item.touching is not None and "robot" in item.touching:
        return f"the gripper still touches {name}"
    if fallen(scene, item):
        return f"{name} has fallen off what carried it"
    return None if rests(scene, item) else f"{name} does not rest on anything"


def rests(scene: Scene, item: SceneObject) -> bool:
    """True if something carries it: a reported contact with what is really near, else a surface just below."""
    if item.touching is None:
        return height_above_support(scene, item) <= CONTACT_GAP
    low, high = item.bounds
    near = [scene.get(name).bounds for name in item.touching if name in scene]
    return any(bool((a <= high + CONTACT_GAP).all() and (b >= low - CONTACT_GAP).all()) for a, b in near)


def height_above_support(scene: Scene, item: SceneObject) -> float:
    """Free height below the object [m]: down to the highest top among the objects whose outlines its centre is over."""
    bottom = underside(item)
    tops = [lowest_place(scene)]
    for other in scene.objects:
        if other.name != item.name and other.over(item.centre) >= 0.0:
            jointed = isinstance(other.shape, Articulated)
            carriers = [height for height, over in carrying(other, item.centre) if over >= 0.0]
            tops += carriers if jointed else [floor_or_top(other)]
    return bottom - max([tops[0], *(top for top in tops if top <= bottom + 0.05)])


def floor_or_top(item: SceneObject) -> float:
    """Height at which others stand on an object: its floor where it is hollow, else its highest point [m]."""
    floors = [_height(frame, cavity.floor) for cavity, frame in item.hollows]
    return max(floors, default=item.extent(np.array([0.0, 0.0, 1.0])))


def carrying(item: SceneObject, point: Point) -> list[tuple[float, float]]:
    """Heights at which an object carries what is over a point, and how far inside their areas the point is [m].

    That is its top; of a container the floors of its hollows; of an object with joints both, part by part: what stands on a
    part that hangs on a joint stands on the object. A part whose place is not known carries nothing.
    """
    floors = [(_height(frame, cavity.floor), _room(cavity, frame, point)) for cavity, frame in item.hollows]
    if isinstance(item.shape, Articulated):
        known = [part.name for part in item.shape.parts if item.shape.T_object_part(part.name) is not None]
        return floors + [top for name in known for top in _tops(item, item.shape.pieces_of(name), point)]
    if item.cavity is not None:
        return floors
    return [(item.extent(np.array([0.0, 0.0, 1.0])), item.over(point))]


def _tops(item: SceneObject, pieces: tuple[Part, ...], point: Point) -> list[tuple[float, float]]:
    """The tops of convex pieces, and how far inside the boxes around them a point is [m]."""
    found = []
    for piece in pieces:
        own = SceneObject(name="piece", category="piece", pose=item.pose @ piece.pose, shape=piece.shape)
        found.append((float(own.bounds[1][2]), own.over(point)))
    return found


def _height(frame: Pose, z: float) -> float:
    return float(frame.apply(np.array([0.0, 0.0, z]))[2])


def on(scene: Scene, upper_name: str, lower_name: str) -> Measured:
    """Measure if the one stands on the other, and how far from not doing so.

    What touches it from above and stands on its rim or leans on it is neither on it nor clearly not.
    """
    upper, lower = scene.get(upper_name), scene.get(lower_name)
    if upper_name == lower_name:
        return Measured.no("an object is not on itself")
    bottom, levels = underside(upper), carrying(lower, upper.centre)
    under = [(bottom - height, over) for height, over in levels if over >= 0.0]
    gap = min((gap for gap, _ in under), key=abs, default=bottom - floor_or_top(lower))
    words = f"its underside is {mm(gap, '+')} from the top of {lower_name}"
    if not _touch(upper, lower):
        return Measured.no(f"it does not touch {lower_name}; {words}")
    carried_by = [other.name for other in scene.supports if other.name != lower_name and other.name in (upper.touching or ())]
    over = max((over for one, over in under if one == gap), default=max((over for _, over in levels), default=None))
    if over is None or over < 0.0:
        found = Measured(False, f"its centre is not above {lower_name}; {words}", over)
    elif carried_by and lower.role != "support":
        return Measured.no(f"it touches {carried_by[0]}, too; {words}")
    else:
        sunk = gap + (BELOW_FLOOR if lower.hollows else CONTACT_GAP)
        found = Measured.by(words, CONTACT_GAP - gap, sunk, over)
    lowest = min((height for height, _ in levels), default=underside(lower))
    clear = lower.over(upper.centre) < -DOUBT or bottom < lowest - CONTACT_GAP - DOUBT
    return found if found.holds or clear else replace(found, known=False)


def _in_opening(container: SceneObject, point: Point) -> float:
    """Distance of a point from the walls of a container's opening, seen along them, negative outside [m]."""
    return max((_room(cavity, frame, point) for cavity, frame in container.hollows), default=-math.inf)


def _room(cavity: Cavity, frame: Pose, point: Point) -> float:
    """Distance of a point from the walls of a hollow, seen along them, negative outside [m]."""
    x, y, _ = frame.inverse().apply(point)
    if cavity.round:
        return float(cavity.half_x - math.hypot(x, y))
    return float(min(cavity.half_x - abs(x), cavity.half_y - abs(y)))


def inside(scene: Scene, name: str, container_name: str) -> Measured:
    """Measure if the one rests in the other's hollow, and how far from not doing so."""
    item, container = scene.get(name), scene.get(container_name)
    if container.cavity is None or name == container_name:
        return Measured.no(f"{container_name} has no hollow")
    if container.tilt > TIPPED:
        words = f"{container_name} is tipped over by {math.degrees(container.tilt):.0f} degrees"
        return Measured.no(words) if container.tilt > TIPPED + 0.02 else Measured.undecided(words)
    found = [(_room(cavity, frame, item.centre), cavity, frame) for cavity, frame in container.hollows]
    if not any(room >= 0.0 for room, _, _ in found):
        unknown = "" if len(found) == len(container.cavities) else ", and where one of its hollows is is not known"
        words = f"its centre is outside the opening of {container_name}{unknown}"
        outside = max((room for room, _, _ in found), default=None)
        return Measured.no(words) if outside is None else Measured.by(words, outside, doubts=WALL_DOUBT)
    levels = [(*_depths(item, cavity, frame), cavity.rim - cavity.floor, room) for room, cavity, frame in found if room >= 0.0]
    # Of hollows above each other, as of drawers, the one at its height.
    over, below, depth, room = min(levels, key=lambda level: max(-level[0], -level[1]))
    words = f"its underside is {mm(over, '+')} from the floor and {mm(below, '+')} below the rim"
    slacks = over + BELOW_FLOOR, below - min(DEEP, depth / 2), room
    measured = Measured.by(words, *slacks, doubts=(2 * DOUBT, DOUBT, WALL_DOUBT))
    return measured if not measured.holds or _supported_within(scene, item, container) else Measured.no(words)


def _depths(item: SceneObject, cavity: Cavity, frame: Pose) -> tuple[float, float]:
    """How far the lowest point of an object along a hollow's axis is over its floor, and below its rim [m]."""
    axis = frame.rotation[:, 2]
    lowest = -item.extent(-axis) - float(np.array(frame.position) @ axis)
    return lowest - cavity.floor, cavity.rim - lowest


def _supported_within(scene: Scene, item: SceneObject, container: SceneObject) -> bool:
    """True if contacts lead from it to the container without furniture; taken for granted where contacts are unknown."""
    if item.touching is None or item.held:
        return item.touching is None
    if any(name in scene and scene.get(name).role == "support" for name in item.touching):
        return False
    seen, waiting = {item.name}, [item]
    while waiting:
        other = waiting.pop()
        if other.touching is None and _in_opening(container, other.centre) >= 0.0:
            return True
        for name in other.touching or ():
            if name == container.name:
                return True
            if name in scene and name not in seen and scene.get(name).role != "support":
                seen.add(name)
                waiting.append(scene.get(name))
    return False


def free_distance(item: SceneObject, reference: SceneObject) -> float:
    """Horizontal distance of the two convex outlines [m]; negative where they overlap.

    Two convex sets are as far apart as the widest strip that fits between them: the largest gap over all directions.
    """

    def gap(angle: float) -> float:
        direction = np.array([math.cos(angle), math.sin(angle), 0.0])
        return -item.extent(-direction) - reference.extent(direction)

    step = 2 * math.pi / 36
    coarse = [gap(i * step) for i in range(36)]
    peaks = [i for i in range(36) if coarse[i] >= max(coarse[i - 1], coarse[(i + 1) % 36])]
    # Outlines that overlap have a peak at each edge; the widest may be narrow.
    return max(_refined(gap, i * step, step) for i in sorted(peaks, key=lambda i: -coarse[i])[:3])


def _refined(gap: Callable[[float], float], best: float, step: float) -> float:
    """The height of the peak that is nearest to an angle [m]."""
    while step > 1e-4:
        step /= 2
        best = max((best - step, best, best + step), key=gap)
    return gap(best)


def level(item: SceneObject, reference: SceneObject) -> float:
    """Distance of two objects from not standing at one height, negative where they do not [m]."""
    return LEVEL_DIFFERENCE - abs(underside(item) - underside(reference))


def unmet_of(asked: Sequence[Condition], scene: Scene) -> list[str]:
    """The conditions that an instruction asks for and that do not hold, in words; those that nobody can tell are left out."""
    found = []
    for condition in asked:
        measured = condition.measure(scene) if all(name in scene for name in condition.names) else None
        if measured is None or (measured.known and not measured.holds):
            found.append(f"asked for {condition.words}: {'it is gone' if measured is None else measured.words}")
    return found
