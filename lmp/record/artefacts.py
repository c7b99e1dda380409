"""The artefacts of a run folder: scenes, trajectories, pictures, attempts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import numpy as np
from pydantic import BaseModel

from lmp.errors import SetupFault, did_you_mean
from lmp.record.claiming import RunLock, slug
from lmp.record.log import Log
from lmp.record.plain_json import ARRAYS
from lmp.record.stored_files import StoredFiles
from lmp.schema.camera_frame import CameraFrame
from lmp.schema.scene import Scene
from lmp.schema.trajectory import JointTrajectory

IMAGES = {"rgb", "depth", "segmentation"}


def write_numbers(file: BinaryIO, frame: CameraFrame) -> None:
    """Writes depth, segmentation, labels, intrinsics and pose as npz."""
    meta = json.dumps(frame.model_dump(mode="json", exclude=IMAGES))
    np.savez_compressed(file, meta=np.array(meta), depth=frame.depth, segmentation=frame.segmentation)


def write_picture(file: BinaryIO, frame: CameraFrame) -> None:
    """Writes the colours as PNG; nothing is lost."""
    from PIL import Image

    Image.fromarray(frame.rgb).save(file, format="PNG", compress_level=3)


def check_colours(frame: CameraFrame) -> None:
    """Refuses colours that a picture cannot hold.

    Raises:
        SetupFault: The colours are not bytes of shape (height, width, 3).
    """
    rgb = frame.rgb
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or 0 in rgb.shape:
        raise SetupFault(
            f"Camera {frame.name!r} gave colours of type {rgb.dtype} and shape {rgb.shape}; uint8 (height, width, 3) is needed."
        )


def read_frame(picture: BinaryIO, numbers: BinaryIO) -> CameraFrame:
    """The frame of two files.

    Raises:
        ValueError, KeyError, OSError, zipfile.BadZipFile: The files are not ours.
    """
    from PIL import Image

    with np.load(numbers, allow_pickle=False) as file, Image.open(picture) as image:
        fields = json.loads(str(file["meta"]))
        images = {"rgb": np.asarray(image), "depth": file["depth"], "segmentation": file["segmentation"]}
        return CameraFrame.model_validate({**fields, **images})


def write_trajectory(file: BinaryIO, trajectory: JointTrajectory) -> None:
    """Writes the trajectory; every number comes back exactly."""
    meta = trajectory.model_dump(mode="json", exclude=ARRAYS)
    arrays = {name: getattr(trajectory, name) for name in sorted(ARRAYS)}
    np.savez(file, meta=np.array(json.dumps(meta)), **arrays)


def read_trajectory(source: BinaryIO) -> JointTrajectory:
    """The trajectory of a file.

    Raises:
        ValueError, KeyError, OSError, zipfile.BadZipFile: The file is not one of ours.
    """
    with np.load(source, allow_pickle=False) as file:
        fields = json.loads(str(file["meta"]))
        return JointTrajectory.model_validate({**fields, **{name: file[name] for name in ARRAYS}})


SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
SomeModel = TypeVar("SomeModel", bound=BaseModel)


class Artefacts:
    """Saves and loads by kind and name. What cannot be written is a `RecordFault`; what cannot be read is a `BadFile`.

    Attributes:
        path: The run folder.
        log: Its events, and its files with their hashes.
    """

    def __init__(self, path: Path, lock: RunLock | None):
        self.path, self.log = path, Log(path)
        self._files = StoredFiles(path, self.log)
        self._lock = lock

    def save(self, kind: str, model: BaseModel) -> str:
        """Writes something that flowed between the stages to `kind/NNNN.json`; returns the name NNNN."""
        name = self._next_name(kind, ".json")
        self.write_text(f"{kind}/{name}.json", model.model_dump_json())
        return name

    def names(self, kind: str, suffix: str = ".json") -> tuple[str, ...]:
        """The names of everything that was saved of a kind, in order."""
        return tuple(sorted(path.stem for path in (self.path / _safe(kind)).glob(f"[!.]*{suffix}")))

    def load(self, kind: str, name: str, model: type[SomeModel]) -> SomeModel:
        """Load what `save` wrote under that name."""
        return self._files.read(self._place(kind, name, ".json"), lambda file: model.model_validate_json(file.read()))

    def save_scene(self, scene: Scene) -> str:
        """Writes a scene; returns its name."""
        return self.save("scenes", scene)

    def load_scene(self, name: str) -> Scene:
        """The scene of that name."""
        return self.load("scenes", name, Scene)

    def save_trajectory(self, trajectory: JointTrajectory) -> str:
        """Writes a trajectory; returns its name."""
        self._check_claim()
        name = self._next_name("trajectories", ".npz")
        with self._files.file_to_write(f"trajectories/{name}.npz") as file:
            write_trajectory(file, trajectory)
        return name

    def load_trajectory(self, name: str) -> JointTrajectory:
        """The trajectory of that name, exactly as it was saved."""
        return self._files.read(self._place("trajectories", name, ".npz"), read_trajectory)

    def save_frames(self, frames: Iterable[CameraFrame], label: str) -> None:
        """Writes the pictures of one look under the label, which is the name of the scene that was seen in them."""
        self._check_claim()
        for index, frame in enumerate(frames):
            stem = f"images/{_safe(label)}.{index}.{slug(frame.name)}"
            check_colours(frame)
            # The picture last: where it is, its numbers are.
            with self._files.file_to_write(f"{stem}.npz") as file:
                write_numbers(file, frame)
            with self._files.file_to_write(f"{stem}.png") as file:
                write_picture(file, frame)

    def load_frames(self, label: str) -> tuple[CameraFrame, ...]:
        """The pictures of that label, camera by camera; none where none were taken."""
        stems = [f"images/{path.stem}" for path in (self.path / "images").glob(f"{_safe(label)}.*.png")]

        def load(stem: str) -> CameraFrame:
            read = self._files.read
            return read(f"{stem}.npz", lambda numbers: read(f"{stem}.png", lambda picture: read_frame(picture, numbers)))

        return tuple(load(stem) for stem in sorted(stems, key=lambda stem: int(stem.split(".")[1])))

    def write_text(self, name: str, text: str) -> Path:
        """Writes a file of the folder, whole or not at all."""
        self._check_claim()
        with self._files.file_to_write(name) as file:
            file.write(text.encode("utf-8", "backslashreplace"))
        return self.path / name

    def _check_claim(self) -> None:
        if self._lock is None:
            raise SetupFault(f"The run folder {str(self.path)!r} was opened for reading; RunFolder.resume goes on with it.")

    def _next_name(self, kind: str, suffix: str) -> str:
        taken = [int(name) for name in self.names(kind, suffix) if name.isdecimal()]
        return f"{max(taken, default=0) + 1:04d}"

    def _place(self, kind: str, name: str, suffix: str) -> str:
        place = f"{_safe(kind)}/{_safe(name)}{suffix}"
        if not (self.path / place).is_file():
            raise SetupFault(f"The run {str(self.path)!r} has no {place}.{did_you_mean(name, self.names(kind, suffix))}")
        return place

    def _optional(self, name: str, model: type[SomeModel]) -> SomeModel | None:
        if not (self.path / name).is_file():
            return None
        return self._files.read(name, lambda file: model.model_validate_json(file.read()))

    def _json(self, name: str) -> dict[str, Any]:
        return self._files.read(name, lambda file: dict(json.load(file))) if (self.path / name).is_file() else {}


def _safe(name: str) -> str:
    """The name itself, if it stays within its folder."""
    if not SAFE_NAME.fullmatch(name):
        raise SetupFault(f"{name!r} is not a name of something in a run folder: letters, digits, '-' and '_' are allowed.")
    return name
