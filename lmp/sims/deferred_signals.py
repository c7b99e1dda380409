"""Ctrl-C, a request to terminate and a terminal that is gone wait until the arm is at rest."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from lmp.uninterrupted import REQUESTS

_HANGING = 1.0
"""After this time without a tick the robot does not answer, and a further Ctrl-C is let through [s]."""


class Deferred:
    """The signals that came during a motion."""

    def __init__(self) -> None:
        self.pending: list[int] = []
        self._last_tick = time.monotonic()

    def tick(self) -> bool:
        """To be called at every tick; True once somebody wants the motion to stop."""
        self._last_tick = time.monotonic()
        return bool(self.pending)

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Notes the signal; gives way if the robot hangs, so that a program can always be left."""
        again = bool(self.pending)
        self.pending.append(number)
        if again and time.monotonic() - self._last_tick > _HANGING:
            raise KeyboardInterrupt


@contextmanager
def deferred_signals() -> Iterator[Deferred]:
    """Collects requests to stop and raises the first again at the end; outside the main thread there is nothing to do."""
    deferred = Deferred()
    if threading.current_thread() is not threading.main_thread():
        yield deferred
        return
    previous = {number: signal.getsignal(number) for number in REQUESTS}
    kept = {number: handler for number, handler in previous.items() if handler not in (signal.SIG_IGN, None)}
    for number in kept:
        signal.signal(number, deferred.handle)
    try:
        yield deferred
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
        if deferred.pending:
            signal.raise_signal(deferred.pending[0])
