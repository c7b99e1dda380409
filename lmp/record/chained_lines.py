"""A file of JSON lines that only grows, in which each line vouches for itself and for all lines before it.

A line ends with `"chain": sha256(chain of the line before + the line without its chain)`. So a line that was changed does
not fit itself, and where one was removed, added or moved the next one does not fit. The end of the file alone can be cut
off unnoticed; a reader who needs to know compares with what else was written then.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lmp.errors import BadFile
from lmp.record.plain_json import json_text

START = "0" * 64
"""What stands for the chain before the first line."""
LINK = re.compile(rb', "chain": "([0-9a-f]{64})"\}$')


@dataclass(frozen=True)
class Scan:
    """The content of such a file.

    Attributes:
        bodies: The lines, as far as they are right.
        chains: Their chains.
        size: Length of the part that is right [byte].
        torn: Length of what follows without a line end: a line that was cut off [byte].
        complaint: What is wrong with the first line that is not right; empty if all are.
    """

    bodies: tuple[dict[str, Any], ...] = ()
    chains: tuple[str, ...] = ()
    size: int = 0
    torn: int = 0
    complaint: str = ""

    @property
    def head(self) -> str:
        """The chain of the last line."""
        return self.chains[-1] if self.chains else START


class ChainedLines:
    """Appends lines to a file and reads them back.

    A line that was cut off by a crash is the last one and has no line end: it is not read, and the next writer removes it.

    Args:
        path: The file.
        noun: What a line is, for messages.
    """

    def __init__(self, path: Path, noun: str):
        self.path, self.noun = path, noun
        self._taken_up = False
        self._count, self._head, self._size = 0, START, 0

    @property
    def position(self) -> tuple[int, str]:
        """Number of lines, and the chain of the last one.

        Raises:
            BadFile: Lines that were there before are not right.
            OSError: The file is no longer the one that was written so far.
        """
        # A writer that was interrupted may have written a line that it did not count.
        if not self._taken_up or self._size != (self.path.stat().st_size if self._size or self.path.exists() else 0):
            self._resume()
        return self._count, self._head

    def append(self, body: Mapping[str, object]) -> None:
        """Writes one line; it is on the disk when this returns.

        Raises:
            OSError: It cannot be written, or the file is no longer the one that was written so far; nothing was added.
            BadFile: Lines that were there before are not right.
        """
        count, head = self.position
        text = json_text(body).encode("ascii")
        chain = _link(head, text)
        line = text[:-1] + b', "chain": "' + chain.encode() + b'"}\n'
        # A file that has been written to must still be there: one that was removed is not begun anew.
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | (0 if count else os.O_CREAT), 0o666)
        try:
            _write_all(handle, line, self._size)
        finally:
            os.close(handle)
        self._count, self._head, self._size = count + 1, chain, self._size + len(line)

    def scan(self) -> Scan:
        """Read the content of the file; reading changes nothing."""
        if self.path.exists() and not self.path.is_file():
            # A device, for one, has no end.
            raise BadFile(str(self.path), ["It is not a plain file."])
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return Scan()
        *lines, tail = content.split(b"\n")
        bodies: list[dict[str, Any]] = []
        chains: list[str] = []
        size = 0
        for number, line in enumerate(lines, start=1):
            before = chains[-1] if chains else START
            try:
                body, chain = _read(line, before)
            except (ValueError, RecursionError) as error:
                return Scan(tuple(bodies), tuple(chains), size, 0, f"Line {number} is not {self.noun}: {error}.")
            bodies.append(body)
            chains.append(chain)
            size += len(line) + 1
        wrong = _line_end_lost(tail, chains[-1] if chains else START)
        complaint = f"Line {len(lines) + 1} is not {self.noun}: its line end was changed." if wrong else ""
        return Scan(tuple(bodies), tuple(chains), size, len(tail), complaint)

    def _resume(self) -> None:
        """Goes on after what is there; a line that was cut off is removed.

        What this object wrote before has to be still there. More may be: a line whose writer was interrupted just after.
        """
        found = self.scan()
        if found.complaint:
            raise BadFile(str(self.path), [found.complaint])
        if self._count and (len(found.chains) < self._count or found.chains[self._count - 1] != self._head):
            raise OSError(errno.ESTALE, "something else has changed it meanwhile", str(self.path))
        if found.torn:
            os.truncate(self.path, found.size)
        self._taken_up, self._count, self._head, self._size = True, len(found.chains), found.head, found.size


def _write_all(handle: int, line: bytes, size: int) -> None:
    """Appends and waits for the disk; what was written of a line that does not fit is taken back."""
    try:
        rest = memoryview(line)
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    except OSError:
        with suppress(OSError):
            os.ftruncate(handle, size)
        raise


def _read(line: bytes, before: str) -> tuple[dict[str, Any], str]:
    """The line without its chain, and the chain.

    Raises:
        ValueError, RecursionError: It was changed, or does not follow the line before.
    """
    found = LINK.search(line)
    if found is None:
        raise ValueError("it has no chain")
    text, chain = line[: found.start()] + b"}", found[1].decode()
    if _link(before, text) != chain:
        raise ValueError("its hash does not fit: it was changed, or a line before it was changed or removed")
    return dict(json.loads(text)), chain


def _line_end_lost(tail: bytes, before: str) -> bool:
    """True if what follows the last line end is a whole line and more: a cut cannot do that."""
    try:
        _read(tail[:-1], before)
    except (ValueError, RecursionError):
        return False
    return True


def _link(before: str, text: bytes) -> str:
    return hashlib.sha256(before.encode() + text).hexdigest()
