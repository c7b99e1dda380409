"""Distances of pairs of convex pieces by the kernel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.collision.convex_pieces import Piece, packed
from lmp.primitives.kernels.compiled import INTEGER, array, filled, kernel
from lmp.primitives.kernels.convex_distance import face_each_other, separation
from lmp.primitives.kernels.minkowski import DIRECTION, FACES, ROWS
from lmp.primitives.kernels.solids import SOLIDS

Array = NDArray[np.float64]
Integers = NDArray[np.int64]


@kernel(INTEGER, *SOLIDS, array(2, INTEGER), array(2), array(2), filled(1))
def convex_distances(
    forms: Integers, sizes: Array, corners: Array, edges: Integers, pairs: Integers, T_a: Array, T_b: Array, out: Array
) -> int:
    """Signed distances of k pairs of solids [m].

    With:
        forms, sizes, corners, edges: See `solids`.
        pairs: Which two solids. Shape (k, 2).
        T_a, T_b: Where the first and the second of each pair are: rotation, row by row, and translation [m]. Shape (k, 12).
        out: The distances. Shape (k,).
    """
    pad, marks = np.empty((ROWS, 4)), np.empty((FACES + 1, 5), np.int64)
    for row in range(len(pairs)):
        face_each_other(T_a, row, T_b, row, pad, marks)
        for axis in range(3):
            pad[DIRECTION, axis] = -pad[axis, 3]
        a, b = pairs[row, 0], pairs[row, 1]
        out[row] = separation(a, b, np.inf, -np.inf, forms, sizes, corners, edges, pad, marks)
    return len(pairs)


def piece_distances(pairs: Sequence[tuple[Piece, Piece]]) -> Array:
    """Signed distance of the pieces of each pair, which are in the same frame [m]. Shape (k,)."""
    out = np.empty(len(pairs))
    flat = [piece for pair in pairs for piece in pair]
    rows = np.array([[*piece.rotation.flat, *piece.translation] for piece in flat])
    numbers = np.arange(len(flat)).reshape(-1, 2)
    solids = packed([piece.solid for piece in flat])
    convex_distances(*solids.arrays, numbers, np.ascontiguousarray(rows[::2]), np.ascontiguousarray(rows[1::2]), out)
    return out


def piece_distance(a: Piece, b: Piece) -> float:
    """Signed distance of two pieces in the same frame [m]."""
    return float(piece_distances([(a, b)])[0])
