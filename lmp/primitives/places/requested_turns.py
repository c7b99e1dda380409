"""The turns that bring an object to a requested heading, with those that look the same."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.places.spot import levelled
from lmp.schema.scene import SceneObject
from lmp.schema.shape import Box, Cylinder, Sphere

TOLERANCE = math.radians(5)
"""How far off the requested heading an object may stand where it cannot stand exactly so [rad]."""
UPRIGHT = 0.999
EQUAL = 1e-3
"""Edges that differ by less are equal [m]."""


def turns_to(thing: SceneObject, yaw: float, alike: bool) -> list[float]:
    """Yaws to turn an object by so that its x axis heads to `yaw` in the world [rad], the least first.

    With `alike`, turns after which it looks the same count as well: a block turned by a quarter looks as before, so that the
    gripper may take the way that it can. Where the x axis is upright, the y axis counts, a quarter farther on.
    """
    rotation = levelled(thing)
    axis, ahead = (0, 0.0) if abs(rotation[2, 0]) < UPRIGHT else (1, math.pi / 2)
    now = math.atan2(rotation[1, axis], rotation[0, axis]) - ahead
    period = _symmetry(thing, rotation) if alike else 2 * math.pi
    if period == 0.0:
        return [0.0, math.pi / 4, -math.pi / 4, math.pi / 2, -math.pi / 2]
    steps = range(round(2 * math.pi / period))
    exact = sorted((math.remainder(yaw - now + step * period, 2 * math.pi) for step in steps), key=abs)
    return [*exact, *(turn + sign * TOLERANCE for turn in exact for sign in (1.0, -1.0))]


def _symmetry(thing: SceneObject, rotation: NDArray[np.float64]) -> float:
    """Least turn about the vertical after which the object looks the same [rad]; 0 where any does."""
    match thing.shape:
        case Sphere():
            return 0.0
        case Cylinder():
            return 0.0 if abs(rotation[2, 2]) > UPRIGHT else math.pi
        case Box(size=size):
            upright = int(np.argmax(np.abs(rotation[2])))
            first, second = (length for index, length in enumerate(size) if index != upright)
            return math.pi / 2 if abs(first - second) < EQUAL else math.pi
        case _:
            return 2 * math.pi
