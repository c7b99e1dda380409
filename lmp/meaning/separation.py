"""The free distance of two objects in space, from the extents of their convex pieces."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
from numpy.typing import NDArray

from lmp.schema.scene import SceneObject
from lmp.schema.shape import Part, solid_parts

Array = NDArray[np.float64]

GOLDEN = math.pi * (3 - math.sqrt(5))
"""Angle by which the directions of the search are turned from step to step [rad]."""
FINEST = 1e-4
"""Step of the search for the widest gap at which it ends [rad]."""


def distance(first: SceneObject, second: SceneObject) -> float:
    """Least distance of two objects [m]; negative where they overlap, by the least way out of the deepest overlap.

    Two convex pieces are as far apart as the widest slab that fits between them: the largest gap over all directions.
    """
    pairs = product(solid_parts(first.shape), solid_parts(second.shape))
    return min(_gap(first, one, second, other) for one, other in pairs)


def _gap(first: SceneObject, one: Part, second: SceneObject, other: Part) -> float:
    T_world_one, T_world_other = first.pose @ one.pose, second.pose @ other.pose
    start = np.array(T_world_one.position) - np.array(T_world_other.position)

    def gap(direction: Array) -> float:
        reach = one.shape.support(T_world_one.rotation.T @ -direction)
        theirs = other.shape.support(T_world_other.rotation.T @ direction)
        return float(start @ direction) - reach - theirs

    best = max((direction / np.linalg.norm(direction) for direction in _DIRECTIONS), key=gap)
    if np.linalg.norm(start) > 1e-9:
        best = max(best, start / np.linalg.norm(start), key=gap)
    step, turn = 0.35, 0.0
    while step > FINEST:
        sides = np.linalg.svd(best[None, :])[2][1:]
        # Where two faces meet the gap has a ridge, which directions that stay the same would not follow.
        turn += GOLDEN
        angles = turn + 2 * math.pi * np.arange(16) / 16
        tried = [best + step * (math.cos(angle) * sides[0] + math.sin(angle) * sides[1]) for angle in angles]
        better = max((direction / np.linalg.norm(direction) for direction in tried), key=gap)
        best, step = (better, step) if gap(better) > gap(best) else (best, 0.7 * step)
    return gap(best)


_DIRECTIONS = [np.array(signs, dtype=float) for signs in product((-1, 0, 1), repeat=3) if any(signs)]
