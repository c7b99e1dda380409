"""Stretches that Ctrl-C must not cut in two: loading parts, writing things down, and a motion that has to come to rest."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

REQUESTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, a request to end, and a terminal that is gone."""


class HeldBack:
    """The requests to stop that came during a stretch.

    Attributes:
        pending: Their signals' numbers, in order.
    """

    def __init__(self) -> None:
        self.pending: list[int] = []

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Notes a request instead of following it."""
        self.pending.append(number)


@contextmanager
def uninterrupted(held: HeldBack | None = None) -> Iterator[None]:
    """Holds requests to stop back; the first takes effect at the end.

    Off the main thread, which alone follows them, there is nothing to do. Requests that are ignored stay ignored.

    The handlers are exchanged, the signals are not blocked: a thread of a numerical library, which blocks nothing, would be
    given the signal instead, and Python would follow it on the main thread all the same.

    Args:
        held: Where they are noted, for somebody who wants to know of them meanwhile.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held = HeldBack() if held is None else held
    former = [(number, signal.getsignal(number)) for number in REQUESTS]
    exchanged = [(number, handler) for number, handler in former if handler not in (signal.SIG_IGN, None)]
    try:
        for number, _ in exchanged:
            signal.signal(number, held.handle)
        yield
    finally:
        _put_back(exchanged)
        if held.pending:
            signal.raise_signal(held.pending[0])


def interruption_in(error: BaseException) -> KeyboardInterrupt | None:
    """The Ctrl-C that the error came of, as of clearing up what it cut short; None if it came of something else."""
    seen: BaseException | None = error
    while seen is not None and not isinstance(seen, KeyboardInterrupt):
        seen = seen.__cause__ or seen.__context__
    return seen


def _put_back(handlers: list[tuple[signal.Signals, Any]]) -> None:
    """Sets the handlers, all of them, also if one that was just set raises."""
    try:
        while handlers:
            signal.signal(*handlers[-1])
            handlers.pop()
    except BaseException:
        _put_back(handlers)
        raise
