"""A process that is killed while it writes leaves a record that is whole as far as it goes, and is gone on with."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType

import pytest
from small_record import SETTINGS, in_a_child, write

from lmp.cli.retold import retold
from lmp.errors import SetupFault
from lmp.record import RunFolder
from lmp.record.check import check
from lmp.record.claiming import has_lines

KILLS = 30
"""Processes that are killed; every fifth one from its first instant on, the others once they have written [count]."""
FIRST = 0.05
"""Time within which a process is killed that has not yet told how quick it is here [s]."""


def _killed_while_it_writes(begin: Callable[[], RunFolder], rounds: int, share: float) -> None:
    """Kills a process after so many rounds of writing and a share of the time that a round takes on this machine."""
    told, telling = os.pipe()

    def go_on() -> None:
        with begin() as run:
            for round_ in range(10_000):
                write(run, round_)
                os.write(telling, b".")

    started = time.monotonic()
    child = in_a_child(go_on)
    os.close(telling)
    for _ in range(rounds):
        assert os.read(told, 1), "it ended"
    time.sleep(share * ((time.monotonic() - started) / rounds if rounds else FIRST))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(told)


def test_every_record_is_readable_after_a_kill_and_goes_on(tmp_path: Path) -> None:
    rng, begun = random.Random(7), 0
    for number in range(KILLS):
        folder = tmp_path / str(number)
        _killed_while_it_writes(partial(RunFolder.create, folder, "go home", SETTINGS), number % 5, rng.random())
        if not has_lines(folder):
            continue  # Killed before there was anything to read.
        found, run = check(folder), RunFolder.open(folder)
        assert found.faults == [], found
        assert run.writer is None
        assert retold(run).outcome == "unfinished"
        states = run.names("world", ".state")
        if not run.begun:
            with pytest.raises(SetupFault, match="before it began"):
                RunFolder.resume(folder)
            continue
        begun += 1
        events = run.events()
        with RunFolder.resume(folder) as again:
            assert not states or again.newest_world() is not None
            write(again, 99)
        assert RunFolder.open(folder).events()[: len(events)] == events
        assert len(RunFolder.open(folder).events()) == len(events) + 2
        assert check(folder).faults == []
        assert list(folder.rglob("*.part")) == []
    assert begun >= KILLS - KILLS // 5


def test_a_run_is_killed_and_taken_up_many_times(tmp_path: Path) -> None:
    folder, rng = tmp_path / "run", random.Random(11)
    RunFolder.create(folder, "go home", SETTINGS).close()
    lengths = [0]
    for number in range(15):
        _killed_while_it_writes(partial(RunFolder.resume, folder), number % 2, rng.random())
        assert check(folder).faults == []
        lengths.append(len(RunFolder.open(folder).events()))
    assert lengths == sorted(lengths)
    assert lengths[-1] > 0


def test_ctrl_c_at_any_instant_leaves_the_record_right(tmp_path: Path) -> None:
    # In a process of its own: an interrupt at any instant may also hit what watches the tests, and leave its lock taken.
    child = in_a_child(lambda: _write_while_interrupted(tmp_path))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, (tmp_path / "complaint").read_text()
    interrupts, *lengths = (int(word) for word in (tmp_path / "told").read_text().split())
    found = RunFolder.open(tmp_path / "run").events()
    assert check(tmp_path / "run").faults == []
    assert [event.index for event in found] == list(range(len(found)))
    assert lengths == sorted(lengths)
    assert interrupts > 0


def _write_while_interrupted(folder: Path) -> None:
    """Writes 30 times, each time until an alarm at a random instant; tells the interrupts and the record's lengths."""
    sys.settrace(None)
    rng, interrupts, lengths = random.Random(5), 0, []

    def interrupt(number: int, frame: FrameType | None) -> None:
        signal.raise_signal(signal.SIGINT)

    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGALRM, interrupt)
    try:
        with RunFolder.create(folder / "run", "go home", SETTINGS) as run:
            for round_ in range(30):
                try:
                    signal.setitimer(signal.ITIMER_REAL, rng.uniform(0.001, 0.1))
                    write(run, round_)
                    signal.setitimer(signal.ITIMER_REAL, 0.0)
                except KeyboardInterrupt:
                    interrupts += 1
                assert check_while_writing(run) == []
                lengths.append(len(run.events()))
    except BaseException:
        (folder / "complaint").write_text(traceback.format_exc())
        raise
    (folder / "told").write_text(" ".join(map(str, (interrupts, *lengths))))


def check_while_writing(run: RunFolder) -> list[str]:
    """What a check would find if the process died now; the lock alone is in its way."""
    assert check(run.path).faults == []
    copy = run.path.parent / "copy"
    shutil.copytree(run.path, copy, ignore=shutil.ignore_patterns(".lock"))
    try:
        return check(copy).faults
    finally:
        shutil.rmtree(copy)
