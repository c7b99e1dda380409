"""Objects that drift are followed in every world that tells them in motion; the record replays; other worlds are as before."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import lmp
from lmp.lab.disturbances.drift import FARTHEST
from lmp.record import RunFolder
from lmp.runtime.default_parts import default_executor
from lmp.schema.outcome import Outcome
from lmp.schema.world_spec import WorldSpec

SENTENCE = "put the red block in the bowl"
WORLDS = ("pybullet:tabletop", "kinematic:tabletop")


def drifting(world: str) -> str:
    return f"{world}?disturb=drift"


@pytest.mark.parametrize("seed", [3, 9011])
@pytest.mark.parametrize("world", WORLDS)
def test_what_drifts_is_followed_and_recorded_as_it_was_commanded(tmp_path: Path, world: str, seed: int) -> None:
    episode = lmp.run(SENTENCE, world=drifting(world), seed=seed, out=tmp_path / "run", pictures=False)
    assert episode.outcome is Outcome.SUCCEEDED, episode.message
    assert episode.replans <= 1
    run = RunFolder.open(tmp_path / "run")
    assert [event.name for event in run.events()].count("disturbed") == 1
    followed = [each.execution for each in episode.attempts if each.execution is not None and each.execution.retargets]
    assert followed
    for execution in followed:
        assert execution.commanded is not None
        commanded = run.load_trajectory(execution.commanded)
        assert execution.velocity <= 1.0
        assert execution.acceleration <= 1.01  # Differences of commands of a blend, as of every motion.
        if execution.outcome is Outcome.SUCCEEDED:
            assert commanded.duration == pytest.approx(execution.duration)
    page = (tmp_path / "run" / "report.html").read_text()
    assert "another end of the segment under way" in page
    assert "the plot shows what was commanded" in page


@pytest.mark.parametrize("world", WORLDS)
def test_what_was_commanded_replays_in_a_fresh_world_without_a_look(tmp_path: Path, world: str) -> None:
    episode = lmp.run(SENTENCE, world=drifting(world), seed=3, out=tmp_path / "run", pictures=False)
    name = next(each.execution.commanded for each in episode.attempts if each.execution and each.execution.commanded)
    first = next(each for each in episode.attempts if each.execution and each.execution.commanded == name)
    commanded = RunFolder.open(tmp_path / "run").load_trajectory(name)
    segments = tuple(
        segment.model_copy(update={"expects": (), "takes": None, "carries": None}) for segment in commanded.segments
    )
    assert first is episode.attempts[0], "it begins at the rest posture"
    with lmp.open_world(world, seed=3) as fresh:
        for thing in fresh.scene().objects:
            if thing.movable:
                fresh.remove_object(thing.name)

        def blind() -> None:
            raise AssertionError("a replay looks at nothing")

        executor = default_executor(fresh, fresh.robot, blind, lambda fraction: None)  # type: ignore[arg-type]
        execution = executor.execute(commanded.model_copy(update={"segments": segments}))
        reached = np.array(fresh.observe().robot.positions)
    assert execution.duration == pytest.approx(commanded.duration)
    assert reached == pytest.approx(commanded.positions[-1], abs=5e-3)


def test_a_world_that_cannot_tell_objects_in_motion_is_as_it_was(tmp_path: Path) -> None:
    from lmp.lab.disturbances.disturbed_world import DisturbedWorld
    from lmp.sims.kinematic.kinematic_world import KinematicWorld

    class Blind(KinematicWorld):
        @property
        def tracking_hz(self) -> float:  # type: ignore[override]
            raise AttributeError("not while the arm moves")

    with lmp.open_world("kinematic:tabletop", seed=3) as known:
        spec, robot = known.spec, known.robot.description
    assert isinstance(spec, WorldSpec)
    world = DisturbedWorld(Blind.open(spec, robot), "drift")
    agent = lmp.Agent(world)
    assert agent.stages.follower is None
    episode = agent.run(SENTENCE, out=tmp_path / "run", pictures=False, report=False)
    assert all(not each.execution.retargets for each in episode.attempts if each.execution is not None)
    assert episode.replans >= 1


@pytest.mark.parametrize("world", WORLDS)
def test_a_drift_comes_as_far_as_it_says(world: str) -> None:
    from lmp.lab.disturbances.at_once import strike_now

    with lmp.open_world(world, seed=3) as opened:
        before = np.array(opened.scene().get("red_block").pose.position)
        words = strike_now(opened, "drift", "red_block")
        after = np.array(opened.scene().get("red_block").pose.position)
    assert words.startswith("red_block drifts at 3.0 cm/s for ")
    told = float(words.partition(" for ")[2].split(" cm")[0]) / 100
    assert np.linalg.norm((after - before)[:2]) == pytest.approx(told, abs=3e-3)
    assert told <= FARTHEST
    assert abs(after[2] - before[2]) < 2e-3
