"""How objects stand to each other in a scene: what carries, holds or touches what, and free distances.

Contacts are asked for where the perceiver reports them (`SceneObject.touching`), and geometry alone decides where it does not.
The conditions in `lmp/meaning/conditions` are made of these.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.meaning.fallen import fallen, lowest_place
from lmp.schema.condition import Condition, Measured
from lmp.schema.findings import ConditionResult
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.shape import Articulated, Cavity, Compound

Point = NDArray[np.float64]

CONTACT_GAP = 0.008
"""Largest vertical distance of surfaces that count as touching [m]; contacts settle within a few millimetres."""
LEVEL_DIFFERENCE = 0.009
"""Largest difference in height of the undersides of things that stand side by side [m]."""


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


def underside(thing: SceneObject) -> float:
    """Height of an object's lowest point [m]."""
    return -thing.extent(np.array([0.0, 0.0, -1.0]))


def not_put_down(scene: Scene, name: str) -> str | None:
    """Why an object is not at rest and let go, in words; None where it is."""
    thing = scene.get(name)
    if thing.held:
        return f"{name} is still in the hand"
    if thing.touching is not None and "robot" in thing.touching:
        return f"the hand still touches {name}"
    if fallen(scene, thing):
        return f"{name} has fallen off what carried it"
    return None if rests(scene, thing) else f"{name} does not rest on anything"


def rests(scene: Scene, thing: SceneObject) -> bool:
    """Whether something carries it: a reported contact with what is really near, else a surface just below."""
    if thing.touching is None:
        return height_above_support(scene, thing) <= CONTACT_GAP
    low, high = thing.bounds
    near = [scene.get(name).bounds for name in thing.touching if name in scene]
    return any(bool((a <= high + CONTACT_GAP).all() and (b >= low - CONTACT_GAP).all()) for a, b in near)


def height_above_support(scene: Scene, thing: SceneObject) -> float:
    """Free height below the object [m]: down to the highest top among the things whose outlines its centre is over."""
    bottom = underside(thing)
    tops = [lowest_place(scene)]
    for other in scene.objects:
        if other.name != thing.name and other.over(thing.centre) >= 0.0:
            jointed = isinstance(other.shape, Articulated)
            tops += carrying_heights(other, thing.centre) if jointed else [floor_or_top(other)]
    return bottom - max([tops[0], *(top for top in tops if top <= bottom + 0.05)])


def floor_or_top(thing: SceneObject) -> float:
    """Height of the floor of an object's hollow, else of its top [m]."""
    floors = [_height(frame, cavity.floor) for cavity, frame in thing.hollows]
    return max(floors, default=thing.extent(np.array([0.0, 0.0, 1.0])))


def carrying_heights(thing: SceneObject, point: Point) -> list[float]:
    """Heights at which an object carries what is over a point [m]; see `_carriers`."""
    return [height for height, _ in _carriers(thing, point)]


def _carriers(thing: SceneObject, point: Point) -> list[tuple[float, float]]:
    """Heights at which an object carries what is over a point, and how far the point is from their edges [m], [m].

    That is its top, if the point is over it; of a container the floors of the hollows that the point is over; of an object
    with joints both, part by part: what stands on a part that hangs on a joint stands on the object.
    """
    hollows = [(_height(frame, cavity.floor), _room(cavity, frame, point)) for cavity, frame in thing.hollows]
    floors = [(height, room) for height, room in hollows if room >= 0.0]
    if isinstance(thing.shape, Articulated):
        return floors + [top for part in thing.shape.parts if (top := _top_of_part(thing, part.name, point)) is not None]
    if thing.cavity is not None:
        return floors
    room = thing.over(point)
    return [(thing.extent(np.array([0.0, 0.0, 1.0])), room)] if room >= 0.0 else []


def _top_of_part(thing: SceneObject, part: str, point: Point) -> tuple[float, float] | None:
    """The top of a part where its place is known and a point is over it, and how far from its edges [m], [m]; else None."""
    if not isinstance(thing.shape, Articulated) or thing.shape.T_object_part(part) is None:
        return None
    own = SceneObject(name=part, category="part", pose=thing.pose, shape=Compound(parts=thing.shape.pieces_of(part)))
    room = own.over(point)
    return (float(own.bounds[1][2]), room) if room >= 0.0 else None


