"""The one fault for a record that cannot be written, which tells a person what to do."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lmp.errors import BadFile, RecordFault

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS}
GONE = {errno.ENOENT, errno.ENOTDIR, errno.ESTALE, errno.EISDIR, errno.ELOOP}


SYSTEM: tuple[type[Exception], ...] = (OSError, sqlite3.Error, BadFile)
"""What can go wrong while a record is written."""


@contextmanager
def record_faults(folder: Path, name: str, kinds: tuple[type[Exception], ...] = SYSTEM) -> Iterator[None]:
    """Turns errors of these kinds, while something of the folder is written, into one `RecordFault`."""
    try:
        yield
    except kinds as error:
        raise RecordFault(_sentence(folder, name, error)) from error


def _sentence(folder: Path, name: str, error: Exception) -> str:
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    number = error.errno if isinstance(error, OSError) else None
    if not folder.is_dir():
        todo = "The folder was removed or moved while the run wrote to it: put it back, or run again with another --out."
    elif number in FULL or "full" in str(error):
        todo = "Make room on that disk."
    elif number in CLOSED or "readonly" in str(error):
        todo = "Give yourself the right to write there."
    elif number in GONE or isinstance(error, BadFile):
        todo = "Nothing else may change the folder while a run writes to it."
    else:
        todo = "See to the disk."
    kept = f" What was written before is kept; `lmp resume {folder}` goes on." if folder.is_dir() else ""
    if isinstance(error, BadFile):
        kept = f" `lmp runs check {folder}` says what is broken."
    return f"The record cannot be written: {folder / name}: {why.rstrip('.')}. {todo}{kept}"
