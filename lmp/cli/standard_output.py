"""Standard output: full or closed, the command goes on to its end, and what was lost is said there, once.

A command whose answer is one JSON object has it for itself: what parts from outside print meanwhile goes to standard error.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TextIO, cast

from lmp.errors import SetupFault

LEFT = (errno.EPIPE, errno.ESHUTDOWN)
"""Errors that mean: whoever read it has seen enough and left, as `head -1` does."""


class OutputFault(SetupFault):
    """Standard output could not be written, so nobody has what the command had to say."""


class StandardOutput:
    """A stream before another one. After the first failure everything is swallowed, so that no motion dies of a printout.

    Attributes:
        fault: The first failure; None while everything was written.
    """

    def __init__(self, stream: TextIO, first: Callable[[], None] = lambda: None):
        self._stream = stream
        self._first = first
        self.fault: OSError | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, words: str) -> int:
        """Writes, or swallows."""
        if self.fault is None:
            self._first()
            try:
                return self._stream.write(words)
            except OSError as fault:
                self._give_up(fault)
        return len(words)

    def writelines(self, lines: Any) -> None:
        """Writes, or swallows."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Writes what is held back, or swallows it."""
        if self.fault is None:
            try:
                self._stream.flush()
            except OSError as fault:
                self._give_up(fault)

    def _give_up(self, fault: OSError) -> None:
        """Send what the stream still holds to the null device: it is written once more when the process ends."""
        self.fault = fault
        with suppress(OSError, ValueError):
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, self._stream.fileno())
            os.close(null)


def guard(first: Callable[[], None] = lambda: None, *, alone: bool = False) -> None:
    """Puts the guard before this process's standard output; one that was closed before the start counts as failed.

    Args:
        first: Called before anything is written.
        alone: Whether native libraries and other processes, too, are to print to standard error in its place.
    """
    stream = sys.stdout
    if stream is None:
        # It lasts as long as the process.
        guarded = StandardOutput(Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
        guarded.fault = OSError(errno.EBADF, os.strerror(errno.EBADF))
    else:
        guarded = StandardOutput(_on_its_own(stream) if alone else stream, first)
    sys.stdout = cast(TextIO, guarded)


def _on_its_own(stream: TextIO) -> TextIO:
    """The stream on another descriptor; what is written to its present one goes to standard error from now on."""
    with suppress(OSError, ValueError):  # Standard error may be closed; then native libraries print where they did.
        own = os.dup(stream.fileno())
        with suppress(OSError):
            os.dup2(2, stream.fileno())
        return os.fdopen(own, "w", encoding=stream.encoding, errors=stream.errors)
    return stream


_ANSWERS: ContextVar[TextIO | None] = ContextVar("answers", default=None)
"""The stream of a command's answer while everything else that is printed goes to standard error."""


@contextmanager
def answer_alone() -> Iterator[None]:
    """Meanwhile only `write_answer` writes to standard output; whatever else is printed goes to standard error."""
    token = _ANSWERS.set(sys.stdout)
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        _ANSWERS.reset(token)


def write_answer(words: str) -> None:
    """Writes the answer of a command, such as its JSON object, and ends the line."""
    (_ANSWERS.get() or sys.stdout).write(words + "\n")


def check_written(where: str = "", *, heard: bool = False) -> None:
    """To be called when all is said.

    Args:
        where: A sentence that says where else the result can be found.
        heard: Whether somebody has to be there still. A reader who left is no fault elsewhere: the command's own exit
            status stands.

    Raises:
        OutputFault: Something could not be written.
    """
    stream = _ANSWERS.get() or sys.stdout
    if not isinstance(stream, StandardOutput):
        return
    stream.flush()
    fault = stream.fault
    if fault is not None and (heard or fault.errno not in LEFT):
        words = f"Standard output could not be written: {fault.strerror or fault}. {where}"
        raise OutputFault(words.rstrip())
