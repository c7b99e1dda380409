"""Settings files: what the command line can say about a run, kept in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from lmp.files.data_file import read_data_file
from lmp.model_settings import ModelSettings
from lmp.schema.base import Model
from lmp.schema.budget import Budget
from lmp.schema.world_spec import WorldAddress

NameOrFile = Annotated[str, Field(min_length=1, max_length=256)]


class Settings(Model):
    """Options of a run; what is left out stays as the command line or the library has it.

    Attributes:
        world: Address of a world; a relative path in it belongs to the settings file's folder.
        robot: Name of a robot, or a robot file; likewise.
        planner: Name of a planner.
        choose: Which proposal is taken: a chooser with its settings.
        gates: What says whether a motion may begin: gates with their settings.
        pictures: Whether the cameras' pictures are recorded.
        report: Whether `report.html` is written.
        budget: What may be spent.
        model: How a planner that asks a model asks it.
    """

    world: Annotated[str, Field(min_length=1, max_length=512)] | None = None
    robot: NameOrFile | None = None
    planner: NameOrFile | None = None
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] | None = Field(default=None, description="seed of the world [count]")
    gui: bool | None = None
    choose: Annotated[str, Field(min_length=1, max_length=512)] | None = None
    gates: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=512)], ...], Field(max_length=16)] | None = None
    pictures: bool | None = None
    report: bool | None = None
    budget: Budget | None = None
    model: ModelSettings | None = None

    @classmethod
    def load(cls, path: str | Path) -> Settings:
        """The settings of a `.toml` or `.json` file.

        Raises:
            BadFile: The file cannot be read, or has fields that there are not; lists every complaint.
        """
        read = read_data_file(Path(path), cls)
        world = read.world and str(WorldAddress.read(read.world).beside(Path(path)))
        return read.model_copy(update={"world": world, "robot": read.robot and beside(Path(path), read.robot)})

    def options(self) -> dict[str, Any]:
        """The file's settings, as keyword arguments of `lmp.run`."""
        return {name: value for name in type(self).model_fields if (value := getattr(self, name)) is not None}


def beside(file: Path, name_or_file: str) -> str:
    """The robot that a file names: a path belongs to the file's folder, a name stays as it is."""
    return str(file.parent / name_or_file) if Path(name_or_file).suffix in (".toml", ".json") else name_or_file
