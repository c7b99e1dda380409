"""Vectors that come from outside, as primitives need them: of the right length, and finite."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lmp.errors import SetupFault

Array = NDArray[np.float64]


def checked_vector(name: str, value: ArrayLike, dims: int | None = None) -> Array:
    """A copy of a vector as floats. Shape (dims,).

    Args:
        name: What it is.
        value: What came.
        dims: Its length; None for any from 1 on.

    Raises:
        SetupFault: It has another shape, is empty, or is not made of finite numbers.
    """
    try:
        vector = np.array(value, dtype=np.float64)
    except (TypeError, ValueError):
        vector = np.empty(0)
    fits = vector.ndim == 1 and len(vector) > 0 and dims in (None, len(vector))
    if not fits or (not math.isfinite(vector.dot(vector)) and not np.isfinite(vector).all()):
        wanted = "(dims,) with one at least" if dims is None else f"({dims},)"
        raise SetupFault(f"{name} {value!r:.200} came; it has to be finite numbers of shape {wanted}.")
    return vector
