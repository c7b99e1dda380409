"""All runs of a folder, each in a few words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from lmp.errors import BadFile, SetupFault
from lmp.record.run_folder import RunFolder

State = Literal["ended", "running", "cut off", "damaged"]


@dataclass(frozen=True)
class RunSummary:
    """One run in a few words.

    Attributes:
        path: The run folder.
        begun: When it began, in UTC, ISO 8601.
        state: Whether it has ended, goes on, was cut off, or is damaged so far that its end cannot be read.
        instruction: What was said; None if that cannot be read.
        outcome: How it ended; None if it has not.
        verified: Whether its success was verified.
        seconds: How long it took, or had taken when it was cut off [s].
        size: What it takes on the disk [byte].
    """

    path: Path
    begun: str
    state: State
    instruction: str | None
    outcome: str | None
    verified: bool
    seconds: float
    size: int


def runs_in(folder: Path) -> list[RunSummary]:
    """The runs directly below a folder, the newest first.

    Raises:
        SetupFault: There is no such folder.
    """
    if not folder.is_dir():
        raise SetupFault(f"There is no folder {str(folder)!r}. Runs are below runs/ unless they were told to go elsewhere.")
    found = [summary for path in folder.iterdir() if (summary := _summary(path)) is not None]
    return sorted(found, key=lambda summary: (summary.begun, summary.path.name), reverse=True)


def _summary(path: Path) -> RunSummary | None:
    """The run at a path; None if it is not a run folder, or only a link to one."""
    if path.is_symlink() or path.name.startswith("."):
        return None
    try:
        run = RunFolder.open(path)
        size, begun = _size(path), _begun(run)
    except (SetupFault, OSError):
        return None
    try:
        instruction = run.settings().get("instruction")
    except BadFile:
        instruction = None
    state, outcome, verified, seconds = _end(run)
    return RunSummary(path, begun, state, instruction, outcome, verified, seconds, size)


def _end(run: RunFolder) -> tuple[State, str | None, bool, float]:
    if run.writer is not None:
        return "running", None, False, _seconds(run)
    if not run.finished:
        return "cut off", None, False, _seconds(run)
    try:
        episode = run.episode()
    except BadFile:
        return "damaged", None, False, _seconds(run)
    return "ended", episode.outcome.value, episode.verified, episode.seconds


def _seconds(run: RunFolder) -> float:
    events = run.log.read().events
    return events[-1].seconds if events else 0.0


def _begun(run: RunFolder) -> str:
    """Time at which the first file was written; where that cannot be read, that of the folder's last change."""
    if entries := run.log.read().entries:
        return entries[0].time
    return datetime.fromtimestamp(run.path.stat().st_mtime, UTC).isoformat(timespec="milliseconds")


def _size(path: Path) -> int:
    return sum(file.lstat().st_size for file in path.rglob("*") if not file.is_dir() or file.is_symlink())
