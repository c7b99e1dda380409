"""One process writes to a run folder; a second one is told which it is, and a dead one is in nobody's way."""

from __future__ import annotations

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
    for claim in (lambda: RunFolder.take_up(folder), lambda: RunFolder.create(folder, "go home")):
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
    with RunFolder.take_up(folder) as run:
        with pytest.raises(SetupFault, match=f"process {os.getpid()}"):
            RunFolder.take_up(folder)
        run.append("went on")
    RunFolder.take_up(folder).close()


def test_a_claim_ends_with_its_object(tmp_path: Path) -> None:
    RunFolder.create(tmp_path / "run", "go home")
    RunFolder.take_up(tmp_path / "run").close()


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
        RunFolder.take_up(ended(tmp_path / "ended"))
    (cut_off(tmp_path / "cut") / "settings.json").unlink()
    with pytest.raises(SetupFault, match="was cut off before it began"):
        RunFolder.take_up(tmp_path / "cut")


def test_a_record_of_the_first_format_is_read_and_not_written(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"format": "lmp run 1", "instruction": "go home"}')
    line = '{"index": 0, "time": "2026-01-01T00:00:00+00:00", "seconds": 0.5, "event": "perceived", "data": {}}\n'
    (tmp_path / "events.jsonl").write_text(line + line[:20])
    assert [event.name for event in RunFolder.open(tmp_path).events()] == ["perceived"]
    found = check(tmp_path)
    assert (found.faults, "no hashes" in found.notes[0]) == ([], True)
    with pytest.raises(SetupFault, match=r"lmp run 1.*not gone on with"):
        RunFolder.take_up(tmp_path)
    (tmp_path / "events.jsonl").write_text("nonsense\n" + line)
    assert any("Line 1 is not an event" in fault for fault in check(tmp_path).faults)
