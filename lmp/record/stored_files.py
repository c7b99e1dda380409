"""The files of a run folder: each written whole or not at all, entered with its hash, and checked against it when read.

A file is either the old one or the whole new one, never half of it, and stays so when the power goes. Ctrl-C waits for the
end of each: a reader or a writer that it cuts short may complain of something else, as zipfile does.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, TypeVar

from pydantic import ValidationError

from lmp.errors import BadFile, LmpError
from lmp.record.log import NAME, Log
from lmp.record.record_fault import record_faults
from lmp.uninterrupted import uninterrupted

PART = ".part"
"""How the name of a file ends that is still being written; it begins with a dot."""

Announce = Callable[[Path], None]
"""Called with the whole new file, which is on the disk, just before it takes its place."""


@contextmanager
def atomic_path(path: Path, announce: Announce | None = None) -> Iterator[Path]:
    """A path to write to, whose file takes the place of `path` once it is on the disk; on an error `path` stays as it was."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=PART)
    os.close(handle)
    part = Path(temporary)
    try:
        yield part
        sync(part)
        # Temporary files are private to their owner; a record may be read like any other file.
        part.chmod(0o666 & ~_umask())
        if announce is not None:
            announce(part)
        part.replace(path)
        # The new name, too, has to outlive a loss of power.
        sync(path.parent)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def make_folder(path: Path) -> None:
    """A folder below one that exists, for good; nothing happens where it is there already."""
    if not path.is_dir():
        path.mkdir()
        sync(path.parent)


def sync(path: Path) -> None:
    """Waits until the file, or the names in the folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


Anything = TypeVar("Anything")


class StoredFiles:
    """Puts files into a folder and reads them back.

    Args:
        folder: The run folder.
        log: The run's log, in which they are entered.
    """

    def __init__(self, folder: Path, log: Log):
        self.folder, self.log = folder, log

    @contextmanager
    def path_to_write(self, name: str) -> Iterator[Path]:
        """A path whose file becomes the file of that name.

        Raises:
            RecordFault: It cannot be written; nothing was changed.
        """
        path, entered = self.folder / name, False

        def enter(part: Path) -> None:
            nonlocal entered
            entered = True
            self.log.enter(name, part)

        with uninterrupted(), record_faults(self.folder, name):
            try:
                for folder in reversed(path.relative_to(self.folder).parents[:-1]):
                    make_folder(self.folder / folder)
                with atomic_path(path, enter) as part:
                    yield part
            except BaseException:
                if entered:
                    with suppress(OSError, LmpError):
                        self.log.settle(name)
                raise

    @contextmanager
    def file_to_write(self, name: str) -> Iterator[BinaryIO]:
        """`path_to_write` as a file that is open for writing."""
        with self.path_to_write(name) as path, path.open("wb") as file:
            yield file

    def remove(self, name: str) -> None:
        """Removes a file and says so in the log.

        Raises:
            RecordFault: It cannot be removed.
        """
        with uninterrupted(), record_faults(self.folder, name):
            self.log.remove(name)
            (self.folder / name).unlink(missing_ok=True)

    def read(self, name: str, reader: Callable[[BinaryIO], Anything]) -> Anything:
        """Return what the reader makes of a file.

        Raises:
            BadFile: It is not what was written, or not of its kind.
        """
        path = self.folder / name
        try:
            with uninterrupted():
                return reader(BytesIO(self._content(name)))
        except ValidationError as error:
            wrong = [f"{'.'.join(map(str, item['loc'])) or 'file'}: {item['msg']}." for item in error.errors()]
            raise BadFile(str(path), wrong) from error
        except UNREADABLE as error:
            raise BadFile(str(path), [f"It cannot be read: {error}."]) from error

    def _content(self, name: str) -> bytes:
        """The bytes of a file, if they are those that were entered."""
        path = self.folder / name
        if path.is_symlink() or not path.is_file():
            raise BadFile(str(path), ["It is not a plain file."])
        entry = self.log.latest().get(name)
        # The length first: a file that was replaced may be too long to be read at all.
        if entry is None or entry.size == path.stat().st_size:
            content = path.read_bytes()
            if entry is None or entry.sha256 == hashlib.sha256(content).hexdigest():
                return content
        raise BadFile(str(path), [f"It was changed: its hash is not the one in {NAME}."])


UNREADABLE: tuple[type[Exception], ...] = (
    ValueError,
    TypeError,
    KeyError,
    OSError,
    EOFError,
    RecursionError,
    NotImplementedError,
    zipfile.BadZipFile,
)
"""What the readers of JSON, npz and PNG raise for bytes that are not theirs."""
