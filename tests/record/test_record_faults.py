"""A record that breaks while the robot is at work: the arm comes to rest, the episode comes back, what was written stays."""

from __future__ import annotations

import os
import resource
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lmp.cli.exit_status import BROKEN, exit_status
from lmp.record import RunFolder
from lmp.record.check import check
from lmp.runtime.agent import Agent
from lmp.runtime.flow.telling import Silence
from lmp.runtime.worlds import open_world
from lmp.schema.episode import Episode
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Subgoal
from lmp.stages import World

SENTENCE = "put the red block in the bowl"


@pytest.fixture
def world() -> Iterator[World]:
    with open_world("kinematic:tabletop", seed=3) as opened:
        yield opened


def run(world: World, folder: Path, breaking: Callable[[], object]) -> Episode:
    """A run whose record is broken before the first verification: just after the first motion."""

    def before_verify(_: World, subgoal: Subgoal) -> None:
        breaking()

    return Agent(world).run(SENTENCE, out=folder, pictures=False, report=False, before_verify=before_verify)


def check_ended_well(world: World, episode: Episode, words: str) -> None:
    assert (episode.outcome, episode.verified) == (Outcome.RECORD_FAILED, False)
    assert words in (episode.error or "")
    assert "red_block is still in the gripper" in episode.hint
    assert [attempt.outcome for attempt in episode.attempts] == [Outcome.RECORD_FAILED]
    assert exit_status(episode) == BROKEN
    state = world.observe().robot
    assert max(map(abs, state.velocities)) < 1e-3, "the arm is at rest"


def test_the_run_folder_vanishes(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    episode = run(world, folder, lambda: shutil.rmtree(folder))
    check_ended_well(world, episode, "was removed or moved while the run wrote to it")
    assert not folder.exists(), "half a record is not made in its place"


def test_the_run_folder_vanishes_while_the_arm_moves(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "run"

    class Breaker(Silence):
        def event(self, name: str, **data: object) -> None:
            if name == "moving":
                shutil.rmtree(folder)

    episode = Agent(world, listener=Breaker()).run(SENTENCE, out=folder, pictures=False, report=False)
    assert episode.outcome is Outcome.RECORD_FAILED
    assert max(map(abs, world.observe().robot.velocities)) < 1e-3, "the arm is at rest"
    assert not folder.exists()


def test_the_log_is_replaced(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    episode = run(world, folder, lambda: (folder / "log.jsonl").write_text("{}\n"))
    check_ended_well(world, episode, "Nothing else may change the folder")


def test_the_disk_is_full(world: World, tmp_path: Path) -> None:
    """The system's limit of a file's length stands for the full disk; the run goes on from its record afterwards."""
    folder, unlimited = tmp_path / "run", resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        episode = run(world, folder, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, unlimited[1])))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
    check_ended_well(world, episode, "`lmp resume")
    assert check(folder).faults == []
    assert not RunFolder.open(folder).finished
    again = Agent(world).resume(folder)
    assert (again.outcome, again.verified) == (Outcome.SUCCEEDED, True)
    assert check(folder).faults == []


def test_only_the_checkpoints_cannot_be_written(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    episode = run(world, folder, lambda: os.truncate(folder / "checkpoints.sqlite", 100))
    assert episode.outcome in (Outcome.RECORD_FAILED, Outcome.SUCCEEDED), "SQLite may have all that it needs in memory"
    if episode.outcome is Outcome.RECORD_FAILED:
        check_ended_well(world, episode, "checkpoints.sqlite")


def test_the_end_alone_cannot_be_written(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    episode = run(world, folder, lambda: (folder / "episode.json").mkdir(exist_ok=True))
    assert (episode.outcome, exit_status(episode)) == (Outcome.RECORD_FAILED, BROKEN)
    assert "The run itself: succeeded" in (episode.error or "")
    (folder / "episode.json").rmdir()
    assert check(folder).faults == []
