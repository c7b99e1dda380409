"""Convex pieces of links and objects: what they are, where they are in their frame, and all of them as flat arrays."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import assert_never

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, QhullError

from lmp.primitives.kernels.solids import BOX, CYLINDER, HULL, SCANNED
from lmp.schema.shape import Box, Cylinder, Mesh, Shape, Sphere, solid_parts

Array = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Solid:
    """A convex solid in its own frame; see `lmp.primitives.kernels.solids`.

    Attributes:
        kind: BOX, CYLINDER or HULL.
        size: Half extents of a box; radius, radius and half height of a cylinder [m].
        rounding: The solid reaches so far around that [m].
        corners: Of a hull [m]. Shape (k, 3).
        starts, neighbours: Corners at the other ends of each corner's edges. Shapes (k + 1,), (e,).
        centre, half: The box around it [m]. Shapes (3,), (3,).
    """

    kind: int
    size: tuple[float, float, float]
    rounding: float
    corners: Array
    starts: Integers
    neighbours: Integers
    centre: Array
    half: Array


@dataclass(frozen=True, eq=False)
class Piece:
    """A convex solid, placed in a frame that moves with a joint or stands in the world.

    Attributes:
        solid: The solid.
        rotation, translation: `T_frame_piece`. Shapes (3, 3), (3,) [m].
    """

    solid: Solid
    rotation: Array
    translation: Array

    def moved(self, T: Array) -> Piece:
        """The piece in the frame in which `T` places its present frame. Shape (4, 4)."""
        return Piece(self.solid, T[:3, :3] @ self.rotation, T[:3, :3] @ self.translation + T[:3, 3])

    @property
    def outline(self) -> Array:
        """Points of its frame between which, with the solid's rounding around each, all of it lies [m]. Shape (k, 3)."""
        points = self.solid.corners if self.solid.kind == HULL else _CORNERS * np.array(self.solid.size)
        return points @ self.rotation.T + self.translation


_CORNERS = np.array([(x, y, z) for x in (-1.0, 1.0) for y in (-1.0, 1.0) for z in (-1.0, 1.0)])
_NONE, _NOWHERE = np.empty((0, 3)), np.empty(0, np.int64)


@lru_cache(maxsize=512)
def object_pieces(shape: Shape) -> tuple[Piece, ...]:
    """The convex pieces of an object in its own frame."""
    return tuple(placed_piece(_solid(part.shape), part.pose.matrix) for part in solid_parts(shape))


def placed_piece(solid: Solid, T_frame_piece: Array) -> Piece:
    """A solid as a piece at a place in its frame. Shape (4, 4)."""
    return Piece(solid, T_frame_piece[:3, :3], T_frame_piece[:3, 3])


def _solid(shape: Box | Cylinder | Sphere | Mesh) -> Solid:
    match shape:
        case Box(size=(x, y, z)):
            return plain_solid(BOX, (x / 2, y / 2, z / 2))
        case Cylinder(radius=radius, height=height):
            return plain_solid(CYLINDER, (radius, radius, height / 2))
        case Sphere(radius=radius):
            return plain_solid(BOX, (0.0, 0.0, 0.0), radius)
        case Mesh(vertices=vertices):
            return hull_solid(np.array(vertices))
        case _:
            assert_never(shape)


def plain_solid(kind: int, size: tuple[float, float, float], rounding: float = 0.0) -> Solid:
    """A box or a cylinder, by half extents or by radius and half height, that reaches so far around [m]."""
    return Solid(kind, size, rounding, _NONE, _NOWHERE, _NOWHERE, np.zeros(3), np.array(size) + rounding)


def hull_solid(points: Array) -> Solid:
    """The convex hull of points; flat ones are thickened by a tenth of a millimetre on each side. Shape (n, 3) [m]."""
    try:
        hull = ConvexHull(points)
    except QhullError:
        points = (points[:, None] + 1e-4 * _CORNERS).reshape(-1, 3)
        hull = ConvexHull(points)
    number = np.full(len(points), -1)
    number[hull.vertices] = np.arange(len(hull.vertices))
    triangles = number[hull.simplices]
    sides = [triangles[:, pair] for pair in ((0, 1), (1, 0), (1, 2), (2, 1), (2, 0), (0, 2))]
    edges = np.unique(np.concatenate(sides), axis=0)
    ends = np.searchsorted(edges[:, 0], np.arange(len(hull.vertices) + 1))
    neighbours = [edges[start:end, 1] for start, end in itertools.pairwise(ends)]
    corners = points[hull.vertices]
    if len(corners) > SCANNED:
        octants = _CORNERS[:, ::-1]  # The first digit is that of x.
        entries = (corners @ octants.T).argmax(axis=0)
        corners = np.concatenate([corners[entries], corners])
        neighbours = [own + len(octants) for own in [*(neighbours[entry] for entry in entries), *neighbours]]
    starts = np.cumsum([0, *(len(own) for own in neighbours)])
    lower, upper = corners.min(axis=0), corners.max(axis=0)
    return Solid(
        *(HULL, (0.0, 0.0, 0.0), 0.0, np.ascontiguousarray(corners), starts, np.concatenate(neighbours)),
        *((lower + upper) / 2, (upper - lower) / 2),
    )


@dataclass(frozen=True, eq=False)
class Solids:
    """Solids as the arrays that kernels read; see `lmp.primitives.kernels.solids`."""

    forms: Integers
    sizes: Array
    corners: Array
    edges: Integers

    @property
    def arrays(self) -> tuple[Integers, Array, Array, Integers]:
        """All four, in the order in which kernels take them."""
        return self.forms, self.sizes, self.corners, self.edges


def packed(solids: Sequence[Solid]) -> Solids:
    """Arrays of one solid or more."""
    counts = np.array([len(solid.corners) for solid in solids], dtype=np.int64)
    ends = np.cumsum(counts)
    forms = np.stack([[solid.kind for solid in solids], ends - counts, ends], axis=1).astype(np.int64)
    sizes = np.array([(*solid.size, solid.rounding) for solid in solids], dtype=np.float64)
    neighbours = [solid.neighbours + first for solid, first in zip(solids, ends - counts, strict=True)]
    degrees = np.concatenate([np.diff(solid.starts) for solid in solids])
    starts = np.concatenate([[0], np.cumsum(degrees)]) + len(degrees) + 1
    return Solids(forms, sizes, np.concatenate([solid.corners for solid in solids]), np.concatenate([starts, *neighbours]))


def joined(parts: Sequence[Solids]) -> Solids:
    """Solids behind each other, the corners of hulls renumbered."""
    forms, sizes = np.concatenate([part.forms for part in parts]), np.concatenate([part.sizes for part in parts])
    hulls = [part for part in parts if len(part.corners)]
    if len(hulls) == 1 and hulls[0] is parts[0]:
        return Solids(forms, sizes, parts[0].corners, parts[0].edges)
    counts = [len(part.corners) for part in parts]
    firsts = np.cumsum([0, *counts])
    forms[:, 1:] += np.repeat(firsts[:-1], [len(part.forms) for part in parts])[:, None]
    degrees = np.concatenate([np.diff(part.edges[: count + 1]) for part, count in zip(parts, counts, strict=True)])
    starts = np.concatenate([[0], np.cumsum(degrees)]) + len(degrees) + 1
    others = [part.edges[count + 1 :] + first for part, count, first in zip(parts, counts, firsts, strict=False)]
    return Solids(forms, sizes, np.concatenate([part.corners for part in parts]), np.concatenate([starts, *others]))
