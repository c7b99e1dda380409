"""The matrices of a movement primitive's path, compiled once and kept within a bound of bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.dmp.basis import checked_phases
from lmp.primitives.dmp.deviation import response_matrices
from lmp.primitives.dmp.min_jerk import minimum_jerk_matrices


class HasBytes(Protocol):
    """Something that says how much memory it holds: an array, or a roll-out."""

    @property
    def nbytes(self) -> int: ...


Kept = TypeVar("Kept", bound=HasBytes)


class MatrixCache(Generic[Kept]):
    """Keeps the values that were asked for last.

    Args:
        most_bytes: Memory of all values together; a larger value is handed out and not kept [bytes].
    """

    def __init__(self, most_bytes: int):
        self.most_bytes, self.nbytes = most_bytes, 0
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """The value of a key, made if it is not there. Two threads may make it at once; it is the same for both."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        value = make()
        with self._lock:
            if value.nbytes <= self.most_bytes and key not in self._kept:
                self._kept[key] = value
                self.nbytes += value.nbytes
                while self.nbytes > self.most_bytes:
                    self.nbytes -= self._kept.popitem(last=False)[1].nbytes
        return value


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
        matrices = np.concatenate([straight, *(response_matrices(p, count) for count in counts)], axis=2)
        matrices.setflags(write=False)
        return matrices

    return _PATHS.get((counts, phases.shape, phases.tobytes()), made)
