"""A file is either the old one or the whole new one, never half of it; and it stays so when the power goes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

PART = ".part"
"""How the name of a file ends that is still being written; it begins with a dot."""

Announce = Callable[[Path], None]
"""Called with the whole new file, which is on the disk, just before it takes its place."""


@contextmanager
def atomic_path(path: Path, announce: Announce | None = None) -> Iterator[Path]:
    """A path to write to, whose file takes the place of `path` once it is on the disk; on an error `path` stays as it was."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=PART)
    os.close(handle)
    part = Path(temporary)
    try:
        yield part
        sync(part)
        # Temporary files are private to their owner; a record may be read like any other file.
        part.chmod(0o666 & ~_umask())
        if announce is not None:
            announce(part)
        part.replace(path)
        # The new name, too, has to outlive a loss of power.
        sync(path.parent)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


@contextmanager
def atomic_write(path: Path, announce: Announce | None = None) -> Iterator[BinaryIO]:
    """`atomic_path` as a file that is open for writing."""
    with atomic_path(path, announce) as part, part.open("wb") as file:
        yield file


def make_folder(path: Path) -> None:
    """A folder below one that exists, for good; nothing happens where it is there already."""
    if not path.is_dir():
        path.mkdir()
        sync(path.parent)


def sync(path: Path) -> None:
    """Waits until the file, or the names in the folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
