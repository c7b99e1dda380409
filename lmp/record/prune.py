"""Removes runs that nobody needs any more; only whole run folders, never one that is being written."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lmp.errors import SetupFault
from lmp.record.claiming import RunLock
from lmp.record.overview import RunSummary
from lmp.record.run_folder import RunFolder
from lmp.record.stored_files import PART

GOING = ".pruned-"
"""How the name of a folder begins that is being removed: a kill in between leaves no half of a run."""
OURS = {
    *("settings.json", "versions.json", "robot.json", "world.json", "episode.json", "report.html"),
    *("log.jsonl", ".lock"),
    *("checkpoints.sqlite", "checkpoints.sqlite-wal", "checkpoints.sqlite-shm", "checkpoints.sqlite-journal"),
}
FOLDERS = {"scenes", "images", "trajectories", "attempts", "plans", "world", "exchanges"}


def prunable(
    runs: Sequence[RunSummary], keep: int | None = None, older_than: float | None = None, unfinished: bool = False
) -> list[RunSummary]:
    """The runs that may go: those that meet every condition that is given.

    Args:
        runs: All runs, the newest first.
        keep: The newest that stay [count].
        older_than: Those that began longer ago may go [day].
        unfinished: Only those that have not come to their end.
    """
    limit = datetime.now(UTC) - timedelta(days=older_than or 0.0)
    return [
        run
        for place, run in enumerate(runs)
        if run.state != "running"
        and (keep is None or place >= keep)
        and (older_than is None or datetime.fromisoformat(run.begun) < limit)
        and (not unfinished or run.state == "cut off")
    ]


def foreign_files(path: Path) -> list[str]:
    """The files in a run folder that the run did not write."""
    entered = {entry.name.partition("/")[0] for entry in RunFolder.open(path).log.read().entries}
    ours = OURS | FOLDERS | entered
    return sorted(child.name for child in path.iterdir() if child.name not in ours and not child.name.endswith(PART))


def remove_run(path: Path) -> None:
    """Removes a run folder.

    Raises:
        SetupFault: Another process writes to it, or something in it is not the run's.
        OSError: It cannot be removed.
    """
    if foreign := foreign_files(path):
        raise SetupFault(
            f"{str(path)!r} has something in it that the run did not write: {', '.join(foreign)}. It was left alone."
        )
    lock = RunLock.claim(path)
    try:
        going = path.rename(path.parent / f"{GOING}{path.name[:60]}-{secrets.token_hex(4)}")
    finally:
        lock.release()
    shutil.rmtree(going)


def sweep(folder: Path) -> None:
    """Removes what an earlier `remove_run` was killed in the middle of."""
    for path in folder.glob(f"{GOING}*"):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
