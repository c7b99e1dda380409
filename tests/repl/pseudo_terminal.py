"""A command in a real pseudo-terminal: keys in, the screen's bytes out, every wait bounded."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from untraced import untraced_environment

LONGEST = 120.0
"""How long an output may take to appear [s]."""
START = "from lmp.cli.main import main; main()"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r")


class PseudoTerminal:
    """Runs `lmp` with a terminal of its own; ends it at the end of the block."""

    def __init__(self, arguments: list[str], folder: Path):
        own = {"TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1", "XDG_STATE_HOME": str(folder / "state")}
        self.pid, self.screen = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execve(sys.executable, [sys.executable, "-c", START, *arguments], {**untraced_environment(), **own})
        fcntl.ioctl(self.screen, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 110, 0, 0))
        self.seen = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.screen)

    def type(self, keys: str) -> None:
        """Types keys; what was on the screen before does not count any more."""
        self.seen = ""
        os.write(self.screen, keys.encode())

    def expect(self, text: str) -> str:
        """What appeared up to and with the text, without colours and cursor movements."""
        end = time.monotonic() + LONGEST
        while text not in ESCAPES.sub("", self.seen):
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.screen], [], [], left)[0]:
                raise AssertionError(f"{text!r} did not appear in {LONGEST:.0f} s; there was: {self.seen[-2000:]!r}")
            self.seen += self._read() or f"\n{text} never came: the command ended"
        found = ESCAPES.sub("", self.seen)
        assert "never came" not in found, found[-2000:]
        self.seen = found[found.index(text) + len(text) :]
        return found

    def _read(self) -> str:
        try:
            return os.read(self.screen, 65536).decode(errors="replace")
        except OSError:
            return ""

    def status(self) -> int:
        """The exit status, once the command has ended by itself."""
        while select.select([self.screen], [], [], LONGEST)[0] and self._read():
            pass
        _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        return os.waitstatus_to_exitcode(status)
