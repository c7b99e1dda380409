"""The log of a run: one JSON object a line, appended, and on the disk before the next stage begins."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lmp.errors import BadFile
from lmp.record.plain_json import json_text


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
    """Appends events to a file and reads them back.

    A line that was cut off by a crash is the last one and has no line end: it is not read, and the next writer removes it.
    """

    def __init__(self, path: Path):
        self.path = path
        self._next: int | None = None
        self._zero = time.monotonic()

    def append(self, name: str, **data: object) -> Event:
        """Writes one event; it is on the disk when this returns."""
        if self._next is None:
            self._continue()
        assert self._next is not None
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        event = Event(self._next, now, round(time.monotonic() - self._zero, 6), name, data)
        head = {"index": event.index, "time": event.time, "seconds": event.seconds, "event": name}
        with self.path.open("ab") as file:
            file.write((json_text({**head, "data": data}) + "\n").encode("ascii"))
            file.flush()
            os.fsync(file.fileno())
        self._next += 1
        return event

    def read(self) -> tuple[Event, ...]:
        """All events, in order.

        Raises:
            BadFile: A line other than a cut off last one is not an event.
        """
        if not self.path.exists():
            return ()
        return tuple(self._event(number, line) for number, line in enumerate(self._whole_lines(), start=1))

    def _whole_lines(self) -> list[bytes]:
        return self.path.read_bytes().split(b"\n")[:-1]

    def _event(self, number: int, line: bytes) -> Event:
        try:
            raw = json.loads(line)
            return Event(int(raw["index"]), str(raw["time"]), float(raw["seconds"]), str(raw["event"]), dict(raw["data"]))
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise BadFile(str(self.path), [f"Line {number} is not an event ({error})."]) from error

    def _continue(self) -> None:
        """Takes up the numbering and the clock of what is there, after removing a line that was cut off."""
        if not self.path.exists():
            self._next = 0
            return
        events = self.read()
        with self.path.open("rb+") as file:
            file.truncate(sum(len(line) + 1 for line in self._whole_lines()))
        self._next = len(events)
        self._zero -= events[-1].seconds if events else 0.0
