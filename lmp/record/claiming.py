"""How a process gets a run folder: a new one, or one that was cut off; and what makes a folder a run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lmp.errors import RecordFault, SetupFault, did_you_mean
from lmp.record.atomic_write import PART
from lmp.record.folder_name import given_folder, new_folder
from lmp.record.log import NAME, Log
from lmp.record.run_lock import RunLock

FORMAT = "lmp run 3"
"""The format of a run folder, as its settings say it."""


def check_format(path: Path) -> None:
    """Checks that the folder at `path` is a run.

    Raises:
        SetupFault: There is no folder, or it is not a run, or one of another format.
    """
    if not path.is_dir():
        siblings = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
        raise SetupFault(f"There is no run folder {str(path)!r}.{did_you_mean(path.name, siblings)}")
    try:
        settings = path / "settings.json"
        said = json.loads(settings.read_bytes())["format"] if settings.is_file() else None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        said = None
    # Settings that were damaged, or not written before a kill, do not turn a record into something else.
    if said == FORMAT or has_lines(path):
        return
    if all(child.name.startswith(".") or (child.is_file() and child.stat().st_size == 0) for child in path.iterdir()):
        raise SetupFault(
            f"The folder {str(path)!r} has nothing in it: no run, or one that was cut off before it began: nothing was moved. "
            "Run it again."
        )
    other = f"its format is {said!r}" if isinstance(said, str) else "its settings.json says no format"
    raise SetupFault(f"{str(path)!r} is not a run folder that this version reads: {other}; {FORMAT!r} is read. Run it again.")


def has_lines(path: Path) -> bool:
    """Whether anything was written to the log of the folder at `path`."""
    log = path / NAME
    return log.is_file() and log.stat().st_size > 0


def new_claim(out: Path | None, parent: Path, words: str) -> tuple[Path, RunLock]:
    """A new folder that this process has claimed.

    Raises:
        SetupFault: It cannot be made, there is something in it, or another process has it.
    """
    path = new_folder(parent, words) if out is None else given_folder(out)
    return path, claim(path)


def claim(path: Path) -> RunLock:
    """The right to write to a folder.

    Raises:
        SetupFault: It cannot be written, or another process has it.
    """
    try:
        return RunLock.claim(path)
    except OSError as error:
        raise _cannot(path, error.strerror or str(error)) from error


@contextmanager
def giving_up(lock: RunLock, path: Path) -> Iterator[None]:
    """Gives the claim up if the block fails; before anything moves, a record that cannot be written is a wrong place for it."""
    try:
        yield
    except RecordFault as error:
        lock.release()
        cause = error.__cause__
        raise _cannot(path, getattr(cause, "strerror", None) or str(cause)) from error
    except BaseException:
        lock.release()
        raise


def put_in_order(path: Path, log: Log) -> None:
    """Finishes what a kill left half done: files that never took their place, entries without a file, files that were to go."""
    try:
        for part in path.rglob(f".*{PART}"):
            part.unlink(missing_ok=True)
        latest = log.latest()
        for name, entry in latest.items():
            if entry.sha256 is None:
                with suppress(FileNotFoundError):
                    (path / name).unlink()
        if entries := log.read().entries:
            log.settle(entries[-1].name)
    except OSError as error:
        raise _cannot(path, error.strerror or str(error)) from error


def _cannot(path: Path, why: str) -> SetupFault:
    return SetupFault(
        f"The run folder {str(path)!r} cannot be written to: {why}. Nothing was moved; name another place with --out."
    )
