"""Results on the disk, one line each, whole or not at all, so that an evaluation survives whatever ends it."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import ValidationError

from lmp.errors import BadFile
from lmp.lab.evaluate.result import Result


class Ledger:
    """An append-only file of results.

    Args:
        path: A JSON lines file; made with its folder if it is not there. None keeps results in memory only.

    Attributes:
        results: All results by key.

    Raises:
        BadFile: The file holds something else. A last line that was cut off is no error: its episode runs again.
    """

    def __init__(self, path: Path | None):
        self.path = path
        self.results: dict[str, Result] = {}
        if path is not None and path.exists():
            self._read(path)

    def _read(self, path: Path) -> None:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise BadFile(str(path), [f"It cannot be read: {error.strerror or error}."]) from error
        whole, _, cut = content.rpartition(b"\n")
        for number, line in enumerate(whole.splitlines(), 1):
            try:
                result = Result.model_validate_json(line)
            except ValidationError as error:
                raise BadFile(
                    str(path), [f"Line {number} is no result of an evaluation: {error.errors()[0]['msg']}."]
                ) from error
            self.results[result.key] = result
        if cut:
            with path.open("r+b") as file:
                file.truncate(len(content) - len(cut))

    def add(self, result: Result) -> None:
        """Appends a result in one write and waits until it is on the disk."""
        self.results[result.key] = result
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = (result.model_dump_json() + "\n").encode()
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(descriptor, line)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
