"""A run as a folder: settings, versions, every stage's input and output, pictures, trajectories, and how it ended.

- settings.json, versions.json, robot.json: what it was made with
- events.jsonl: what happened, in order
- scenes/0001.json: what was seen
- images/0001.0.front.png, .npz: the pictures of that scene, camera by camera
- trajectories/0001.npz: what was compiled
- attempts/0001.json: what was tried and how it went
- checkpoints.sqlite: where the loop stood
- episode.json, report.html: how it ended
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from lmp.errors import BadFile, SetupFault, did_you_mean
from lmp.record.atomic_write import atomic_write
from lmp.record.event_log import Event, EventLog
from lmp.record.folder_name import given_folder, new_folder, slug
from lmp.record.frame_file import read_frame, write_frame
from lmp.record.plain_json import json_text
from lmp.record.trajectory_file import read_trajectory, write_trajectory
from lmp.record.versions import versions
from lmp.schema.episode import Episode
from lmp.schema.observation import CameraFrame
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import Scene
from lmp.schema.trajectory import JointTrajectory

FORMAT = "lmp run 1"
SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
SomeModel = TypeVar("SomeModel", bound=BaseModel)
Anything = TypeVar("Anything")


class RunFolder:
    """Writes the record of one run, and reads it.

    Attributes:
        path: The folder.
    """

    def __init__(self, path: Path):
        self.path = path
        self._log = EventLog(path / "events.jsonl")

    @classmethod
    def create(
        cls,
        out: Path | None,
        instruction: str,
        settings: Mapping[str, object] | None = None,
        robot: RobotDescription | None = None,
        parent: Path = Path("runs"),
    ) -> RunFolder:
        """A new run folder: `out`, or one with a name of its own in `parent`.

        Args:
            out: The folder; it must not exist or must be empty.
            instruction: What was said; part of the name.
            settings: Whatever decides how the run goes: scene, seed, planner, ...
            robot: The robot's limits, for the report.
            parent: Where the folder goes if `out` is None.

        Raises:
            SetupFault: It cannot be made, or there is something in it.
        """
        run = cls(new_folder(parent, instruction) if out is None else given_folder(out))
        try:
            run.write_text("versions.json", json_text(versions(), indent=1))
            if robot is not None:
                run.write_text("robot.json", robot.model_dump_json(indent=1))
            # Last, since this file is what makes a folder a run.
            run.write_text("settings.json", json_text({**(settings or {}), "format": FORMAT, "instruction": instruction}, 1))
        except OSError as error:
            raise SetupFault(f"The run folder {str(run.path)!r} cannot be written to: {error.strerror or error}.") from error
        return run

    @classmethod
    def open(cls, path: Path | str) -> RunFolder:
        """The run folder at `path`, finished or not.

        Raises:
            SetupFault: There is no folder, or it is not a run.
        """
        run = cls(Path(path))
        if not run.path.is_dir():
            siblings = [other.name for other in run.path.parent.iterdir()] if run.path.parent.is_dir() else []
            near = did_you_mean(run.path.name, siblings)
            raise SetupFault(f"There is no run folder {str(run.path)!r}.{near}")
        if not (run.path / "settings.json").is_file() or run.settings().get("format") != FORMAT:
            raise SetupFault(
                f"{str(run.path)!r} is not a run folder of this version: its settings.json does not say {FORMAT!r}."
            )
        return run

    def append(self, event: str, **data: object) -> Event:
        """Adds an event to the log: a stage's verb in the past tense, and what it led to."""
        return self._log.append(event, **data)

    def events(self) -> tuple[Event, ...]:
        """Everything that happened, in order."""
        return self._log.read()

    def settings(self) -> dict[str, Any]:
        """What decided how the run went."""
        return self._json("settings.json")

    def versions(self) -> dict[str, str]:
        """What the run was made with."""
        return self._json("versions.json") if (self.path / "versions.json").is_file() else {}

    def robot(self) -> RobotDescription | None:
        """The robot that moved, if it was recorded."""
        path = self.path / "robot.json"
        return self._read(path, lambda: RobotDescription.model_validate_json(path.read_bytes())) if path.is_file() else None

    @property
    def checkpoint(self) -> Path:
        """Where the loop keeps its checkpoints."""
        return self.path / "checkpoints.sqlite"

    @property
    def finished(self) -> bool:
        """Whether the run has come to its end."""
        return (self.path / "episode.json").is_file()

    def save_episode(self, episode: Episode) -> Path:
        """Writes how the run ended."""
        return self.write_text("episode.json", episode.model_dump_json(indent=1))

    def episode(self) -> Episode:
        """How the run ended.

        Raises:
            SetupFault: It has not ended.
            BadFile: What is written there is not an episode.
        """
        if not self.finished:
            events = self.events()
            last = (
                f"{len(events)} events were recorded, the last is {events[-1].name!r}." if events else "It recorded no event."
            )
            raise SetupFault(f"The run {str(self.path)!r} has not ended, or was cut off: it has no episode.json. {last}")
        path = self.path / "episode.json"
        return self._read(path, lambda: Episode.model_validate_json(path.read_bytes()))

    def save(self, kind: str, model: BaseModel) -> str:
        """Writes something that flowed between the stages to `kind/NNNN.json`; returns the name NNNN."""
        name = self._next_name(kind, ".json")
        self.write_text(f"{kind}/{name}.json", model.model_dump_json())
        return name

    def load(self, kind: str, name: str, model: type[SomeModel]) -> SomeModel:
        """What `save` wrote under that name."""
        path = self._place(kind, name, ".json")
        return self._read(path, lambda: model.model_validate_json(path.read_bytes()))

    def save_scene(self, scene: Scene) -> str:
        """Writes a scene; returns its name."""
        return self.save("scenes", scene)

    def load_scene(self, name: str) -> Scene:
        """The scene of that name."""
        return self.load("scenes", name, Scene)

    def save_trajectory(self, trajectory: JointTrajectory) -> str:
        """Writes a trajectory; returns its name."""
        name = self._next_name("trajectories", ".npz")
        write_trajectory(self.path / "trajectories" / f"{name}.npz", trajectory)
        return name

    def load_trajectory(self, name: str) -> JointTrajectory:
        """The trajectory of that name, exactly as it was saved."""
        path = self._place("trajectories", name, ".npz")
        return self._read(path, lambda: read_trajectory(path))

    def save_frames(self, frames: Iterable[CameraFrame], label: str) -> None:
        """Writes the pictures of one look under the label, which is the name of the scene that was seen in them."""
        for index, frame in enumerate(frames):
            stem = f"{_safe(label)}.{index}.{slug(frame.name)}"
            folder = self._folder("images")
            write_frame(folder / f"{stem}.png", folder / f"{stem}.npz", frame)

    def load_frames(self, label: str) -> tuple[CameraFrame, ...]:
        """The pictures of that label, camera by camera; none where none were taken."""
        pictures = (self.path / "images").glob(f"{_safe(label)}.*.png")
        return tuple(
            self._read(picture, partial(read_frame, picture, picture.with_suffix(".npz")))
            for picture in sorted(pictures, key=lambda path: int(path.name.split(".")[1]))
        )

    def write_text(self, name: str, text: str) -> Path:
        """Writes a file of the folder, whole or not at all."""
        path = self.path / name
        path.parent.mkdir(exist_ok=True)
        with atomic_write(path) as file:
            file.write(text.encode("utf-8", "backslashreplace"))
        return path

    def _folder(self, kind: str) -> Path:
        folder = self.path / _safe(kind)
        folder.mkdir(exist_ok=True)
        return folder

    def _next_name(self, kind: str, suffix: str) -> str:
        taken = [int(path.stem) for path in self._folder(kind).glob(f"*{suffix}") if path.stem.isdecimal()]
        return f"{max(taken, default=0) + 1:04d}"

    def _place(self, kind: str, name: str, suffix: str) -> Path:
        path = self.path / _safe(kind) / f"{_safe(name)}{suffix}"
        if not path.is_file():
            known = [other.stem for other in path.parent.glob(f"*{suffix}")]
            raise SetupFault(f"The run {str(self.path)!r} has no {kind}/{name}{suffix}.{did_you_mean(name, known)}")
        return path

    def _json(self, name: str) -> dict[str, Any]:
        path = self.path / name
        return self._read(path, lambda: dict(json.loads(path.read_bytes())))

    @staticmethod
    def _read(path: Path, reader: Callable[[], Anything]) -> Anything:
        try:
            return reader()
        except ValidationError as error:
            wrong = [f"{'.'.join(map(str, item['loc'])) or 'file'}: {item['msg']}." for item in error.errors()]
            raise BadFile(str(path), wrong) from error
        except (ValueError, TypeError, KeyError, OSError, EOFError, RecursionError, zipfile.BadZipFile) as error:
            raise BadFile(str(path), [f"It cannot be read: {error}."]) from error


def _safe(name: str) -> str:
    """The name itself, if it stays within its folder."""
    if not SAFE_NAME.fullmatch(name):
        raise SetupFault(f"{name!r} is not a name of something in a run folder: letters, digits, '-' and '_' are allowed.")
    return name
