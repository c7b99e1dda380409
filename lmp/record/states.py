"""The states from which a run that was cut off goes on: the loop's checkpoints, and the newest states of a simulated world."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from lmp.record.log import file_hash
from lmp.record.stored_files import StoredFiles

CHECKPOINTS = "checkpoints.sqlite"
WAL, INDEX = f"{CHECKPOINTS}-wal", f"{CHECKPOINTS}-shm"
"""What SQLite keeps beside it while it is open, or after a kill."""
COMPANIONS = {WAL, INDEX, f"{CHECKPOINTS}-journal"}


def merge_checkpoints(path: Path) -> None:
    """Moves into the database what SQLite still keeps beside it.

    Raises:
        sqlite3.Error: It is damaged.
    """
    if not path.with_name(WAL).exists():
        return
    # A loop that failed leaves cursors in the frames of its error; until they are collected the database stays open.
    gc.collect()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


SUFFIX = ".state"
KEPT = 3
"""How many are kept [count]: more than one, since the newest can be damaged."""


def save_world(files: StoredFiles, name: str, write: Callable[[Path], None]) -> str:
    """Keeps what `write` writes to a path, and removes the oldest; returns the name."""
    with files.path_to_write(f"world/{name}{SUFFIX}") as path:
        write(path)
    for old in _paths(files)[:-KEPT]:
        files.remove(f"world/{old.name}")
    return name


def newest_world(files: StoredFiles) -> Path | None:
    """The newest whose hash is the one that was entered; one that was not entered, or was changed, is passed over."""
    entries = files.log.latest()
    for path in reversed(_paths(files)):
        entry = entries.get(f"world/{path.name}")
        if entry is not None and entry.sha256 == file_hash(path):
            return path
    return None


def _paths(files: StoredFiles) -> list[Path]:
    return sorted((files.folder / "world").glob(f"[!.]*{SUFFIX}"))
