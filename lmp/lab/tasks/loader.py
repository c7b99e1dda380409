"""Reads task files and says all that is wrong with one at once."""

from __future__ import annotations

from pathlib import Path

from lmp.errors import UnknownName
from lmp.files.data_file import read_data_file
from lmp.lab.tasks.task_file import TaskFile

FOLDER = Path(__file__).parent
SETS = {"tasks": ("",), "audit": ("", "audit")}
"""Sets of tasks by name, each with the folders that hold them."""


def task_names(chosen: str = "tasks") -> tuple[str, ...]:
    """Names of the tasks of a set, folder by folder, sorted in each."""
    return tuple(path.stem for folder in SETS[chosen] for path in sorted((FOLDER / folder).glob("*.toml")))


def load_task(name_or_path: str | Path) -> TaskFile:
    """The task of that name, or of that TOML file.

    Raises:
        UnknownName: No task has that name and it is not a file.
        BadFile: The file cannot be read, is not TOML, or does not fit the schema; lists every complaint.
    """
    path = Path(name_or_path)
    if path.suffix != ".toml":
        own = {file.stem: file for file in sorted(FOLDER.rglob("*.toml"))}
        if str(name_or_path) not in own:
            raise UnknownName("task", str(name_or_path), sorted(own))
        path = own[str(name_or_path)]
    return read_data_file(path, TaskFile)
