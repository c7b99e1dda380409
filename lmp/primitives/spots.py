"""Spots to try for each kind of target, best first; whether they are free is tested elsewhere."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.footprints import near, outline, prisms
from lmp.primitives.standing import Standing
from lmp.primitives.surfaces import Surface, below, floor_of, ground, top_of
from lmp.schema.motion import AtTarget, BesideTarget
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.verdict import Violation

Array = NDArray[np.float64]

GRID = 0.02
"""Distance of the spots that are tried on an area [m]."""
ROOM = 0.035
"""Free distance to neighbours that leaves room for the fingers [m]; less is tried after it."""
TIGHT = 0.006
BELOW_RIM = 0.012
"""How far below the rim the underside of a thing has to be that is put on top of others in a container [m]."""
WALL_GAP = 0.002
"""Least distance to the walls of a container [m]."""
GAPS = (0.0, 0.015, 0.03, 0.045, 0.07, 0.1)
"""What may be added to the wished gap where the nearest spot is taken [m]."""
SIDEWAYS = (0.0, 0.015, -0.015, 0.03, -0.03)
"""How far to the side of the exact spot another may be [m]."""
SHARES = (0.0, 0.06, -0.06, 0.12, -0.12, 0.18, -0.18)
"""How far along the line between two things another spot may be, as a share of its length [dimensionless]."""
LEVEL = 0.04
"""Largest difference in height at which things still stand side by side [m]."""
SIDES = {"left": (0.0, 1.0), "right": (0.0, -1.0), "front": (-1.0, 0.0), "behind": (1.0, 0.0)}


@dataclass(frozen=True)
class Spot:
    """A spot for the middle of a thing's outline.

    Attributes:
        position: [m]. Shape (2,).
        height: Where the lowest point of the thing comes to rest [m].
        surface: What it stands on.
        label: In words.
        clearance: Free distance that is asked for [m].
        margin: Least distance of its outline from the edge of the surface [m].
        carriers: Names of what is below and thus not in the way.
    """

    position: Array
    height: float
    surface: Surface
    label: str
    clearance: float = TIGHT
    margin: float = WALL_GAP
    carriers: tuple[str, ...] = ()


def spots_on(thing: SceneObject, upright: Standing, support: SceneObject, scene: Scene) -> Iterator[Spot] | Violation:
    """The middle of a flat top; free spots of a floor or a table, the nearest first."""
    surface = top_of(support, scene)
    if surface is None:
        return Violation(
            code="does_not_fit",
            message=f"{support.name} has no flat top that {thing.name} could stand on.",
            object=support.name,
            hint="Put it beside it, or on the table.",
        )
    if not surface.floor:
        return iter([_spot(surface, surface.area.centre, f"on the middle of {support.name}")])
    if support.cavity is not None:
        return _spots_on_floor(thing, upright, surface, scene)
    return _nearest(surface, thing.centre[:2], f"on {surface.owner}")


def spots_in(thing: SceneObject, upright: Standing, container: SceneObject, scene: Scene) -> Iterator[Spot] | Violation:
    """The middle of the floor, then free spots around it, then on top of what is inside."""
    surface = floor_of(container)
    if surface is None:
        hollow = "lies on its side" if container.cavity is not None else "has no hollow"
        return Violation(
            code="does_not_fit",
            message=f"{container.name} {hollow}, so nothing can be put in it.",
            object=container.name,
            hint="Choose a container that stands upright, or put it beside or on it.",
        )
    return _spots_on_floor(thing, upright, surface, scene)


def spots_beside(
    thing: SceneObject, upright: Standing, reference: SceneObject, target: BesideTarget, scene: Scene
) -> Iterator[Spot]:
    """On one side at the wished gap, then a little farther or to the side; all sides for "any", the most central first."""
    surface = _level_with(reference, scene)
    sides = list(SIDES) if target.side == "any" else [target.side]
    centre = surface.area.centre
    middle = reference.centre[:2]

    def far_from_centre(side: str) -> float:
        away = np.array(SIDES[side]) * 0.1
        return float(np.linalg.norm(middle + away - centre))

    widest = 0.07 if target.side == "any" else 0.17
    gaps = [target.gap, *(min(target.gap + extra, widest) for extra in GAPS[1:] if target.gap < widest)]
    for distance in dict.fromkeys(gaps):
        for side in sorted(sides, key=far_from_centre):
            direction = np.array(SIDES[side])
            across = np.array([-direction[1], direction[0]])
            reach = reference.extent(np.array([*direction, 0.0])) - float(middle @ direction)
            for offset in SIDEWAYS:
                position = middle + direction * (reach + distance + upright.reach(-direction)) + across * offset
                yield _spot(surface, position, f"{distance * 1000:.0f} mm {_side(side)} {reference.name}")


def spots_between(
    thing: SceneObject, upright: Standing, first: SceneObject, second: SceneObject, scene: Scene
) -> Iterator[Spot] | Violation:
    """The middle of the free stretch between two things, then a little to its sides."""
    start, line = first.centre[:2], second.centre[:2] - first.centre[:2]
    length = float(np.linalg.norm(line))
    if length < 1e-6:
        return Violation(code="no_free_place", message=f"{first.name} and {second.name} are at one place.", object=first.name)
    along = line / length
    across = np.array([-along[1], along[0]])
    near_end = float((outline(first).polygon @ along).max())
    far_end = float((outline(second).polygon @ along).min())
    needed, free = upright.reach(along) + upright.reach(-along) + 2 * TIGHT, far_end - near_end
    if needed > free:
        return Violation(
            code="does_not_fit",
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
    return iter([_spot(surface, start + share * line + offset * across, label) for share in shares for offset in SIDEWAYS])


def spots_at(thing: SceneObject, target: AtTarget, scene: Scene) -> Iterator[Spot] | Violation:
    """The place itself, on the highest thing that is there, or on the table."""
    position = np.array([target.x, target.y])
    surface = ground(scene)
    for other in scene.objects:
        if other.name == thing.name or outline(other).depth(position) < 0:
            continue
        candidate = top_of(other, scene)
        if candidate is None:
            return Violation(
                code="no_free_place",
                message=f"{other.name} is at ({target.x:.3f}, {target.y:.3f}) m and has no flat top.",
                object=other.name,
                hint=f"Move {other.name} first, or choose another place.",
            )
        if candidate.height >= surface.height and candidate.area.depth(position) >= 0:
            surface = candidate
    return iter([_spot(surface, position, f"at ({target.x:.3f}, {target.y:.3f}) m on {surface.owner}")])


def _spots_on_floor(thing: SceneObject, upright: Standing, surface: Surface, scene: Scene) -> Iterator[Spot]:
    """The middle, then rings around it; last, on top of what is there, where the walls still hold it."""
    middle = surface.area.centre
    yield _spot(surface, middle, f"in the middle of {surface.owner}")
    # Nothing wider than the area can stand anywhere on it; without this bound a tray would be searched for a plank.
    if min(upright.reach(np.array(d)) for d in ((1.0, 0.0), (0.0, 1.0))) > surface.area.radius:
        return
    positions = sorted(_grid(surface, 0.5 * GRID), key=lambda p: float(np.linalg.norm(p - middle)))
    for position in positions:
        yield _spot(surface, position, f"in {surface.owner}, {np.linalg.norm(position - middle) * 1000:.0f} mm off its middle")
    yield from _heap(thing, upright, surface, scene, positions)


def _heap(thing: SceneObject, upright: Standing, surface: Surface, scene: Scene, positions: Sequence[Array]) -> Iterator[Spot]:
    """On top of what is in a container, the lowest first, as long as the underside stays well below the rim."""
    if surface.rim is None:
        return
    inside = [other for other in scene.objects if other.name not in (thing.name, surface.owner) and other.movable]
    contents = [prism for other in inside if surface.area.depth(other.centre[:2]) > 0 for prism in prisms(other)]
    found = []
    for position in positions:
        tops = [prism.top for _, prism in near(upright.outline.moved(position), contents, 0.0)]
        height = max(tops, default=surface.height)
        if height < surface.rim - BELOW_RIM:
            found.append((round(height, 3), position))
    carriers = (surface.owner, *dict.fromkeys(prism.owner for prism in contents))
    for height, position in sorted(found, key=lambda entry: entry[0]):
        label = f"on top of what is in {surface.owner}"
        yield Spot(position, height, surface, label, carriers=carriers)


def _nearest(surface: Surface, wish: Array, label: str) -> Iterator[Spot]:
    positions = sorted(_grid(surface, GRID), key=lambda p: float(np.linalg.norm(p - wish)))
    for room in (ROOM, TIGHT):
        for position in positions:
            yield Spot(position, surface.height, surface, label, room, WALL_GAP, (surface.owner,))


def _grid(surface: Surface, step: float) -> list[Array]:
    low, high = surface.area.polygon.min(axis=0), surface.area.polygon.max(axis=0)
    axes = [
        (a + b) / 2 + step * np.arange(-math.floor((b - a) / 2 / step), math.floor((b - a) / 2 / step) + 1)
        for a, b in zip(low, high, strict=True)
    ]
    points = [np.array([x, y]) for x in axes[0] for y in axes[1]]
    return [point for point in points if surface.area.depth(point) > 0]


def _spot(surface: Surface, position: Array, label: str) -> Spot:
    return Spot(position, surface.height, surface, label, carriers=(surface.owner,))


def _level_with(reference: SceneObject, scene: Scene) -> Surface:
    """What the reference stands on, if others can stand there too; the table where that is about as high."""
    surface, table = below(reference, scene), ground(scene)
    if not surface.floor and surface.height - table.height <= LEVEL:
        return table
    return surface


def _side(side: str) -> str:
    return {"left": "to the left of", "right": "to the right of", "front": "in front of", "behind": "behind"}[side]
