"""The log of a run: one JSON object a line, for each event and for each file, appended and on the disk before the run goes on.

A file is entered with its hash when all of it is on the disk under another name, just before it takes its place. So every
file of the record is in the log, always; and only what the last entry names may not be in place yet.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from lmp.errors import BadFile
from lmp.record.chained_lines import ChainedLines, Scan

NAME = "log.jsonl"


@dataclass(frozen=True)
class Event:
    """One event of a run.

    Attributes:
        index: Number among the events, from 0 [count].
        time: When, in UTC.
        seconds: Time since the run began [s].
        name: A stage's verb in the past tense, such as "compiled".
        data: Its facts, as plain JSON values.
        line: Number of its line in the log, from 0 [count].
    """

    index: int
    time: str
    seconds: float
    name: str
    data: dict[str, Any] = field(default_factory=dict)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Entry:
    """One file, as it was written; or that it was removed.

    Attributes:
        line: Number of its line in the log, from 0 [count].
        time: When, in UTC.
        name: Where in the folder, with "/".
        size: Length [byte]; None for a file that was removed.
        sha256: Hash of its content; None for a file that was removed.
    """

    line: int
    time: str
    name: str
    size: int | None
    sha256: str | None


@dataclass(frozen=True)
class Lines:
    """The lines of a log as far as they are right.

    Attributes:
        events: The events, in order.
        entries: The files, in order.
        complaint: The first line that is not right, and why; empty if all are.
        torn: Length of a last line that was cut off [byte].
    """

    events: tuple[Event, ...] = ()
    entries: tuple[Entry, ...] = ()
    complaint: str = ""
    torn: int = 0

    @property
    def latest(self) -> dict[str, Entry]:
        """The newest entry of each name, removed ones included."""
        return {entry.name: entry for entry in self.entries}


class Log:
    """Appends events and files, and reads them back; the lines are chained (`chained_lines.py`).

    Args:
        folder: The run folder.
    """

    def __init__(self, folder: Path):
        self.folder, self.path = folder, folder / NAME
        self._lines = ChainedLines(self.path, "a line of the log")
        self._zero: float | None = None
        self._read_size = -1
        self._read = Lines()

    def append(self, name: str, **data: object) -> Event:
        """Writes one event; it is on the disk when this returns.

        Raises:
            OSError: It cannot be written.
            BadFile: A line other than a cut off last one is not right.
        """
        line, _ = self._lines.position
        events = self.events()
        if self._zero is None:
            self._zero = time.monotonic() - (events[-1].seconds if events else 0.0)
        event = Event(len(events), _now(), round(time.monotonic() - self._zero, 6), name, data, line)
        self._lines.append({"time": event.time, "seconds": event.seconds, "event": name, "data": data})
        return event

    def enter(self, name: str, file: Path) -> None:
        """Enters a file whose whole content is in `file`."""
        self._enter(name, file.stat().st_size, file_hash(file))

    def remove(self, name: str) -> None:
        """Says that a file is removed on purpose; call before removing it."""
        self._enter(name, None, None)

    def settle(self, name: str) -> None:
        """Makes the log say what is in the folder, after a writer was cut off between the two."""
        entry, path = self.latest().get(name), self.folder / name
        if path.is_file():
            if entry is None or entry.sha256 != file_hash(path):
                self.enter(name, path)
        elif entry is not None and entry.sha256 is not None:
            self.remove(name)

    def read(self) -> Lines:
        """All lines; those before the first that is not right, and a complaint about that one."""
        size = self.path.stat().st_size if self.path.is_file() else 0
        if size != self._read_size:
            self._read, self._read_size = _lines(self._lines.scan()), size
        return self._read

    def scan(self) -> Lines:
        """The lines, read afresh whether or not the file seems to have changed."""
        self._read_size = -1
        return self.read()

    def events(self) -> tuple[Event, ...]:
        """All events, in order.

        Raises:
            BadFile: A line other than a cut off last one is not right.
        """
        return self._whole().events

    def latest(self) -> dict[str, Entry]:
        """The newest entry of each file, removed ones included.

        Raises:
            BadFile: A line other than a cut off last one is not right.
        """
        return self._whole().latest

    def _whole(self) -> Lines:
        lines = self.read()
        if lines.complaint:
            raise BadFile(str(self.path), [lines.complaint])
        return lines

    def _enter(self, name: str, size: int | None, sha256: str | None) -> None:
        self._lines.append({"time": _now(), "file": name, "size": size, "sha256": sha256})


def _lines(scan: Scan) -> Lines:
    events: list[Event] = []
    entries: list[Entry] = []
    for line, body in enumerate(scan.bodies):
        try:
            if "file" in body:
                entries.append(_entry(line, body))
            else:
                events.append(_event(len(events), line, body))
        except (ValueError, TypeError, KeyError) as error:
            complaint = f"Line {line + 1} is not a line of the log: {error}."
            return Lines(tuple(events), tuple(entries), complaint)
    return Lines(tuple(events), tuple(entries), scan.complaint, scan.torn)


def _event(index: int, line: int, body: Mapping[str, Any]) -> Event:
    return Event(index, str(body["time"]), float(body["seconds"]), str(body["event"]), dict(body["data"]), line)


def _entry(line: int, body: Mapping[str, Any]) -> Entry:
    kinds = {"time": str, "file": str, "size": int | None, "sha256": str | None}
    if body.keys() != kinds.keys() or not all(isinstance(body[name], kind) for name, kind in kinds.items()):
        raise ValueError(f"it has the fields {', '.join(map(repr, body))}")
    path = PurePosixPath(body["file"])
    # Files are removed by these names, so none may lead elsewhere.
    if path.is_absolute() or ".." in path.parts or not path.parts or "\0" in body["file"]:
        raise ValueError(f"it names {body['file']!r}, which is not in the folder")
    return Entry(line, body["time"], body["file"], body["size"], body["sha256"])


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def file_hash(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
