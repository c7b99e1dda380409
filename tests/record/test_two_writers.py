"""One process writes to a run folder; a second one is told which it is, and a dead one is in nobody's way."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest
from small_record import cut_off, ended, in_a_child

from lmp.errors import SetupFault
from lmp.record import RunFolder
from lmp.record.check import check
from lmp.record.overview import runs_in
from lmp.record.prune import prunable, remove_run


@pytest.fixture
def held(tmp_path: Path):
    """A run folder that another process writes to, and that process."""

    def hold() -> None:
        with RunFolder.create(tmp_path / "runs" / "held", "go home"):
            (tmp_path / "ready").touch()
            signal.pause()

    child = in_a_child(hold)
    while not (tmp_path / "ready").exists():
        time.sleep(0.005)
    yield tmp_path / "runs" / "held", child
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def test_a_second_writer_is_told_who_the_first_is(held: tuple[Path, int]) -> None:
    folder, child = held
    before = sorted(folder.rglob("*"))
    for claim in (lambda: RunFolder.resume(folder), lambda: RunFolder.create(folder, "go home")):
        with pytest.raises(SetupFault, match=f"in use: process {child} writes to it"):
            claim()
    assert sorted(folder.rglob("*")) == before
    assert RunFolder.open(folder).writer == child, "who only reads needs no claim"
    assert RunFolder.open(folder).settings()["instruction"] == "go home"


def test_a_run_that_is_being_written_is_neither_checked_nor_removed(held: tuple[Path, int]) -> None:
    folder, _ = held
    (run,) = runs_in(folder.parent)
    assert run.state == "running"
    assert prunable([run], keep=0) == []
    with pytest.raises(SetupFault, match="in use"):
        remove_run(folder)
    assert folder.is_dir()
    found = check(folder)
    assert (found.faults, len(found.notes)) == ([], 1)


def test_two_claims_in_one_process_exclude_each_other(tmp_path: Path) -> None:
    folder = cut_off(tmp_path / "run")
    with RunFolder.resume(folder) as run:
        with pytest.raises(SetupFault, match=f"process {os.getpid()}"):
            RunFolder.resume(folder)
        run.append("went on")
    RunFolder.resume(folder).close()


def test_a_claim_ends_with_its_object(tmp_path: Path) -> None:
    RunFolder.create(tmp_path / "run", "go home")
    RunFolder.resume(tmp_path / "run").close()


def test_a_fork_of_the_writer_does_not_free_the_folder(tmp_path: Path) -> None:
    with RunFolder.create(tmp_path / "run", "go home") as run:
        assert os.waitpid(in_a_child(run.close), 0)[1] == 0
        assert run.writer == os.getpid()


def test_who_opened_a_run_to_read_cannot_write(tmp_path: Path) -> None:
    folder = cut_off(tmp_path / "run")
    run = RunFolder.open(folder)
    for write in (lambda: run.append("x"), lambda: run.write_text("x", "y"), lambda: run.save_world(Path.touch)):
        with pytest.raises(SetupFault, match="opened for reading"):
            write()
    assert check(folder).faults == []


def test_what_has_ended_or_never_began_is_not_taken_up(tmp_path: Path) -> None:
    with pytest.raises(SetupFault, match="has come to its end: succeeded"):
        RunFolder.resume(ended(tmp_path / "ended"))
    (cut_off(tmp_path / "cut") / "settings.json").unlink()
    with pytest.raises(SetupFault, match="was cut off before it began"):
        RunFolder.resume(tmp_path / "cut")


@pytest.mark.parametrize("form", ["lmp run 1", "lmp run 2"])
def test_a_record_of_another_format_is_refused_with_both_named(tmp_path: Path, form: str) -> None:
    folder = cut_off(tmp_path / "run")
    (folder / "log.jsonl").rename(folder / "events.jsonl")
    (folder / "settings.json").write_text(json.dumps({"format": form, "instruction": "go home"}))
    for opening in (RunFolder.open, RunFolder.resume, check):
        with pytest.raises(SetupFault, match=rf"its format is '{form}'; 'lmp run 3' is read"):
            opening(folder)
