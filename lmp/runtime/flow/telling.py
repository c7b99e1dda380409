"""One teller of a run's events: the record, the display and whoever else listens hear the same; and stages are timed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from lmp.record import RunFolder


class Listener(Protocol):
    """Hears every event of a run and the progress of every motion."""

    def event(self, name: str, **data: object) -> None:
        """Something happened: `name` is a stage's verb in the past tense, `data` the result."""

    def progress(self, fraction: float) -> None:
        """A motion has come this far, 0 to 1 [dimensionless]."""


class Silence:
    """A listener that hears nothing; the base of those that hear only some of it."""

    def event(self, name: str, **data: object) -> None: ...

    def progress(self, fraction: float) -> None: ...


class Recorder(Silence):
    """A listener that writes every event to a record.

    Args:
        record: The run folder.
    """

    def __init__(self, record: RunFolder):
        self._record = record

    def event(self, name: str, **data: object) -> None:
        """Writes it; it is on the disk when this returns."""
        self._record.append(name, **data)


@dataclass
class Telling:
    """The events and times of one run, or of what is done in a world without a run.

    Attributes:
        listeners: Who is told, in this order; a record comes first, so that nothing is heard that is not kept.
        timings: Wall time by stage [s].
        started: When it began, on the clock of `time.perf_counter` [s].
    """

    listeners: tuple[Listener, ...]
    timings: dict[str, float] = field(default_factory=dict)
    started: float = field(default_factory=time.perf_counter)

    @property
    def seconds(self) -> float:
        """Wall time since it began [s]."""
        return time.perf_counter() - self.started

    def tell(self, event: str, **data: object) -> None:
        """Tells everybody of an event, a stage's verb in the past tense."""
        for listener in self.listeners:
            listener.event(event, **data)

    def progress(self, fraction: float) -> None:
        """Tells everybody how far a motion has come, 0 to 1 [dimensionless]."""
        for listener in self.listeners:
            listener.progress(fraction)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """A stretch in which the run waits for a person: it does not count as its time."""
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.started += time.perf_counter() - begin

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Adds the time of a block to a stage."""
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.timings[stage] = self.timings.get(stage, 0.0) + time.perf_counter() - begin
