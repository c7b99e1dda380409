"""Claim a run folder for a process: a new one, or one that was cut off; with the lock by which it has one writer."""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from lmp.errors import RecordFault, SetupFault, did_you_mean
from lmp.record.log import NAME as LOG
from lmp.record.log import Log
from lmp.record.stored_files import PART

LOCK = ".lock"
TRIES, PAUSE = 20, 0.01
"""Tries of a claim, and the time between [count], [s]: who only looks holds the lock for a moment."""


class RunLock:
    """The right to write to a folder, until `release`."""

    def __init__(self, folder: Path, handle: int):
        self._finalizer = weakref.finalize(self, _release, folder / LOCK, handle, os.getpid())

    @classmethod
    def claim(cls, folder: Path) -> RunLock:
        """Claims the folder for this process.

        Raises:
            SetupFault: Another process writes to it.
            OSError: The lock file cannot be made.
        """
        for _ in range(TRIES):
            handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if _is_there(handle, folder):
                    os.ftruncate(handle, 0)
                    os.write(handle, f"{os.getpid()}\n".encode())
                    return cls(folder, handle)
                # Its last holder has just removed it; the next try makes a new one.
                os.close(handle)
            except BlockingIOError:
                os.close(handle)
                time.sleep(PAUSE)
            except BaseException:
                os.close(handle)
                raise
        raise in_use(folder, writer_of(folder))

    def release(self) -> None:
        """Gives the folder free; a second call does nothing."""
        self._finalizer()


def writer_of(folder: Path) -> int | None:
    """The process that writes to the folder [pid]; 0 if it does not say which it is, None if there is none."""
    try:
        handle = os.open(folder / LOCK, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return None
    except BlockingIOError:
        words = os.pread(handle, 32, 0).strip()
        return int(words) if words.isdigit() else 0
    finally:
        os.close(handle)


def in_use(folder: Path, pid: int | None) -> SetupFault:
    """The fault of a second writer."""
    who = f"process {pid}" if pid else "another process"
    return SetupFault(
        f"The run folder {str(folder)!r} is in use: {who} writes to it. "
        f"Wait until it has ended, or name another folder; nothing was changed."
    )


def _is_there(handle: int, folder: Path) -> bool:
    """True if the open file is still the one of that name."""
    try:
        return os.path.samestat(os.fstat(handle), os.stat(folder / LOCK))  # noqa: PTH116  The pair of calls is the point.
    except FileNotFoundError:
        return False


def _release(path: Path, handle: int, owner: int) -> None:
    # A forked child has the same open file; its end does not end the parent's claim.
    if os.getpid() != owner:
        return
    with suppress(OSError):
        path.unlink()
    os.close(handle)


def run_at(run: Path) -> Path:
    """The path itself, or the run of that name below runs/."""
    by_name = Path("runs") / run
    return by_name if not run.exists() and by_name.is_dir() else run


def slug(words: str, longest: int = 40) -> str:
    """The words as a piece of a file name: small letters, digits and dashes; "run" where nothing is left."""
    text = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
    if len(text) > longest:
        text = text[:longest].rpartition("-")[0] or text[:longest]
    return text.strip("-") or "run"


def new_folder(parent: Path, words: str) -> Path:
    """A folder that this call has made: its name sorts by time, tells what the run is about, and no other process has it.

    Raises:
        SetupFault: It cannot be made there.
    """
    while True:
        path = parent / f"{datetime.now():%Y%m%d-%H%M%S}-{slug(words)}-{secrets.token_hex(2)}"
        try:
            path.mkdir(parents=True)
        except FileExistsError:
            # Another process drew the same name in the same second; a name drawn anew ends this, unless
            # what is in the way is the parent, which is no folder.
            if path.is_dir():
                continue
            raise _not_here(path, f"{parent} is not a folder") from None
        except OSError as error:
            raise _not_here(path, error.strerror or str(error)) from error
        return path


def given_folder(path: Path) -> Path:
    """The folder that the person named, made if it is not there.

    Raises:
        SetupFault: There is something in it, it is a file, or it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        if any(path.iterdir()):
            if (writer := writer_of(path)) is not None:
                raise in_use(path, writer)
            raise SetupFault(f"The run folder {str(path)!r} is not empty. Name a new or an empty folder; nothing was changed.")
        # Of two processes that find it empty at the same time, one makes this file and the other is refused.
        (path / LOG).touch(exist_ok=False)
    except FileExistsError as error:
        raise _not_here(path, "another run has it" if path.is_dir() else "there is a file of that name") from error
    except OSError as error:
        raise _not_here(path, error.strerror or str(error)) from error
    return path


def _not_here(path: Path, why: str) -> SetupFault:
    return SetupFault(f"The run folder {str(path)!r} cannot be made: {why}. Name another place for it with --out.")


FORMAT = "lmp run 3"
"""The format of a run folder, as its settings say it."""


def check_format(path: Path) -> None:
    """Checks that the folder at `path` is a run.

    Raises:
        SetupFault: There is no folder, or it is not a run, or one of another format.
    """
    if not is_run(path) and (run := _run_around(path)) is not None:
        raise SetupFault(_inside(path, run))
    if not path.is_dir():
        what = f"{str(path)!r} is a file, and no run folder." if path.exists() else f"There is no run folder {str(path)!r}."
        folders = [other for parent in (path.parent, Path("runs")) if parent.is_dir() for other in parent.iterdir()]
        raise SetupFault(f"{what}{did_you_mean(path.name, (other.name for other in folders if is_run(other)))}")
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


def is_run(path: Path) -> bool:
    """True if the folder at `path` looks like a run of any format."""
    return (path / "settings.json").is_file() and (path / LOG).is_file()


def _run_around(path: Path) -> Path | None:
    """The run folder that a path lies in; None where it lies in none."""
    return next((parent for parent in list(path.parents)[:DEEPEST] if is_run(parent)), None)


def _inside(path: Path, run: Path) -> str:
    """Say that a path is a part of a run, and what can be done with it."""
    if not path.exists():
        near = did_you_mean(path.name, (other.name for other in path.parent.iterdir()) if path.parent.is_dir() else ())
        return f"There is no {str(path)!r} in the run folder {str(run)!r}.{near} A run is named by its folder."
    kind = "folder" if path.is_dir() else "file"
    browser = " A browser opens the report." if path.suffix == ".html" else ""
    return f"{str(path)!r} is a {kind} of a run, which is named by its folder: {str(run)!r}.{browser}"


DEEPEST = 3
"""Folders above a file of a run, up to the run's own [count]."""


def has_lines(path: Path) -> bool:
    """True if anything was written to the log of the folder at `path`."""
    log = path / LOG
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
