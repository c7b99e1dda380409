"""Spots to try for each kind of target, best first; whether they are free is tested elsewhere."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from lmp.meaning.directions import directions
from lmp.meaning.failures import GOAL_BLOCKED
from lmp.primitives.places.floor_spots import spots_on_floor
from lmp.primitives.places.footprints import outline
from lmp.primitives.places.spot import TIGHT, WALL_GAP, Spot, grid, spot_on
from lmp.primitives.places.standing import Standing
from lmp.primitives.places.surfaces import TIPPED, Surface, below, floor_of, ground, top_of
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.verdict import VIOLATIONS, Violation, ViolationKind

Array = NDArray[np.float64]

GRID = 0.02
"""Distance of the spots that are tried on an area [m]."""
ROOM = 0.035
"""Free distance to neighbours that leaves room for the fingers [m]; less is tried after it."""
GAPS = (0.0, 0.015, 0.03, 0.045, 0.07, 0.1)
"""What may be added to the requested gap where the nearest spot is taken [m]."""
SIDEWAYS = (0.0, 0.015, -0.015, 0.03, -0.03)
"""How far to the side of the exact spot another may be [m]."""
SHARES = (0.0, 0.06, -0.06, 0.12, -0.12, 0.18, -0.18)
"""How far along the line between two objects another spot may be, as a share of its length [dimensionless]."""
ON_THE_LINE = 0.004
"""How far inside of an object's outline the line between two others has to pass, or it is not between them [m]."""
LEVEL = 0.04
"""Largest difference in height at which objects still stand side by side [m]."""
DOES_NOT_FIT = VIOLATIONS.register(
    ViolationKind("does_not_fit", "the object is too large for the place, or would not stand on it", about="place")
)
NO_FREE_PLACE = VIOLATIONS.register(
    ViolationKind("no_free_place", "something else takes the place up", about="obstacle", after_motion=GOAL_BLOCKED)
)


def spots_on(thing: SceneObject, upright: Standing, support: SceneObject, scene: Scene) -> Iterator[Spot] | Violation:
    """The middle of a flat top; free spots of a floor or of furniture, the nearest first."""
    surface = top_of(support, scene)
    if surface is None:
        return DOES_NOT_FIT(
            message=f"{support.name} has no flat top that {thing.name} could stand on.",
            object=support.name,
            hint="Put it beside it, or on something flat.",
        )
    if not surface.floor:
        return iter([spot_on(surface, surface.area.centre, f"on the middle of {support.name}")])
    if surface.rim is not None:
        return spots_on_floor(thing, upright, surface, scene)
    return spots_nearest(surface, thing.centre[:2], f"on {surface.owner}", scene)


def spots_in(thing: SceneObject, upright: Standing, container: SceneObject, scene: Scene) -> Iterator[Spot] | Violation:
    """The middle of the floor, then free spots around it, then on top of what is inside."""
    surface = floor_of(container)
    if surface is None:
        shut = "is closed" if container.joints and container.tilt < TIPPED else "lies on its side"
        hollow = shut if container.cavity is not None else "has no hollow"
        return DOES_NOT_FIT(
            message=f"{container.name} {hollow}, so nothing can be put in it.",
            object=container.name,
            hint="Choose a container that stands upright, or put it beside or on it.",
        )
    return spots_on_floor(thing, upright, surface, scene)


def spots_beside(reference: SceneObject, sides: Sequence[str], gap: float, label: str, scene: Scene) -> Iterator[Spot]:
    """On one side at the asked gap, then a little farther or to the side; of several, the most central first."""
    surface, robot = _level_with(reference, scene), directions(scene)
    centre, middle = surface.area.centre, reference.centre[:2]

    def far_from_centre(direction: Array) -> float:
        return round(float(np.linalg.norm(middle + direction * 0.1 - centre)), 9)

    ways = sorted((robot.unit(side)[:2] for side in sides), key=far_from_centre)
    widest = 0.07 if len(ways) > 1 else 0.17
    gaps = [gap, *(min(gap + extra, widest) for extra in GAPS[1:] if gap < widest)]
    for distance in dict.fromkeys(gaps):
        for direction in ways:
            across = np.array([-direction[1], direction[0]])
            reach = reference.extent(np.array([*direction, 0.0])) - float(middle @ direction)
            for offset in SIDEWAYS:
                position = middle + direction * (reach + distance) + across * offset
                yield spot_on(surface, position, f"{distance * 1000:.0f} mm {label}", direction)


