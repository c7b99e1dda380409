"""Stretches that Ctrl-C must not cut in two: loading parts, and completing a record. It takes effect at their end."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

REQUESTS = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
"""Ctrl-C, a request to end, and a terminal that is gone."""


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Holds requests to stop back until the end; off the main thread, which alone receives them, there is nothing to do."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, REQUESTS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
