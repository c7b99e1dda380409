"""Full disks, lost rights and vanished folders: one fault that says what to do, and nothing of what was there is lost."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from small_record import EPISODE, SETTINGS, cut_off, in_a_child, scene, trajectory, write

from lmp.errors import RecordFault, RobotFault, SetupFault
from lmp.record import RunFolder, record_faults
from lmp.record.check import check

WRITES: dict[str, Callable[[RunFolder], object]] = {
    "log.jsonl": lambda run: run.append("moved"),
    "scenes/": lambda run: run.save_scene(scene()),
    "trajectories/": lambda run: run.save_trajectory(trajectory()),
    "world/": lambda run: run.save_world(lambda path: path.write_bytes(b"state")),
    "report.html": lambda run: run.write_text("report.html", "page"),
    "episode.json": lambda run: run.save_episode(EPISODE),
}


def child_says(work: Callable[[], str]) -> str:
    """What the work says in a process of its own."""
    reader, writer = os.pipe()

    def say() -> None:
        try:
            words = work()
        except BaseException as error:
            words = f"{type(error).__name__}: {error}"
        os.write(writer, words.encode()[:60_000])

    child = in_a_child(say)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        words = file.read().decode()
    os.waitpid(child, 0)
    return words


@pytest.mark.parametrize("name", WRITES)
def test_a_run_folder_that_vanished_is_one_fault_and_is_not_made_anew(tmp_path: Path, name: str) -> None:
    with RunFolder.resume(cut_off(tmp_path / "run")) as run:
        run.append("began")
        shutil.rmtree(run.path)
        with pytest.raises(RecordFault, match=rf"{name}.*removed or moved while the run wrote to it"):
            WRITES[name](run)
        assert not run.path.exists()


def test_a_fault_of_the_record_stops_the_robot() -> None:
    assert issubclass(RecordFault, RobotFault)


@pytest.mark.parametrize("name", ["scenes", "trajectories", "world"])
def test_a_file_in_the_place_of_a_folder_is_one_fault(tmp_path: Path, name: str) -> None:
    with RunFolder.create(tmp_path / "run", "go") as run:
        (run.path / name).write_text("in the way")
        with pytest.raises(RecordFault, match=f"{name}/0001"):
            WRITES[f"{name}/"](run)
        (run.path / name).unlink()
        WRITES[f"{name}/"](run)
    assert check(run.path).faults == []


def test_a_log_that_something_else_wrote_to_is_one_fault(tmp_path: Path) -> None:
    with RunFolder.create(tmp_path / "run", "go") as run:
        run.append("began")
        run.log.path.write_text("")
        with pytest.raises(RecordFault, match=r"something else has changed it.*Nothing else may change"):
            run.append("moved")
        run.log.path.unlink()
        with pytest.raises(RecordFault):
            run.append("moved")
        run.log.path.symlink_to("/dev/full")
        with pytest.raises(RecordFault, match="not a plain file"):
            run.append("moved")


@pytest.mark.parametrize("limit", [1, 700, 1500, 4000, 9000])
def test_files_that_cannot_grow_are_one_fault_and_nothing_is_lost(tmp_path: Path, limit: int) -> None:
    """The system's own limit of a file's length stands for the full disk: writes fall short in the same places."""
    folder = tmp_path / "run"
    RunFolder.create(folder, "go", SETTINGS).close()

    def until_full() -> str:
        with RunFolder.resume(folder) as run:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
            try:
                for round_ in range(1000):
                    write(run, round_)
            except RecordFault as error:
                resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
                write(run, 7777)  # There is room again: the same record goes on.
                return str(error)
        return "nothing went wrong"

    words = child_says(until_full)
    assert "The record cannot be written" in words
    assert "File too large. Make room on that disk." in words
    assert f"`lmp resume {folder}` goes on" in words
    found = check(folder)
    assert found.faults == []
    assert list(folder.rglob("*.part")) == []
    with RunFolder.resume(folder) as run:
        write(run)
    assert check(folder).faults == []


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder that every user can reach, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o777)
        yield Path(place)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can take another user's rights")
def test_a_folder_that_may_not_be_written_is_one_fault_as_another_user(open_place: Path) -> None:

    def as_nobody() -> str:
        os.setuid(65534)
        run = RunFolder.create(open_place / "run", "go", SETTINGS)
        run.append("began")
        run.path.chmod(0o555)
        run.log.path.chmod(0o444)
        said = []
        for name in WRITES:
            try:
                WRITES[name](run)
            except RecordFault as error:
                said.append(str(error))
        return "\n".join(said)

    words = child_says(as_nobody).splitlines()
    assert len(words) == len(WRITES)
    assert all("Permission denied. Give yourself the right to write there." in line for line in words)
    assert [event.name for event in RunFolder.open(open_place / "run").events()] == ["began"]
    assert check(open_place / "run").faults == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can take another user's rights")
def test_a_place_that_may_not_be_written_is_refused_before_anything_begins(open_place: Path) -> None:
    folder = cut_off(open_place / "run")

    def as_nobody() -> str:
        os.setuid(65534)
        said = []
        for claim in (lambda: RunFolder.create(folder / "new", "go"), lambda: RunFolder.resume(folder)):
            try:
                claim()
            except SetupFault as error:
                said.append(str(error))
        return "\n".join(said)

    made, taken = child_says(as_nobody).splitlines()
    assert "cannot be made: Permission denied" in made
    assert "cannot be written to: Permission denied" in taken


def test_errors_of_the_checkpoints_are_faults_of_the_record(tmp_path: Path) -> None:
    unable = pytest.raises(RecordFault, match=r"steps\.sqlite: unable to open database file")
    with unable, record_faults(tmp_path, "steps.sqlite", (sqlite3.Error,)):
        sqlite3.connect(tmp_path / "nowhere" / "steps.sqlite")
    with pytest.raises(ValueError), record_faults(tmp_path, "x"):
        raise ValueError("a mistake is not turned into something else")
