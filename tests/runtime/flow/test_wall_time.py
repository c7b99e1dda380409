"""The wall time of a run ends it before the next motion begins, with everything in order."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from lmp.cli.exit_status import exit_status
from lmp.execution.executor import AT_REST
from lmp.record import RunFolder
from lmp.runtime.agent import Agent
from lmp.runtime.worlds import open_world
from lmp.schema.budget import Budget
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Subgoal
from lmp.stages import World


@pytest.fixture
def world() -> Iterator[World]:
    with open_world("kinematic:tabletop", seed=3) as opened:
        yield opened


def test_a_budget_that_is_used_up_at_once_moves_nothing(world: World, tmp_path: Path):
    before = world.robot.get_observation()
    episode = Agent(world).run(
        "put the red block in the bowl", out=tmp_path / "run", pictures=False, report=False, budget=Budget(seconds=0.001)
    )
    assert (episode.outcome, episode.verified, exit_status(episode)) == (Outcome.OUT_OF_BUDGET, False, 2)
    assert (episode.error or "").endswith(" s of the 0.0010 s budget are used")
    assert world.robot.get_observation() == before
    assert "moving" not in [event.name for event in RunFolder.open(tmp_path / "run").events()]


def test_between_two_subgoals_the_second_is_not_begun(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    now = [time.perf_counter()]
    monkeypatch.setattr("lmp.runtime.flow.telling.time", SimpleNamespace(perf_counter=lambda: now[0]))

    def much_later(_: World, __: Subgoal) -> None:
        now[0] += 1000.0

    episode = Agent(world).run(
        "put the red block in the bowl", out=tmp_path / "run", pictures=False, report=False, before_verify=much_later
    )
    assert (episode.outcome, exit_status(episode)) == (Outcome.OUT_OF_BUDGET, 1)
    assert [attempt.outcome for attempt in episode.attempts] == [Outcome.SUCCEEDED, Outcome.OUT_OF_BUDGET]
    assert [event.name for event in RunFolder.open(tmp_path / "run").events()].count("moving") == 1
    assert episode.hint == "red_block is still in the gripper."
    assert max(map(abs, world.robot.get_observation().velocities)) < AT_REST
    assert RunFolder.open(tmp_path / "run").episode() == episode
