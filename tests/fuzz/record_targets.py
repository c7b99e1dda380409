"""Files of a run's record, of an evaluation and of a saved world that were damaged, or written by somebody else."""

from __future__ import annotations

import functools
import json
import shutil
import sys
from pathlib import Path

from file_targets import folder, told
from fuzz_target import Target, corpus
from hypothesis import strategies as st
from mutation import changed_bytes

from lmp.errors import LmpError
from lmp.lab.evaluate.ledger import Ledger
from lmp.lab.evaluate.source import read_sources
from lmp.lab.tasks import loader
from lmp.record import RunFolder
from lmp.runtime.worlds import open_world
from lmp.schema.episode import Attempt
from lmp.sims.world_report import world_report
from lmp.stages import World

sys.path.append(str(Path(__file__).parents[1] / "record"))
import small_record


@functools.cache
def sound() -> tuple[Path, dict[str, bytes]]:
    """A record, and its files that are read."""
    path = small_record.ended(folder() / "sound")
    kept = {str(file.relative_to(path)): file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file()}
    return path, {name: content for name, content in kept.items() if not name.endswith((".html", ".sqlite"))}


def check_record(case: tuple[str, bytes]) -> None:
    """Everything that a record holds can be read, or it is said which file is wrong."""
    name, content = case
    path = folder() / "damaged"
    shutil.rmtree(path, ignore_errors=True)
    shutil.copytree(sound()[0], path)
    (path / name).write_bytes(content)

    def episode(run: RunFolder) -> None:
        run.episode().model_dump_json()

    def pieces(run: RunFolder) -> None:
        for label in run.names("scenes"):
            run.load_scene(label)
            run.load_frames(label)

    def trajectories(run: RunFolder) -> None:
        for label in run.names("trajectories", ".npz"):
            assert run.load_trajectory(label).duration > 0

    def attempts(run: RunFolder) -> None:
        for label in run.names("attempts"):
            run.load("attempts", label, Attempt)

    for reader in (
        episode,
        pieces,
        trajectories,
        attempts,
        RunFolder.events,
        RunFolder.settings,
        RunFolder.versions,
        RunFolder.robot,
    ):
        try:
            reader(RunFolder.open(path))
        except LmpError as error:
            told(error)


def _damaged() -> st.SearchStrategy[tuple[str, bytes]]:
    files = sound()[1]
    return st.sampled_from(sorted(files)).flatmap(lambda name: st.tuples(st.just(name), changed_bytes([files[name]])))


def check_saved_world(data: bytes) -> None:
    """A world goes into the state, or stays as it was and says what is wrong."""
    path = folder() / "state"
    path.write_bytes(data)
    try:
        world().restore(path)
    except LmpError as error:
        told(error)
    world_report(world())
    world().observe()


@functools.cache
def world() -> World:
    return open_world("kinematic:tabletop", seed=3)


@functools.cache
def saved_world() -> bytes:
    world().save(folder() / "saved")
    return (folder() / "saved").read_bytes()


def check_sources(data: bytes) -> None:
    """Instructions and tasks to evaluate, or the file is refused."""
    suffix = ".jsonl" if data.lstrip()[:1] == b"{" else ".txt" if b"=" not in data[:200] else ".toml"
    path = folder() / f"sources{suffix}"
    path.write_bytes(data)
    try:
        assert all(source.label for source in read_sources(path))
    except LmpError as error:
        told(error)


def check_ledger(data: bytes) -> None:
    """Results of an evaluation, or the file is refused."""
    path = folder() / "results.jsonl"
    path.write_bytes(data)
    try:
        Ledger(path)
    except LmpError as error:
        told(error)


SOURCES = [
    b"put the red block in the bowl\n# a comment\ntake the mug\n",
    json.dumps({"instruction": "take it", "truth": {"kind": "held", "object": "red_block"}, "world": "tabletop"}).encode(),
    *((loader.FOLDER / f"{name}.toml").read_bytes() for name in loader.task_names()),
]
RECORD_TARGETS = (
    Target("record", st.deferred(_damaged), check_record, seconds=10.0, text=False),
    Target("saved-world", st.deferred(lambda: changed_bytes([saved_world()])), check_saved_world, seconds=10.0, examples=20),
    Target("sources", changed_bytes([*SOURCES, *corpus("sources")]), check_sources),
    Target("ledger", changed_bytes([b'{"key": "a"}\n', *corpus("ledger")]), check_ledger),
)
