"""Times of work, as medians; of works that are compared in turns, so that a busy machine slows all of them alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

Work = Callable[[], object]


def times(work: Work, repeats: int) -> list[float]:
    """Wall time of each of many calls, after one that does not count [s]."""
    work()
    return [_once(work, 1) for _ in range(repeats)]


def medians(*works: Work, rounds: int = 15, least: float = 0.01) -> list[float]:
    """Median wall time of a call of each work [s]; in each round every work runs for at least a time [s]."""
    counts = [_count(work, least) for work in works]
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, count, own in zip(works, counts, taken, strict=True):
            own.append(_once(work, count))
    return [statistics.median(own) for own in taken]


def words(seconds: float) -> str:
    """A time with the unit that fits."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def _count(work: Work, least: float) -> int:
    """How many calls last the least time; the first one, which may compile or fill caches, does not count."""
    work()
    return max(1, round(least / max(_once(work, 1), 1e-9)))


def _once(work: Work, count: int) -> float:
    begin = time.perf_counter()
    for _ in range(count):
        work()
    return (time.perf_counter() - begin) / count
