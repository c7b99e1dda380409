"""Reads a text file that may be anything: only regular files, only so many bytes, only UTF-8."""

from __future__ import annotations

import os
import stat
from itertools import islice
from pathlib import Path

from lmp.errors import BadFile, did_you_mean

SIBLINGS = 1000
"""Entries of a folder among which the nearest name is looked for [count]."""

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


def read_text(path: Path, limit: int) -> str:
    """Read a UTF-8 file; a byte order mark is left out.

    Args:
        path: The file.
        limit: The largest size that is read [bytes].

    Raises:
        BadFile: It is not there, not a regular file, too large, or not UTF-8.
    """
    content = read_bytes(path, limit)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = content[error.start]
        raise BadFile(str(path), [f"It is not UTF-8 text: byte {error.start} is 0x{byte:02x} ({error.reason})."]) from error


def read_bytes(path: Path, limit: int) -> bytes:
    """Read a file, whatever it holds.

    Args:
        path: The file.
        limit: The largest size that is read [bytes].

    Raises:
        BadFile: It is not there, not a regular file, or too large.
    """
    content = _read(path, limit)
    if len(content) > limit:
        raise BadFile(str(path), [f"It is larger than {limit} bytes, which is the most that is read."])
    return content


def _read(path: Path, limit: int) -> bytes:
    try:
        # A pipe that nobody writes to would be waited for without this flag.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            kind = stat.S_IFMT(os.fstat(descriptor).st_mode)
            if kind != stat.S_IFREG:
                raise BadFile(str(path), [f"It cannot be read: it is {_KINDS.get(kind, 'not a file')}; a file is needed."])
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                return file.read(limit + 1)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise BadFile(str(path), [f"It cannot be read: {error.strerror or error}.{_nearest(path)}"]) from error
    except ValueError as error:
        raise BadFile(str(path), [f"It cannot be read: {error}."]) from error


def _nearest(path: Path) -> str:
    """The sibling with the nearest name, where the file itself is not there."""
    try:
        with os.scandir(path.parent) as entries:
            siblings = [entry.name for entry in islice(entries, SIBLINGS)]
    except OSError:
        return ""
    return "" if path.name in siblings else did_you_mean(path.name, siblings)
