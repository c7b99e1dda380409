"""Who is told what happens during a run: a terminal, a notebook, a test."""

from __future__ import annotations

from typing import Protocol


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
