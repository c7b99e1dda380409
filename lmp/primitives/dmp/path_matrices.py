"""Paths from rest to rest as matrices over start, goal and coefficients, kept for the phases that come again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.dmp.matrix_cache import MatrixCache
from lmp.primitives.dmp.min_jerk import minimum_jerk_matrices
from lmp.primitives.dmp.phase import checked_phases

Array = NDArray[np.float64]

_PATHS: MatrixCache[Array] = MatrixCache(32_000_000)


def path_matrices(phases: Array, counts: tuple[int, ...]) -> Array:
    """Matrices that turn start, goal and the coefficients of a deviation's terms into a path and its two derivatives.

    Args:
        phases: In [0, 1]. Shape (n,).
        counts: Functions of each term (see `Deviation`).

    Returns:
        Read-only; derivatives with respect to phase. Shape (3, n, 2 + sum of counts).

    Raises:
        SetupFault: If the phases are not a list of numbers in [0, 1].
    """
    phases = np.ascontiguousarray(phases, dtype=np.float64) if np.ndim(phases) else np.asarray(phases)

    def made() -> Array:
        p = checked_phases(phases)
        straight = np.stack(minimum_jerk_matrices(p))[:, :, [0, 3]]
        if not counts:
            straight.setflags(write=False)
            return straight
        from lmp.primitives.dmp.deviation import response_matrices  # A straight path has no deviation.

        matrices = np.concatenate([straight, *(response_matrices(p, count) for count in counts)], axis=2)
        matrices.setflags(write=False)
        return matrices

    return _PATHS.get((counts, phases.shape, phases.tobytes()), made)
