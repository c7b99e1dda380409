"""Lines from a pipe or a file; each is shown after its prompt, so that what comes out reads like a conversation."""

from __future__ import annotations

from typing import BinaryIO

from lmp.errors import SetupFault
from lmp.repl.screen import Screen

LONGEST = 8192
"""Longest line that is read [bytes]."""


class PipedLines:
    """Reads lines from a stream of bytes.

    Args:
        stream: Where they come from.
        screen: Where they are shown.
    """

    def __init__(self, stream: BinaryIO, screen: Screen):
        self._stream, self._screen = stream, screen

    def read(self, prompt: str) -> str:
        """The next line.

        Raises:
            EOFError: The stream is at its end.
            SetupFault: The line is not text, or too long; the next call reads what follows it.
        """
        raw = self._stream.readline(LONGEST)
        if not raw:
            raise EOFError
        while len(raw) == LONGEST and not raw.endswith(b"\n"):
            rest = self._stream.readline(LONGEST)
            if not rest or rest.endswith(b"\n"):
                raise SetupFault(f"A line has at most {LONGEST} bytes.")
        try:
            line = raw.decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise SetupFault(f"A line is text in UTF-8; this one is not: {raw[:60]!r}.") from error
        self._screen.say(f"{prompt}{line}")
        return line
