"""The ways to look for places that targets and conditions ask for."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lmp.meaning.directions import directions
from lmp.primitives.places.spot import TIGHT, WALL_GAP, Spot
from lmp.primitives.places.spots import NO_FREE_PLACE, ROOM, spots_at, spots_beside, spots_between, spots_in, spots_on
from lmp.primitives.places.standing import Standing
from lmp.primitives.places.surfaces import Surface, below, floor_of, ground, top_of
from lmp.schema.condition import Condition
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.verdict import Violation

Array = NDArray[np.float64]
Spots = Iterator[Spot] | Violation

MOST_POINTS = 200
"""Points of a surface that are tried where only a condition says which are good [count]."""
FINEST = 0.02
"""Least distance of these points [m]."""
SURE = 0.0099
"""Margin from which on the nearest place is as good as one with more [m]."""


class Looking:
    """Search for spots for an object that would stand in some way, by what it is to be put on, in, beside or so that.

    Args:
        thing: What is put down.
        upright: How it would stand.
        scene: As it is now.
    """

    def __init__(self, thing: SceneObject, upright: Standing, scene: Scene):
        self.thing, self.upright, self.scene = thing, upright, scene

    def on(self, support: str) -> Spots:
        """On an object's flat top, or free spots of a floor, the nearest first."""
        return spots_on(self.thing, self.upright, self.scene.get(support), self.scene)

    def inside(self, container: str) -> Spots:
        """On a container's floor, so that room is left for more, then on what is in it."""
        return spots_in(self.thing, self.upright, self.scene.get(container), self.scene)

    def beside(self, reference: str, sides: tuple[str, ...], gap: float, label: str) -> Spots:
        """At the height of an object, at a free distance from it [m] on one of the robot's sides, or a little farther."""
        return spots_beside(self.scene.get(reference), sides, gap, label, self.scene)

    def between(self, first: str, second: str) -> Spots:
        """In the free stretch between two objects."""
        return spots_between(self.thing, self.upright, self.scene.get(first), self.scene.get(second), self.scene)

    def at(self, x: float, y: float, support: str | None = None) -> Spots:
        """At a place [m], on the highest that is there or on what is named."""
        return spots_at(self.thing, np.array([x, y]), support, self.scene)

    def where(self, condition: Condition, on: str | None = None) -> Spots:
        """Points of the surfaces in question where the condition would hold, the nearest of those that hold clearly first."""
        named = [on] if on is not None else [name for name in condition.names if name != self.thing.name]
        surfaces = self._surfaces([self.scene.get(name) for name in named], on is not None)
        points = [(surface, point) for surface in surfaces for point in self._points(surface, named)]
        points.sort(key=lambda entry: round(float(np.linalg.norm(entry[1] - self.thing.centre[:2])), 6))
        margins: dict[int, float | None] = {}

        def spots() -> Iterator[Spot]:
            """Only as many points are tried as are asked for."""
            for room in (ROOM, TIGHT):
                for clear in (True, False):
                    for index, (surface, point) in enumerate(points):
                        if index not in margins:
                            margins[index] = self._margin(condition, surface, point)
                        margin = margins[index]
                        if margin is not None and (margin >= SURE) == clear:
                            yield Spot(point, surface.height, surface, label, room, WALL_GAP, (surface.owner,))

        label, found = f"so that {condition.words}", spots()
        first = next(found, None)
        if first is None:
            return NO_FREE_PLACE(f"There is no place where this would hold: {condition.words}.")
        return itertools.chain([first], found)

    def _surfaces(self, named: list[SceneObject], only: bool) -> list[Surface]:
        """Surfaces that the named objects offer, what they stand on, and the ground; on one that is asked for, only that."""
        own = [surface for thing in named if (surface := floor_of(thing) or top_of(thing, self.scene)) is not None]
        if only:
            return own
        found = [
            *(below(thing, self.scene) for thing in named),
            *(ground(self.scene, thing.centre) for thing in (named or [self.thing])),
            *own,
        ]
        return list({surface.owner: surface for surface in found}.values())

    def _points(self, surface: Surface, named: list[str]) -> list[Array]:
        """A grid of a surface, with the lines through the named objects' middles and those along its edges."""
        turn = np.array([directions(self.scene).unit(side)[:2] for side in ("forward", "left")])
        outline = surface.area.polygon @ turn.T
        low, high = outline.min(axis=0), outline.max(axis=0)
        step = max(FINEST, math.sqrt(float(np.prod(high - low)) / MOST_POINTS))
        axes = []
        for axis, direction in enumerate(turn):
            reach = self.upright.reach(-direction) + WALL_GAP, self.upright.reach(direction) + WALL_GAP
            middles = [float(self.scene.get(name).centre[:2] @ direction) for name in named]
            ends = [float(low[axis] + reach[0]), float(high[axis] - reach[1])]
            axes.append(sorted({*np.arange(low[axis] + step / 2, high[axis], step).tolist(), *middles, *ends}))
        points = [np.array([x, y]) @ turn for x in axes[0] for y in axes[1]]
        return [point for point in points if surface.area.depth(point) > 0]

    def _margin(self, condition: Condition, surface: Surface, point: Array) -> float | None:
        """By how much the condition would hold with the object there; None where it would not."""
        pose = Pose.from_matrix(self.upright.pose(point, surface.height))
        there = self.thing.model_copy(update={"pose": pose, "touching": None, "held_by": None})
        found = condition.measure(self.scene.replacing(there))
        return (SURE if found.margin is None else found.margin) if found.holds else None
