"""The newest states of a simulated world, from which a run that was cut off goes on.

They are the one thing in a record that is removed again: each is large, and only the newest that is whole is of use.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lmp.record.log import file_hash
from lmp.record.stored_files import StoredFiles

SUFFIX = ".state"
KEPT = 3
"""How many are kept [count]: more than one, since the newest can be damaged."""


def save(files: StoredFiles, name: str, write: Callable[[Path], None]) -> str:
    """Keeps what `write` writes to a path, and removes the oldest; returns the name."""
    with files.path_to_write(f"world/{name}{SUFFIX}") as path:
        write(path)
    for old in _paths(files)[:-KEPT]:
        files.remove(f"world/{old.name}")
    return name


def newest(files: StoredFiles) -> Path | None:
    """The newest whose hash is the one that was entered; one that was not entered, or was changed, is passed over."""
    entries = files.log.latest()
    for path in reversed(_paths(files)):
        entry = entries.get(f"world/{path.name}")
        if entry is not None and entry.sha256 == file_hash(path):
            return path
    return None


def _paths(files: StoredFiles) -> list[Path]:
    return sorted((files.folder / "world").glob(f"[!.]*{SUFFIX}"))