def _height(frame: Pose, z: float) -> float:
    return float(frame.apply(np.array([0.0, 0.0, z]))[2])


def on(scene: Scene, upper_name: str, lower_name: str) -> Measured:
    """Whether the one stands on the other, and how far from not doing so."""
    upper, lower = scene.get(upper_name), scene.get(lower_name)
    if upper_name == lower_name:
        return Measured.no("a thing is not on itself")
    bottom, carriers = underside(upper), _carriers(lower, upper.centre)
    height, over = min(carriers, key=lambda found: abs(bottom - found[0]), default=(floor_or_top(lower), -math.inf))
    words = f"its underside is {mm(bottom - height, '+')} from the top of {lower_name}"
    if not carriers:
        outside = _in_opening(lower, upper.centre) if lower.cavities else lower.over(upper.centre)
        return Measured(False, f"its centre is not above {lower_name}; {words}", outside)
    if not _touch(upper, lower):
        return Measured.no(f"it does not touch {lower_name}; {words}")
    return Measured.by(words, CONTACT_GAP - abs(bottom - height), over)


def _in_opening(container: SceneObject, point: Point) -> float:
    """How far a point is from the walls of a container's openings, seen along them, negative outside [m]."""
    return max((_room(cavity, frame, point) for cavity, frame in container.hollows), default=-math.inf)


def _room(cavity: Cavity, frame: Pose, point: Point) -> float:
    """How far a point is from the walls of a hollow, seen along them, negative outside [m]."""
    x, y, _ = frame.inverse().apply(point)
    if cavity.round:
        return float(cavity.half_x - math.hypot(x, y))
    return float(min(cavity.half_x - abs(x), cavity.half_y - abs(y)))


def inside(scene: Scene, name: str, container_name: str) -> Measured:
    """Whether the one rests in the other's hollow, and how far from not doing so."""
    thing, container = scene.get(name), scene.get(container_name)
    if container.cavity is None or name == container_name:
        return Measured.no(f"{container_name} has no hollow")
    if container.tilt > 0.35:
        return Measured.no(f"{container_name} is tipped over by {math.degrees(container.tilt):.0f} degrees")
    within = [(cavity, frame) for cavity, frame in container.hollows if _room(cavity, frame, thing.centre) >= 0.0]
    room = _in_opening(container, thing.centre)
    if not within:
        unknown = len(container.hollows) < len(container.cavities)
        more = "; where one of its hollows is is not known" if unknown else ""
        return Measured(False, f"its centre is outside the opening of {container_name}{more}", room)
    bottom = underside(thing)
    heights = [(_height(frame, cavity.floor), _height(frame, cavity.rim)) for cavity, frame in within]
    floor, rim = min(heights, key=lambda ends: max(ends[0] - bottom, bottom - ends[1]))  # of drawers, the one at its height
    words = f"its underside is {mm(bottom - floor, '+')} from the floor and {mm(rim - bottom, '+')} below the rim"
    found = Measured.by(words, bottom - (floor - CONTACT_GAP), max(rim - 0.005, floor + CONTACT_GAP) - bottom, room)
    return found if not found.holds or _supported_within(scene, thing, container) else Measured.no(words)


def _supported_within(scene: Scene, thing: SceneObject, container: SceneObject) -> bool:
    """Whether what it touches is the container or something else in it; taken for granted where contacts are unknown."""
    if thing.touching is None or thing.held:
        return thing.touching is None
    others = [name for name in thing.touching if name in scene and name not in (thing.name, container.name)]
    if container.name in thing.touching:
        return not any(scene.get(name).role == "support" for name in others)
    return any(_in_opening(container, scene.get(name).centre) >= 0.0 for name in others)


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


def level(thing: SceneObject, reference: SceneObject) -> float:
    """How far two objects are from not standing at one height, negative where they do not [m]."""
    return LEVEL_DIFFERENCE - abs(underside(thing) - underside(reference))