def spots_between(
    thing: SceneObject, upright: Standing, first: SceneObject, second: SceneObject, scene: Scene
) -> Iterator[Spot] | Violation:
    """The middle of the free stretch between two objects, then a little to its sides."""
    start, line = first.centre[:2], second.centre[:2] - first.centre[:2]
    length = float(np.linalg.norm(line))
    if length < 1e-6:
        return NO_FREE_PLACE(message=f"{first.name} and {second.name} are at one place.", object=first.name)
    along = line / length
    across = np.array([-along[1], along[0]])
    near_end = float((outline(first).polygon @ along).max())
    far_end = float((outline(second).polygon @ along).min())
    needed, free = upright.reach(along) + upright.reach(-along) + 2 * TIGHT, far_end - near_end
    if needed > free:
        return DOES_NOT_FIT(
            message=f"{thing.name} needs {needed * 1000:.0f} mm between {first.name} and {second.name}, "
            f"where {max(free, 0.0) * 1000:.0f} mm are free.",
            value=needed,
            limit=free,
            unit="m",
            object=thing.name,
            hint="Move one of the two farther away first.",
        )
    middle = ((near_end + far_end) / 2 - float(start @ along)) / length
    shares = [share for share in (middle + shift for shift in SHARES) if 0.28 <= share <= 0.72] or [0.5]
    surface = _level_with(first, scene)
    label = f"between {first.name} and {second.name}"
    turns = [np.array([math.cos(angle), math.sin(angle)]) for angle in np.linspace(0.0, math.pi, 36, endpoint=False)]
    half = min((upright.reach(turn) + upright.reach(-turn)) / 2 for turn in turns)  # however it comes to stand
    offsets = [offset for offset in SIDEWAYS if abs(offset) <= half - ON_THE_LINE]
    return iter([spot_on(surface, start + share * line + offset * across, label) for share in shares for offset in offsets])


def spots_at(thing: SceneObject, position: Array, support: str | None, scene: Scene) -> Iterator[Spot] | Violation:
    """The place itself, on what it is to stand on there: the highest object that is there, where no support is named."""
    x, y, _ = directions(scene).coordinates(np.array([*position, 0.0]))
    surface = ground(scene, position)
    for other in scene.objects:
        if other.name == thing.name or support not in (None, other.name) or outline(other).depth(position) < 0:
            continue
        candidate = top_of(other, scene)
        if candidate is None:
            return NO_FREE_PLACE(
                message=f"{other.name} is at ({x:.3f}, {y:.3f}) m and has no flat top.",
                object=other.name,
                hint=f"Move {other.name} first, or choose another place.",
            )
        if candidate.height >= surface.height and candidate.area.depth(position) >= 0:
            surface = candidate
    return iter([spot_on(surface, position, f"at ({x:.3f}, {y:.3f}) m on {surface.owner}")])


def spots_nearest(surface: Surface, requested: Array, label: str, scene: Scene) -> Iterator[Spot]:
    """Free spots of a surface, the nearest to a requested place first, those with room for the fingers before the others."""
    points = grid(surface, GRID, directions(scene).unit("forward")[:2])
    positions = sorted(points, key=lambda p: round(float(np.linalg.norm(p - requested)), 9))
    for room in (ROOM, TIGHT):
        for position in positions:
            yield Spot(position, surface.height, surface, label, room, WALL_GAP, (surface.owner,))


def _level_with(reference: SceneObject, scene: Scene) -> Surface:
    """Surface that the reference stands on, if others can stand there too; the ground there where that is about as high."""
    surface, base = below(reference, scene), ground(scene, reference.centre)
    if not surface.floor and surface.height - base.height <= LEVEL:
        return base
    return surface
