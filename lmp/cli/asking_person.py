"""Asks the person at the terminal, where a run would end without success and they could help."""

from __future__ import annotations

import sys
from collections.abc import Callable

from lmp.cli.live_display import LiveDisplay
from lmp.cli.printable import printable
from lmp.runtime.listener import Listener

CHOICES = 'Enter looks again, "stop" ends the run, anything else is a new instruction: '


def asking(listener: Listener, wanted: bool) -> Callable[[str], str] | None:
    """Who is asked: the person at standard input if that is wanted, else nobody."""
    if not wanted:
        return None

    def ask(reason: str) -> str:
        if isinstance(listener, LiveDisplay):
            with listener.paused():
                return _answer(reason)
        return _answer(reason)

    return ask


def _answer(reason: str) -> str:
    """What the person types; the end of the input means "stop"."""
    sys.stderr.write(f"\n{printable(reason)}\n{CHOICES}")
    sys.stderr.flush()
    line = sys.stdin.readline()
    return line.strip() if line else "stop"
