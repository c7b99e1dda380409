"""Distances of pairs of convex pieces by the kernel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.collision.convex_pieces import Piece, packed
from lmp.primitives.kernels.convex_distance import convex_distances


def piece_distances(pairs: Sequence[tuple[Piece, Piece]]) -> NDArray[np.float64]:
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
