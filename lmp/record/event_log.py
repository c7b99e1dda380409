"""The log of a run: one JSON object a line, appended, and on the disk before the next stage begins."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lmp.errors import BadFile
from lmp.record.chained_lines import ChainedLines, Scan


@dataclass(frozen=True)
class Event:
    """One thing that happened.

    Attributes:
        index: Number in the log, from 0 [count].
        time: When, in UTC.
        seconds: Time since the run began [s].
        name: A stage's verb in the past tense, such as "compiled".
        data: What it led to, as plain JSON values.
    """

    index: int
    time: str
    seconds: float
    name: str
    data: dict[str, Any] = field(default_factory=dict)


class EventLog:
    """Appends events to a file and reads them back; the lines are chained (`chained_lines.py`).

    Args:
        path: The file.
        chained: False for a log of the first format, whose lines have no chain; it can only be read.
    """

    def __init__(self, path: Path, chained: bool = True):
        self.path = path
        self._chained = chained
        self._lines = ChainedLines(path, "an event")
        self._zero: float | None = None

    @property
    def position(self) -> tuple[int, str]:
        """How many events there are, and the chain of the last one."""
        return self._lines.position

    def append(self, name: str, **data: object) -> Event:
        """Writes one event; it is on the disk when this returns.

        Raises:
            OSError: It cannot be written.
            BadFile: A line other than a cut off last one is not an event.
        """
        index, _ = self.position
        if self._zero is None:
            events = self.read()
            self._zero = time.monotonic() - (events[-1].seconds if events else 0.0)
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        event = Event(index, now, round(time.monotonic() - self._zero, 6), name, data)
        self._lines.append({"index": index, "time": now, "seconds": event.seconds, "event": name, "data": data})
        return event

    def read(self) -> tuple[Event, ...]:
        """All events, in order.

        Raises:
            BadFile: A line other than a cut off last one is not an event.
        """
        events, complaint = self.read_as_far_as_possible()
        if complaint:
            raise BadFile(str(self.path), [complaint])
        return events

    def read_as_far_as_possible(self) -> tuple[tuple[Event, ...], str]:
        """The events before the first line that is not one, and what is wrong with that line."""
        scan = self.scan()
        events: list[Event] = []
        for number, body in enumerate(scan.bodies, start=1):
            try:
                events.append(_event(body))
            except (ValueError, TypeError, KeyError) as error:
                return tuple(events), f"Line {number} is not an event ({error!r})."
        return tuple(events), scan.complaint

    def scan(self) -> Scan:
        """The lines of the file and their chains."""
        return self._lines.scan() if self._chained else _unchained(self.path)


def _event(raw: Mapping[str, Any]) -> Event:
    return Event(int(raw["index"]), str(raw["time"]), float(raw["seconds"]), str(raw["event"]), dict(raw["data"]))


def _unchained(path: Path) -> Scan:
    """The lines of a log of the first format."""
    if not path.exists():
        return Scan()
    bodies: list[dict[str, Any]] = []
    *lines, tail = path.read_bytes().split(b"\n")
    for number, line in enumerate(lines, start=1):
        try:
            bodies.append(dict(json.loads(line)))
        except (ValueError, TypeError, RecursionError) as error:
            return Scan(tuple(bodies), complaint=f"Line {number} is not an event ({error}).")
    return Scan(tuple(bodies), torn=len(tail))
