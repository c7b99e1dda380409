"""Sources of an evaluation: instructions, with or without a truth, and tasks; read from text, JSON lines or TOML."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationError

from lmp.errors import BadFile, UnknownName
from lmp.files.data_file import read_text
from lmp.lab.tasks.loader import SETS, load_task, task_names
from lmp.lab.tasks.task_file import TaskFile
from lmp.lab.truth.truth import AnyPredicate
from lmp.runtime.worlds import scheme_of
from lmp.schema.base import Model
from lmp.schema.world_spec import WorldAddress

MAX_BYTES = 16_000_000
"""The largest file of instructions that is read [bytes]."""

Instruction = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class InstructionSource(Model):
    """One sentence for every seed.

    Attributes:
        instruction: The sentence.
        truth: What must hold in the end; None where only the verifier's word is known.
        world: Address of a world; the evaluation's where left out.
    """

    instruction: Instruction
    truth: AnyPredicate | None = None
    world: Annotated[str, Field(min_length=1, max_length=512)] | None = None

    @property
    def label(self) -> str:
        return self.instruction


class TaskSource(Model):
    """A task that is filled in for each seed."""

    task: TaskFile

    @property
    def label(self) -> str:
        return self.task.name


class OwnTask(Model):
    """The task that the world itself brings: its instruction, and its predicate."""

    own: Literal[True] = True

    @property
    def label(self) -> str:
        return "its own task"


Source = InstructionSource | TaskSource | OwnTask


def world_of(own: str | None, evaluated: str) -> str:
    """Address of a source's world: an own one without a scheme is opened by the scheme of the evaluation's world."""
    if own is None:
        return evaluated
    scheme, read = scheme_of(evaluated)
    return str(WorldAddress.read(own).within(read.scheme)) if scheme.scenes else evaluated


def read_sources(name_or_path: str | Path) -> tuple[Source, ...]:
    """Read the sources that a file lists, or the task of that name.

    "tasks" stands for the tasks of the package that any planner is asked; "audit" for these and some more, with conditions on
    headings, distances and joints.

    A `.toml` file is a task; a `.jsonl` file has one object a line with `instruction` and perhaps `truth` and `world`;
    any other file has one instruction a line, `#` begins a comment.

    Raises:
        BadFile: The file cannot be read, is empty, or has lines that are not as above; lists them all.
        UnknownName: It is neither a file nor the name of a task.
    """
    path = Path(name_or_path)
    if not path.suffix and not path.exists():
        if str(name_or_path) in SETS:
            return tuple(TaskSource(task=load_task(name)) for name in task_names(str(name_or_path)))
        if str(name_or_path) in task_names("audit"):
            return (TaskSource(task=load_task(name_or_path)),)
        raise UnknownName("task or instruction file", str(name_or_path), (*task_names("audit"), *SETS))
    if path.suffix == ".toml":
        return (TaskSource(task=load_task(path)),)
    lines = [(number, line.strip()) for number, line in enumerate(_read(path).splitlines(), 1)]
    lines = [(number, line) for number, line in lines if line and not line.startswith("#")]
    if not lines:
        raise BadFile(str(path), ["It has no instructions."])
    return _sources(path, lines)


def _sources(path: Path, lines: list[tuple[int, str]]) -> tuple[Source, ...]:
    sources: list[Source] = []
    complaints: list[str] = []
    for number, line in lines:
        try:
            fields: Any = json.loads(line) if path.suffix == ".jsonl" else {"instruction": line}
            sources.append(InstructionSource.model_validate(fields))
        except ValidationError as error:
            complaints += [f"Line {number}: {_place(found['loc'])}{found['msg']}." for found in error.errors()]
        except (ValueError, RecursionError) as error:
            complaints.append(f"Line {number} is not JSON: {error}.")
    if complaints:
        raise BadFile(str(path), complaints)
    return tuple(sources)


def _place(location: tuple[int | str, ...]) -> str:
    return f"{'.'.join(map(str, location))}: " if location else ""


def _read(path: Path) -> str:
    return read_text(path, MAX_BYTES)
