"""Says on standard error that the arithmetic of motions is being compiled, which takes a while, once on a machine."""

from __future__ import annotations

import atexit
import logging
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress

LOGGER = "lmp.primitives.kernels.compiled"
PERIOD = 5.0
"""Time after which another line says how far it is, where lines cannot be rewritten [s]."""
LONGEST = "path_clearance"
"""The kernel that takes about half a minute, and is told before it begins."""
ERASE = "\r\x1b[2K"
"""Takes the terminal's cursor back and empties its line."""


class CompilingLine(logging.Handler):
    """A line when the first kernel is compiled, then which one it is: rewritten on a terminal, else every few seconds.

    Attributes:
        whole: Whether all kernels are loaded before the first is compiled, so that it can be said how many there are.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(logging.INFO)
        self.whole = False
        self._clock = clock
        self._count, self._total = 0, 0
        self._begin, self._said = 0.0, 0.0
        self._open = False

    def emit(self, record: logging.LogRecord) -> None:
        self._count += 1
        with suppress(OSError, AttributeError, ValueError):  # the terminal may be gone
            if self._count == 1:
                self._start()
            of = f" of {self._total}" if self._total else ""
            name = record.getMessage().removeprefix("compiling ")
            long = name == LONGEST
            self._tell(f"lmp: kernel {self._count}{of}: {name}{', the longest' if long else ''}", long)
            sys.stderr.flush()

    def clear(self) -> None:
        """Takes the rewritten line away, before anything else is written."""
        if self._open:
            self._open = False
            with suppress(OSError, AttributeError, ValueError):
                sys.stderr.write(ERASE)
                sys.stderr.flush()

    def _start(self) -> None:
        self._begin = self._said = self._clock()
        self._total = _missing() if self.whole else 0
        ahead = "" if self.whole else " (`lmp warmup` does it ahead)"
        sys.stderr.write(f"lmp: compiling the arithmetic of motions, once on this machine: one to three minutes{ahead}\n")
        atexit.register(self.clear)

    def _tell(self, words: str, long: bool) -> None:
        now = self._clock()
        if _rewritable():
            sys.stderr.write(f"{ERASE}{words}")
            self._open = True
        elif long or now - self._said >= PERIOD:
            self._said = now
            sys.stderr.write(f"{words} ({now - self._begin:.0f} s so far)\n")


def tell_of_compiling(*, whole: bool = False) -> None:
    """From now on this process says when it compiles; `whole` as in `CompilingLine`."""
    logger = logging.getLogger(LOGGER)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    if not _lines():
        logger.addHandler(CompilingLine())
    for line in _lines():
        line.whole = whole


def clear_compiling() -> None:
    """Leaves the terminal to something else."""
    for line in _lines():
        line.clear()


def _lines() -> list[CompilingLine]:
    return [handler for handler in logging.getLogger(LOGGER).handlers if isinstance(handler, CompilingLine)]


def _missing() -> int:
    """Kernels that have to be compiled [count]."""
    from lmp.primitives.kernels.compiled import KERNELS

    return sum(not kernel.kept for kernel in KERNELS)


def _rewritable() -> bool:
    """True if standard error is a terminal that nobody else draws on, as the live display does, and that can erase."""
    screen = sys.__stderr__
    return screen is not None and sys.stderr is screen and screen.isatty() and os.environ.get("TERM") != "dumb"
