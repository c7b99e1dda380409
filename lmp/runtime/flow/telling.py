"""The events of a run: each goes to the record first and then to the listener, and stages are timed."""

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
        """Something happened: `name` is a stage's verb in the past tense, `data` what it led to."""

    def progress(self, fraction: float) -> None:
        """A motion has come this far, 0 to 1 [dimensionless]."""


class Silence:
    """A listener that hears nothing."""

    def event(self, name: str, **data: object) -> None: ...

    def progress(self, fraction: float) -> None: ...


@dataclass
class Telling:
    """One run's events and times.

    Attributes:
        record: The run folder.
        listener: Who is told.
        timings: Wall time by stage [s].
        started: When the run began, on the clock of `time.perf_counter` [s].
    """

    record: RunFolder
    listener: Listener
    timings: dict[str, float] = field(default_factory=dict)
    started: float = field(default_factory=time.perf_counter)

    @property
    def seconds(self) -> float:
        """Wall time since the run began [s]."""
        return time.perf_counter() - self.started

    def tell(self, event: str, **data: object) -> None:
        """Records an event, a stage's verb in the past tense, and passes it on."""
        self.record.append(event, **data)
        self.listener.event(event, **data)

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
