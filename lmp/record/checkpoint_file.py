"""The database of the loop's checkpoints, as a file of the record: one file that stays as it is once the run has ended."""

from __future__ import annotations

import gc
import sqlite3
from contextlib import closing
from pathlib import Path

NAME = "checkpoints.sqlite"
LOG, INDEX = f"{NAME}-wal", f"{NAME}-shm"
"""What SQLite keeps beside it while it is open, or after a kill."""
COMPANIONS = {LOG, INDEX, f"{NAME}-journal"}


def merge(path: Path) -> None:
    """Moves into the database what SQLite still keeps beside it.

    Raises:
        sqlite3.Error: It is damaged.
    """
    if not path.with_name(LOG).exists():
        return
    # A loop that failed leaves cursors in the frames of its error; until they are collected the database stays open.
    gc.collect()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
