"""Is a record what was written? Its format, chain, hashes, and whether everything that it names is there and can be read."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from lmp.errors import LmpError
from lmp.record import claiming, exchanges, states
from lmp.record.log import NAME as LOG
from lmp.record.log import Entry, Lines, file_hash
from lmp.record.run_folder import EPISODE, RunFolder
from lmp.record.stored_files import PART
from lmp.schema.episode import Attempt


@dataclass
class Findings:
    """The findings of a check.

    Attributes:
        path: The run folder.
        faults: What is broken, one sentence each; none if the record is what was written.
        notes: What is worth knowing and no fault, such as what a kill leaves behind.
    """

    path: Path
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def check(path: Path) -> Findings:
    """Checks one record; changes nothing.

    Raises:
        SetupFault: There is no run folder.
    """
    run, found = RunFolder.open(path), Findings(path)
    if run.writer is not None:
        found.notes.append("It is being written now; check it again when the run has ended.")
        return found
    _check_files(run, found)
    found.faults += _unreadable(run)
    return found


def _check_files(run: RunFolder, found: Findings) -> None:
    """The chain of the log, and every file against its entry."""
    lines = run.log.scan()
    if lines.complaint:
        found.faults.append(f"{LOG}: {lines.complaint}")
    else:
        if lines.torn:
            found.notes.append(f"{LOG}: its last line was cut off, as by a kill; it is not read.")
        _check_entered(run.path, lines.entries, found)
        found.faults += _after_the_end(lines, run.finished)
    if not run.finished:
        found.notes.append("The run has not ended: it was cut off.")
        found.faults += _damaged_checkpoints(run.checkpoint)


def _check_entered(folder: Path, entries: tuple[Entry, ...], found: Findings) -> None:
    """Every file is entered as it is, and everything that is entered is there."""
    latest = {entry.name: entry for entry in entries}
    last = entries[-1] if entries else None
    earlier = {entry.name: entry.sha256 for entry in entries[:-1]}
    there = dict(_files(folder))
    ended = EPISODE in there
    for name, path in there.items():
        entry = latest.get(name)
        if name == states.CHECKPOINTS and not ended:
            continue
        if entry is None:
            # After the end, what SQLite had open beside its database may still be there, if nothing is in it.
            if name not in states.COMPANIONS or (ended and name != states.INDEX and path.lstat().st_size):
                found.faults.append(f"{name}: it is not in {LOG}.")
            continue
        real = file_hash(path) if path.is_file() and not path.is_symlink() else "no plain file"
        # The file of the last entry may not have been put in its place, or removed, before the process died.
        if real == entry.sha256 or (entry is last and real == earlier.get(name)):
            continue
        if entry.sha256 is None and any(real == former.sha256 for former in entries if former.name == name):
            found.notes.append(f"{name}: it was about to be removed when the process was stopped.")
            continue
        found.faults.append(f"{name}: it was changed: its hash is not the one in {LOG}.")
    for name, entry in latest.items():
        if entry.sha256 is None or name in there:
            continue
        if entry is last and earlier.get(name) is None:
            found.notes.append(f"{name}: the process ended just before this file was in its place.")
        else:
            found.faults.append(f"{name}: it is missing.")


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files of a record by name; without what is only there while it is written."""
    for path in sorted(folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            continue
        passing = path.name.startswith(".") and path.name.endswith(PART)
        name = path.relative_to(folder).as_posix()
        if not passing and name not in (LOG, claiming.LOCK):
            yield name, path


def _after_the_end(lines: Lines, ended: bool) -> list[str]:
    """Complaints about events behind the entry of the episode, which seals the log, or a line behind it that was cut off."""
    end = lines.latest.get(EPISODE)
    if end is None or not ended:
        return []
    return (
        [f"{LOG}: it goes on after the end of the run."]
        if lines.torn or any(event.line > end.line for event in lines.events)
        else []
    )


def _damaged_checkpoints(path: Path) -> list[str]:
    """Complaints about the database of a run that has not ended: it changes all the time, so it has no hash."""
    if not path.is_file():
        return []
    with tempfile.TemporaryDirectory() as folder:
        # In a copy, since opening it would finish what the killed process left.
        for part in path.parent.glob(f"{path.name}*"):
            shutil.copy(part, folder)
        try:
            with closing(sqlite3.connect(Path(folder) / path.name)) as connection:
                answers = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
        except sqlite3.Error as error:
            answers = [str(error)]
    return [] if answers == ["ok"] else [f"{path.name}: {'; '.join(answers[:3])}."]


def _unreadable(run: RunFolder) -> list[str]:
    """Complaints about what cannot be read, or is named and not there."""
    readers: list[Callable[[], object]] = [run.settings, run.versions, run.robot, run.world, run.events]
    if run.finished:
        readers.append(run.episode)
    readers += [partial(run.load_scene, name) for name in run.names("scenes")]
    readers += [partial(run.load_frames, name) for name in run.names("scenes")]
    readers += [partial(run.load_trajectory, name) for name in run.names("trajectories", ".npz")]
    readers += [partial(_attempt, run, name) for name in run.names("attempts")]
    complaints = (complaint for reader in readers for complaint in _complaints(reader))
    return [*complaints, *exchanges.complaints(run), *_missing(run)]


def _missing(run: RunFolder) -> Iterator[str]:
    """Complaints about files that events name and that are not there."""
    events = run.log.read().events
    for field_, kind, suffix in (("scene", "scenes", ".json"), ("trajectory", "trajectories", ".npz")):
        named = {event.data[field_] for event in events if isinstance(event.data.get(field_), str)}
        for name in sorted(named - set(run.names(kind, suffix))):
            yield f"{kind}/{name}{suffix}: an event names it and it is not there."


def _attempt(run: RunFolder, name: str) -> None:
    """Reads an attempt and the trajectory that it names."""
    attempt = run.load("attempts", name, Attempt)
    if attempt.compiled is not None and attempt.compiled.trajectory is not None:
        run.load_trajectory(attempt.compiled.trajectory)


def _complaints(reader: Callable[[], object]) -> list[str]:
    try:
        reader()
    except LmpError as error:
        return [str(error)]
    return []
