"""A run as a folder: settings, versions, every stage's input and output, pictures, trajectories, and how it ended.

- settings.json, versions.json, robot.json, world.json: what it was made with
- log.jsonl: every event and every file with its hash, in order
- scenes/0001.json: what was seen
- images/0001.0.front.png, .npz: the pictures of that scene, camera by camera
- trajectories/0001.npz: what was compiled
- attempts/0001.json: what was tried and how it went
- exchanges/0001.json, exchanges/pictures/HASH.png: what was asked of models, the answers, the pictures that were sent
- world/0001.state: the newest states of a simulated world, to go on from
- checkpoints.sqlite: where the loop stood
- episode.json, report.html: how it ended

docs/records.md says what is guaranteed.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

from lmp.errors import SetupFault
from lmp.record import claiming, states
from lmp.record.artefacts import Artefacts
from lmp.record.claiming import RunLock, writer_of
from lmp.record.log import NAME as LOG
from lmp.record.log import Event
from lmp.record.plain_json import json_text
from lmp.record.record_fault import record_faults
from lmp.schema.episode import Episode
from lmp.schema.exchange import Exchange
from lmp.schema.robot import RobotDescription
from lmp.schema.world_spec import WorldSpec
from lmp.uninterrupted import uninterrupted


def versions() -> dict[str, str]:
    """Versions of Python, the system, this package and everything that it depends on directly, by name."""
    import platform
    from importlib import metadata

    found = {"python": platform.python_version(), "system": platform.platform()}
    try:
        requirements = metadata.requires("lmp-robotics") or []
    except metadata.PackageNotFoundError:
        return found
    names = [re.split(r"[\s<>=!~;\[(]", line, maxsplit=1)[0] for line in requirements if "extra ==" not in line]
    for name in ("lmp-robotics", *sorted(names)):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


EPISODE = "episode.json"


class RunFolder(Artefacts):
    """Writes the record of one run, and reads it. A writer has claimed the folder; a context manager gives it free.

    What cannot be written is a `RecordFault`; what cannot be read is a `BadFile`.

    Attributes:
        path: The folder.
    """

    def __init__(self, path: Path, lock: RunLock | None = None):
        super().__init__(path, lock)

    @classmethod
    def create(
        cls,
        out: Path | None,
        instruction: str,
        settings: Mapping[str, object] | None = None,
        robot: RobotDescription | None = None,
        parent: Path = Path("runs"),
        world: WorldSpec | None = None,
    ) -> Self:
        """A new run folder, claimed: `out`, or one with a name of its own in `parent`.

        Args:
            out: The folder; it must not exist or must be empty.
            instruction: What was said; part of the name.
            settings: Whatever decides how the run goes: seed, planner, budget, ...
            robot: The robot's limits, for the report.
            parent: Where the folder goes if `out` is None.
            world: How the world was opened, to open it again.

        Raises:
            SetupFault: It cannot be made, there is something in it, or another process has it.
        """
        path, lock = claiming.new_claim(out, parent, instruction)
        run = cls(path, lock=lock)
        with claiming.giving_up(lock, path):
            run.write_text("versions.json", json_text(versions(), indent=1))
            if robot is not None:
                run.write_text("robot.json", robot.model_dump_json(indent=1))
            if world is not None:
                run.write_text("world.json", world.model_dump_json(indent=1))
            # Last, since this file is what makes a folder a run that can be gone on with.
            # The number ties the log to this folder: two runs may have the same files.
            said = {**(settings or {}), "format": claiming.FORMAT, "id": secrets.token_hex(8), "instruction": instruction}
            run.write_text("settings.json", json_text(said, indent=1))
        return run

    @classmethod
    def open(cls, path: Path | str) -> Self:
        """The run folder at `path`, finished or not, for reading; another process may be writing to it.

        Raises:
            SetupFault: There is no folder, or it is not a run.
        """
        claiming.check_format(Path(path))
        return cls(Path(path))

    @classmethod
    def resume(cls, path: Path | str) -> Self:
        """The run folder of a run that was cut off, claimed, to go on with; what a kill left half done is put in order.

        Raises:
            SetupFault: It is not a run, is damaged, has come to its end, cannot be written, or another process has it.
        """
        found = cls.open(path)
        lock = claiming.claim(found.path)
        run = cls(found.path, lock=lock)
        with claiming.giving_up(lock, run.path):
            if run.finished:
                raise SetupFault(
                    f"The run {str(path)!r} has come to its end: {run.episode().outcome.value}. See `lmp show {path}`."
                )
            if not run.begun:
                raise SetupFault(f"The run {str(path)!r} was cut off before it began: nothing was moved. Run it again.")
            claiming.put_in_order(run.path, run.log)
        return run

    def close(self) -> None:
        """Gives the folder free; nothing more can be written."""
        if self._lock is not None:
            self._lock.release()
        self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def writer(self) -> int | None:
        """The process that writes to it now [pid]; 0 if it is not known which, None if there is none."""
        return writer_of(self.path)

    def append(self, event: str, **data: object) -> Event:
        """Adds an event to the log: a stage's verb in the past tense, and what it led to."""
        self._check_claim()
        with uninterrupted(), record_faults(self.path, LOG):
            return self.log.append(event, **data)

    def events(self) -> tuple[Event, ...]:
        """Everything that happened, in order."""
        return self.log.events()

    def settings(self) -> dict[str, Any]:
        """The settings that decided how the run went; empty if it was cut off before they were written."""
        return self._json("settings.json")

    def versions(self) -> dict[str, str]:
        """Versions of what the run was made with."""
        return self._json("versions.json")

    def robot(self) -> RobotDescription | None:
        """The robot that moved, if it was recorded."""
        return self._optional("robot.json", RobotDescription)

    def world(self) -> WorldSpec | None:
        """The way in which the world was opened, if it was recorded."""
        return self._optional("world.json", WorldSpec)

    @property
    def checkpoint(self) -> Path:
        """Place of the loop's checkpoints."""
        return self.path / states.CHECKPOINTS

    @property
    def begun(self) -> bool:
        """True if all that it was made with is written; before that nothing happens."""
        return (self.path / "settings.json").is_file()

    @property
    def finished(self) -> bool:
        """True if the run has come to its end."""
        return (self.path / EPISODE).is_file()

    def save_episode(self, episode: Episode) -> Path:
        """Writes how the run ended. This seals the record: the log and the checkpoints are as they will stay."""
        self._check_claim()
        if self.checkpoint.is_file():
            with record_faults(self.path, states.CHECKPOINTS):
                states.merge_checkpoints(self.checkpoint)
                self.log.settle(states.CHECKPOINTS)
        return self.write_text(EPISODE, episode.model_dump_json(indent=1))

    def episode(self) -> Episode:
        """The end of the run, as an episode.

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
        return self._files.read(EPISODE, lambda file: Episode.model_validate_json(file.read()))

    def save_exchange(self, exchange: Exchange, pictures: Mapping[str, bytes]) -> str:
        """Writes what was asked of a model and its answers, and the pictures that went along, by hash; returns its name."""
        from lmp.record import exchanges  # Most runs ask no model.

        self._check_claim()
        return exchanges.save(self._files, self._next_name(exchanges.KIND, ".json"), exchange, pictures)

    def load_exchanges(self) -> tuple[Exchange, ...]:
        """All exchanges with models, in order."""
        from lmp.record import exchanges

        return tuple(self.load(exchanges.KIND, name, Exchange) for name in self.names(exchanges.KIND))

    def load_picture(self, sha256: str) -> bytes:
        """A picture that was sent to a model, as its PNG file, by its hash."""
        from lmp.record import exchanges

        return exchanges.picture(self._files, sha256)

    def save_world(self, save: Callable[[Path], None]) -> str:
        """Has `save` write the state of the world to a path, and keeps the newest few; returns its name."""
        self._check_claim()
        return states.save_world(self._files, self._next_name("world", states.SUFFIX), save)

    def newest_world(self) -> Path | None:
        """The newest state of the world that is as it was written; None if there is none."""
        return states.newest_world(self._files)
