"""Shapes as corner points, from which footprints and heights follow for any pose."""

from __future__ import annotations

import functools
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from lmp.schema.shape import Box, Compound, Cylinder, Mesh, Shape, Sphere, solid_parts

_AROUND = 48
"""Corners around a circle; the polygon is 0.2 % of the radius inside it."""


@functools.lru_cache(maxsize=1024)
def part_points(shape: Shape) -> tuple[NDArray[np.float64], ...]:
    """Corner points of each convex piece in the object's frame [m]. Shapes (n, 3)."""
    found = []
    for part in solid_parts(shape):
        points = part.pose.apply(_corners(part.shape))
        points.setflags(write=False)
        found.append(points)
    return tuple(found)


def corner_points(shape: Shape) -> NDArray[np.float64]:
    """Corner points of the whole shape in the object's frame [m]. Shape (n, 3)."""
    return np.concatenate(part_points(shape))


def _corners(shape: Box | Cylinder | Sphere | Mesh | Compound) -> NDArray[np.float64]:
    signs = np.array([-1.0, 1.0])
    angles = 2 * np.pi * np.arange(_AROUND) / _AROUND
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    match shape:
        case Box():
            corners = np.stack(np.meshgrid(signs, signs, signs), axis=-1).reshape(-1, 3)
            box: NDArray[np.float64] = corners * np.array(shape.size) / 2
            return box
        case Cylinder():
            ends = [np.column_stack([shape.radius * circle, np.full(_AROUND, z * shape.height / 2)]) for z in signs]
            return np.concatenate(ends)
        case Sphere():
            polar = np.linspace(0.0, np.pi, _AROUND // 2 + 1)
            rings = [np.column_stack([np.sin(p) * circle, np.full(_AROUND, np.cos(p))]) for p in polar]
            return shape.radius * np.concatenate(rings)
        case Mesh():
            return np.array(shape.vertices)
        case Compound():
            return corner_points(shape)
        case _:
            assert_never(shape)
