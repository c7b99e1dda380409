"""Keeps what C++ writes to its own file descriptors off the terminal, and can tell what it was."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

MOST = 2000
"""How much of what was written is told [bytes]."""


@contextmanager
def silence() -> Iterator[Callable[[], str]]:
    """Until its end, standard output and standard error of the whole process go to a file; yields what tells its text."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = {number: os.dup(number) for number in (1, 2)}
    with tempfile.TemporaryFile() as file:
        try:
            for number in kept:
                os.dup2(file.fileno(), number)
            yield lambda: " ".join(os.pread(file.fileno(), MOST, 0).decode("utf-8", "replace").split())
        finally:
            for number, copy in kept.items():
                os.dup2(copy, number)
                os.close(copy)
