"""Names and places of run folders."""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from pathlib import Path

from lmp.errors import SetupFault
from lmp.record.log import NAME
from lmp.record.run_lock import in_use, writer_of


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
        (path / NAME).touch(exist_ok=False)
    except FileExistsError as error:
        raise _not_here(path, "another run has it" if path.is_dir() else "there is a file of that name") from error
    except OSError as error:
        raise _not_here(path, error.strerror or str(error)) from error
    return path


def _not_here(path: Path, why: str) -> SetupFault:
    return SetupFault(f"The run folder {str(path)!r} cannot be made: {why}. Name another place for it with --out.")
