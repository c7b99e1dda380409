"""Spots on the floor of a container, so that room is left for more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.footprints import Prism, near, prisms
from lmp.primitives.spot import TIGHT, WALL_GAP, Spot, grid
from lmp.primitives.standing import Standing
from lmp.primitives.surfaces import Surface
from lmp.schema.scene import Scene, SceneObject

Array = NDArray[np.float64]

STEP = 0.01
"""Distance of the spots that are tried [m]."""
PROBE = 0.02
"""Radius of the discs whose room is counted [m]."""
PASSES = ((0.008, TIGHT), (WALL_GAP, 0.003))
"""Distance to the walls and to other things, first comfortable, then tight [m]."""
BELOW_RIM = 0.012
"""How far below the rim the underside of a thing has to be that is put on top of others in a container [m]."""


def spots_on_floor(thing: SceneObject, upright: Standing, surface: Surface, scene: Scene) -> Iterator[Spot]:
    """The spots that leave the most room, the more central of equals; last, on top of what is there.

    So a thing that fills a container comes to its middle, and of several things the first does not block the others.
    """
    contents = _contents(thing, surface, scene)
    positions = grid(surface, STEP)
    if not positions:
        return
    room = _room(surface, contents, np.array(positions))
    middle = surface.area.centre
    ranked = sorted(
        positions, key=lambda p: (-_left(room, upright.outline.moved(p)), round(float(np.linalg.norm(p - middle)), 6))
    )
    for margin, clearance in PASSES:
        for position in ranked:
            away = float(np.linalg.norm(position - middle))
            label = (
                f"in the middle of {surface.owner}"
                if away < 1e-6
                else f"in {surface.owner}, {away * 1000:.0f} mm off its middle"
            )
            yield Spot(position, surface.height, surface, label, clearance, margin, (surface.owner,))
    yield from _heap(upright, surface, contents, positions)


def _contents(thing: SceneObject, surface: Surface, scene: Scene) -> list[Prism]:
    inside = [other for other in scene.objects if other.name not in (thing.name, surface.owner) and other.movable]
    return [
        prism
        for other in inside
        if surface.area.depth(other.centre[:2]) > 0
        for prism in prisms(other)
        if prism.bottom < (surface.height if surface.rim is None else surface.rim) and prism.top > surface.height
    ]


def _room(surface: Surface, contents: Sequence[Prism], points: Array) -> Array:
    """The points around which a disc is free of walls and contents. Shape (n, 2) to (m, 2)."""
    free = surface.area.depths(points) >= PROBE
    for prism in contents:
        free &= prism.depths(points) <= -PROBE
    found: Array = points[free]
    return found


def _left(room: Array, taken: Prism) -> int:
    """How many of the free discs stay free with a thing at a spot [count]."""
    return int((taken.depths(room) <= -PROBE).sum()) if len(room) else 0


def _heap(upright: Standing, surface: Surface, contents: Sequence[Prism], positions: Sequence[Array]) -> Iterator[Spot]:
    """On top of what is in a container, the lowest first, as long as the underside stays well below the rim."""
    if surface.rim is None:
        return
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
