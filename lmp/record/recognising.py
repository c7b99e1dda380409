"""Recognise a run folder by its path, its settings and its log, or say what else is there."""

from __future__ import annotations

import json
from pathlib import Path

from lmp.errors import SetupFault, did_you_mean
from lmp.record.claiming import FORMAT
from lmp.record.log import NAME as LOG


def run_at(run: Path) -> Path:
    """The path itself, or the run of that name below runs/."""
    by_name = Path("runs") / run
    return by_name if not run.exists() and by_name.is_dir() else run


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
