"""Copies of small arrays by loops: Numba's own slice assignment takes seconds to compile wherever it stands."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import inner

Array = NDArray[np.float64]


@inner
def copy_vector(values: Array, out: Array) -> None:
    """Shape (n,) to (n,)."""
    for index in range(len(values)):
        out[index] = values[index]


@inner
def copy_matrix(values: Array, out: Array) -> None:
    """Shape (m, n) to (m, n)."""
    for row in range(values.shape[0]):
        for column in range(values.shape[1]):
            out[row, column] = values[row, column]
