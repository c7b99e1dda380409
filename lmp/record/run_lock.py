"""One writer for a run folder: a lock that dies with its process, however that ends."""

from __future__ import annotations

import fcntl
import os
import time
import weakref
from contextlib import suppress
from pathlib import Path

from lmp.errors import SetupFault

NAME = ".lock"
TRIES, PAUSE = 20, 0.01
"""How often a claim is tried, and the time between [count], [s]: who only looks holds the lock for a moment."""


class RunLock:
    """The right to write to a folder, until `release`."""

    def __init__(self, folder: Path, handle: int):
        self._finalizer = weakref.finalize(self, _release, folder / NAME, handle, os.getpid())

    @classmethod
    def claim(cls, folder: Path) -> RunLock:
        """Claims the folder for this process.

        Raises:
            SetupFault: Another process writes to it.
            OSError: The lock file cannot be made.
        """
        for _ in range(TRIES):
            handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o666)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if _is_there(handle, folder):
                    os.ftruncate(handle, 0)
                    os.write(handle, f"{os.getpid()}\n".encode())
                    return cls(folder, handle)
                # Its last holder has just removed it; the next try makes a new one.
                os.close(handle)
            except BlockingIOError:
                os.close(handle)
                time.sleep(PAUSE)
            except BaseException:
                os.close(handle)
                raise
        raise in_use(folder, writer_of(folder))

    def release(self) -> None:
        """Gives the folder free; a second call does nothing."""
        self._finalizer()


def writer_of(folder: Path) -> int | None:
    """The process that writes to the folder [pid]; 0 if it does not say which it is, None if there is none."""
    try:
        handle = os.open(folder / NAME, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return None
    except BlockingIOError:
        words = os.pread(handle, 32, 0).strip()
        return int(words) if words.isdigit() else 0
    finally:
        os.close(handle)


def in_use(folder: Path, pid: int | None) -> SetupFault:
    """The fault of a second writer."""
    who = f"process {pid}" if pid else "another process"
    return SetupFault(
        f"The run folder {str(folder)!r} is in use: {who} writes to it. "
        f"Wait until it has ended, or name another folder; nothing was changed."
    )


def _is_there(handle: int, folder: Path) -> bool:
    """Whether the open file is still the one of that name."""
    try:
        return os.path.samestat(os.fstat(handle), os.stat(folder / NAME))  # noqa: PTH116  The pair of calls is the point.
    except FileNotFoundError:
        return False


def _release(path: Path, handle: int, owner: int) -> None:
    # A forked child has the same open file; its end does not end the parent's claim.
    if os.getpid() != owner:
        return
    with suppress(OSError):
        path.unlink()
    os.close(handle)
