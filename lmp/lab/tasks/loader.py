"""Reads task files and says all that is wrong with one at once."""

from __future__ import annotations

from pathlib import Path

from lmp.errors import UnknownName
from lmp.files.data_file import read_data_file
from lmp.lab.tasks.task_file import TaskFile

FOLDER = Path(__file__).parent


def task_names() -> tuple[str, ...]:
    """Names of the tasks that come with the package, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def load_task(name_or_path: str | Path) -> TaskFile:
    """The task of that name, or of that TOML file.

    Raises:
        UnknownName: No task has that name and it is not a file.
        BadFile: The file cannot be read, is not TOML, or does not fit the schema; lists every complaint.
    """
    path = Path(name_or_path)
    if path.suffix != ".toml":
        if str(name_or_path) not in task_names():
            raise UnknownName("task", str(name_or_path), task_names())
        path = FOLDER / f"{name_or_path}.toml"
    return read_data_file(path, TaskFile)
