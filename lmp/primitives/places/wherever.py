"""Points of surfaces where a condition would hold that does not say itself where to look."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lmp.meaning.directions import directions
from lmp.primitives.places.spot import TIGHT, WALL_GAP, Spot
from lmp.primitives.places.spots import NO_FREE_PLACE, ROOM
from lmp.primitives.places.surfaces import Surface, below, floor_of, ground, top_of
from lmp.schema.condition import Condition
from lmp.schema.pose import Pose
from lmp.schema.scene import SceneObject
from lmp.schema.verdict import Violation

if TYPE_CHECKING:
    from lmp.primitives.places.looking import Looking

Array = NDArray[np.float64]

MOST_POINTS = 200
"""Points of a surface that are tried where only a condition says which are good [count]."""
FINEST = 0.02
"""Least distance of these points [m]."""
SURE = 0.0099
"""Margin from which on the nearest place is as good as one with more [m]."""


def wherever(looking: Looking, condition: Condition, on: str | None = None) -> Iterator[Spot] | Violation:
    """Points of the surfaces in question where the condition would hold, the nearest of those that hold clearly first."""
    named = [on] if on is not None else [name for name in condition.names if name != looking.thing.name]
    surfaces = _surfaces(looking, [looking.scene.get(name) for name in named], on is not None)
    points = [(surface, point) for surface in surfaces for point in _points(looking, surface, named)]
    points.sort(key=lambda entry: round(float(np.linalg.norm(entry[1] - looking.thing.centre[:2])), 6))
    margins: dict[int, float | None] = {}

    def spots() -> Iterator[Spot]:
        """Only as many points are tried as are asked for."""
        for room in (ROOM, TIGHT):
            for clear in (True, False):
                for index, (surface, point) in enumerate(points):
                    if index not in margins:
                        margins[index] = _margin(looking, condition, surface, point)
                    margin = margins[index]
                    if margin is not None and (margin >= SURE) == clear:
                        yield Spot(point, surface.height, surface, label, room, WALL_GAP, (surface.owner,))

    label, found = f"so that {condition.words}", spots()
    first = next(found, None)
    if first is None:
        return NO_FREE_PLACE(f"There is no place where this would hold: {condition.words}.")
    return itertools.chain([first], found)


def _surfaces(looking: Looking, named: list[SceneObject], only: bool) -> list[Surface]:
    """Surfaces that the named objects offer, what they stand on, and the ground; on one that is asked for, only that."""
    own = [surface for thing in named if (surface := floor_of(thing) or top_of(thing, looking.scene)) is not None]
    if only:
        return own
    found = [
        *(below(thing, looking.scene) for thing in named),
        *(ground(looking.scene, thing.centre) for thing in (named or [looking.thing])),
        *own,
    ]
    return list({surface.owner: surface for surface in found}.values())


def _points(looking: Looking, surface: Surface, named: list[str]) -> list[Array]:
    """A grid of a surface, with the lines through the named objects' middles and those along its edges."""
    turn = np.array([directions(looking.scene).unit(side)[:2] for side in ("forward", "left")])
    outline = surface.area.polygon @ turn.T
    low, high = outline.min(axis=0), outline.max(axis=0)
    step = max(FINEST, math.sqrt(float(np.prod(high - low)) / MOST_POINTS))
    axes = []
    for axis, direction in enumerate(turn):
        reach = looking.upright.reach(-direction) + WALL_GAP, looking.upright.reach(direction) + WALL_GAP
        middles = [float(looking.scene.get(name).centre[:2] @ direction) for name in named]
        ends = [float(low[axis] + reach[0]), float(high[axis] - reach[1])]
        axes.append(sorted({*np.arange(low[axis] + step / 2, high[axis], step).tolist(), *middles, *ends}))
    points = [np.array([x, y]) @ turn for x in axes[0] for y in axes[1]]
    return [point for point in points if surface.area.depth(point) > 0]


def _margin(looking: Looking, condition: Condition, surface: Surface, point: Array) -> float | None:
    """By how much the condition would hold with the object there; None where it would not."""
    pose = Pose.from_matrix(looking.upright.pose(point, surface.height))
    there = looking.thing.model_copy(update={"pose": pose, "touching": None, "held_by": None})
    found = condition.measure(looking.scene.replacing(there))
    return (SURE if found.margin is None else found.margin) if found.holds else None
