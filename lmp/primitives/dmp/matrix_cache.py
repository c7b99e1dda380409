"""Cache of what was computed for a basis and a sampling, within a bound on its memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, Protocol, TypeVar


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
