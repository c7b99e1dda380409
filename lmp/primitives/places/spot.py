"""A spot where an object might be put, and grids of them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.places.standing import Standing
from lmp.primitives.places.surfaces import Surface

Array = NDArray[np.float64]

TIGHT = 0.006
"""Free distance to neighbours that is asked for where room for the fingers is not [m]."""
WALL_GAP = 0.002
"""Least distance to the walls of a container [m]."""


@dataclass(frozen=True)
class Spot:
    """A spot for the middle of an object's outline, or for the side of it that faces something.

    Attributes:
        position: [m]. Shape (2,).
        away: Unit direction in which the whole outline lies beyond `position`; None puts its middle there. Shape (2,).
        height: Where the lowest point of the object comes to rest [m].
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
    away: Array | None = None

    def middle(self, way: Standing) -> Array:
        """Place of the middle of the outline: an object that is turned keeps its distance [m]. Shape (2,)."""
        return self.position if self.away is None else self.position + way.reach(-self.away) * self.away


def grid(surface: Surface, step: float, forward: Array) -> list[Array]:
    """Points of an area, `step` apart, symmetric about its middle [m].

    Args:
        surface: The area.
        step: Distance of neighbours [m].
        forward: The direction along which the rows run, in the world. Shape (2,), unit length.
    """
    turn = np.array([forward, [-forward[1], forward[0]]])
    outline = surface.area.polygon @ turn.T
    low, high = outline.min(axis=0), outline.max(axis=0)
    axes = [
        (a + b) / 2 + step * np.arange(-math.floor((b - a) / 2 / step), math.floor((b - a) / 2 / step) + 1)
        for a, b in zip(low, high, strict=True)
    ]
    points = [np.array([x, y]) @ turn for x in axes[0] for y in axes[1]]
    return [point for point in points if surface.area.depth(point) > 0]


def spot_on(surface: Surface, position: Array, label: str, away: Array | None = None) -> Spot:
    """A spot on a surface at the usual distances."""
    return Spot(position, surface.height, surface, label, carriers=(surface.owner,), away=away)
