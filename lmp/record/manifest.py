"""The list of a run folder's files, with the hash of each.

A file is entered when all of it is on the disk under another name, just before it takes its place. So every file of the
record is in the list, always; and only what the last entry names may not be in place yet.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from lmp.errors import BadFile
from lmp.record.chained_lines import ChainedLines, Scan
from lmp.record.event_log import EventLog

NAME = "manifest.jsonl"


@dataclass(frozen=True)
class Entry:
    """One file, as it was written; or that it was removed.

    Attributes:
        index: Number in the list, from 0 [count].
        time: When, in UTC.
        name: Where in the folder, with "/".
        size: Length [byte]; None for a file that was removed.
        sha256: Hash of its content; None for a file that was removed.
        events: How many events the log had then [count].
        head: The chain of the last of them.
    """

    index: int
    time: str
    name: str
    size: int | None
    sha256: str | None
    events: int
    head: str


class Manifest:
    """Enters files, and tells what was entered.

    Args:
        folder: The run folder.
        events: Its log: each entry says how far it had come, so that its end cannot be cut off unnoticed.
    """

    def __init__(self, folder: Path, events: EventLog):
        self.folder, self._events = folder, events
        self.lines = ChainedLines(folder / NAME, "an entry")
        self._read_size = -1
        self._entries: tuple[Entry, ...] = ()

    def enter(self, name: str, file: Path) -> None:
        """Enters a file whose whole content is in `file`."""
        self._append(name, file.stat().st_size, file_hash(file))

    def remove(self, name: str) -> None:
        """Says that a file is removed on purpose; call before removing it."""
        self._append(name, None, None)

    def settle(self, name: str) -> None:
        """Makes the list say what is in the folder, after a writer was cut off between the two."""
        entry, path = self.latest().get(name), self.folder / name
        if path.is_file():
            if entry is None or entry.sha256 != file_hash(path):
                self.enter(name, path)
        elif entry is not None and entry.sha256 is not None:
            self.remove(name)

    def entries(self) -> tuple[Entry, ...]:
        """All entries, in order.

        Raises:
            BadFile: A line other than a cut off last one is not an entry.
        """
        path = self.lines.path
        size = path.stat().st_size if path.is_file() else 0
        if size != self._read_size:
            scan = self.lines.scan()
            if scan.complaint:
                raise BadFile(str(path), [scan.complaint])
            self._entries, self._read_size = entries_of(scan), size
        return self._entries

    def latest(self) -> dict[str, Entry]:
        """The newest entry of each name, removed ones included."""
        return {entry.name: entry for entry in self.entries()}

    def _append(self, name: str, size: int | None, sha256: str | None) -> None:
        events, head = self._events.position
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        entry = Entry(self.lines.position[0], time, name, size, sha256, events, head)
        self.lines.append(vars(entry))


def entries_of(scan: Scan) -> tuple[Entry, ...]:
    """The lines as entries.

    Raises:
        BadFile: A line has other fields, or names something outside of the folder.
    """
    return tuple(_entry(number, body) for number, body in enumerate(scan.bodies, start=1))


def _entry(number: int, body: dict[str, Any]) -> Entry:
    kinds = {"index": int, "time": str, "name": str, "size": int | None, "sha256": str | None, "events": int, "head": str}
    if body.keys() != kinds.keys() or not all(isinstance(body[name], kind) for name, kind in kinds.items()):
        raise BadFile(NAME, [f"Line {number} is not an entry: it has the fields {', '.join(map(repr, body))}."])
    path = PurePosixPath(body["name"])
    # Files are removed by these names, so none may lead elsewhere.
    if path.is_absolute() or ".." in path.parts or not path.parts or "\0" in body["name"]:
        raise BadFile(NAME, [f"Line {number} names {body['name']!r}, which is not in the folder."])
    return Entry(**body)


def file_hash(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
