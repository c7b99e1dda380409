"""Spots on the floor of a container, so that room is left for more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from lmp.meaning.directions import directions
from lmp.primitives.places.footprints import Prism, near, prisms
from lmp.primitives.places.spot import WALL_GAP, Spot, grid
from lmp.primitives.places.standing import Standing
from lmp.primitives.places.surfaces import Surface
from lmp.schema.scene import Scene, SceneObject

Array = NDArray[np.float64]

STEP = 0.01
"""Distance of the spots that are tried [m]."""
PROBE = 0.018
"""Half the edge of the squares whose room is counted [m]."""
PASSES = ((0.002, 0.003), (0.001, 0.002))
"""Distance to the walls and to other objects, first comfortable, then tight [m]."""
BELOW_RIM = 0.012
"""How far below the rim the underside of an object has to be that is put on top of others in a container [m]."""


def spots_on_floor(thing: SceneObject, upright: Standing, surface: Surface, scene: Scene) -> Iterator[Spot]:
    """The spots that leave the most room, the more central of equals; last, on top of what is there.

    So an object that fills a container comes to its middle, and of several objects the first does not block the others.
    """
    contents = _contents(thing, surface, scene)
    positions = grid(surface, STEP, directions(scene).unit("forward")[:2])
    if not positions:
        return
    room = _Room(surface, contents, np.array(positions))
    middle = surface.area.centre

    def rank(position: Array) -> tuple[int, float]:
        return -room.left(upright.outline.moved(position)), round(float(np.linalg.norm(position - middle)), 6)

    ranked = sorted(positions, key=rank)
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


class _Room:
    """Room for squares that are turned like the container."""

    def __init__(self, surface: Surface, contents: Sequence[Prism], points: Array):
        first = surface.area.polygon[1] - surface.area.polygon[0]
        along = first / np.linalg.norm(first)
        self.axes = np.array([along, [-along[1], along[0]]])
        free = _slacks(surface.area, points, -self._reach(surface.area.normals)) >= WALL_GAP
        for prism in contents:
            free &= ~self._overlaps(prism, points)
        self.points: Array = points[free]

    def left(self, taken: Prism) -> int:
        """Number of the squares that still have room with an object at a spot [count]."""
        return int((~self._overlaps(taken, self.points)).sum()) if len(self.points) else 0

    def _reach(self, directions: Array) -> Array:
        """Reach of a square along unit vectors [m]. Shape (n, 2) to (n,)."""
        reach: Array = PROBE * np.abs(directions @ self.axes.T).sum(axis=1)
        return reach

    def _overlaps(self, prism: Prism, points: Array) -> NDArray[np.bool_]:
        """True where squares about points overlap a prism (separating axes of both). Shape (n, 2) to (n,)."""
        overlap = _slacks(prism, points, self._reach(prism.normals)) > 0
        for axis in self.axes:
            reach, at = prism.polygon @ axis, points @ axis
            overlap &= (at > reach.min() - PROBE) & (at < reach.max() + PROBE)
        return overlap


def _slacks(prism: Prism, points: Array, wider: Array) -> Array:
    """Least distance of points from the edges, moved outwards by `wider`, positive inside [m]. Shape (n, 2) to (n,)."""
    reach = (prism.polygon * prism.normals).sum(axis=1) + wider
    slacks: Array = (reach - points @ prism.normals.T).min(axis=1)
    return slacks


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
