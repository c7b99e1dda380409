"""What an evaluation says of disturbed episodes."""

from __future__ import annotations

import pytest

from lmp.errors import SetupFault, UnknownName
from lmp.lab.disturbances.kinds import DISTURBANCES
from lmp.lab.evaluate.disturbed import disturbed_rows
from lmp.lab.evaluate.episode import Job, run_episode
from lmp.lab.evaluate.evaluation import evaluate
from lmp.lab.evaluate.reachable import out_of_reach
from lmp.lab.evaluate.result import Result, Settings
from lmp.lab.evaluate.source import InstructionSource, TaskSource
from lmp.lab.evaluate.wilson import wilson_interval
from lmp.lab.tasks.loader import load_task
from lmp.lab.truth.truth_snapshot import Snapshot
from lmp.robots.robot_file import load_robot
from lmp.schema.pose import Pose
from lmp.schema.world_spec import WorldSpec
from lmp.sims.kinematic.kinematic_world import KinematicWorld
from lmp.sims.world_report import world_report


def episode(kind: str, seed: int = 1) -> Result:
    source = TaskSource(task=load_task("in"))
    return run_episode(Job(source=source, seed=seed, settings=Settings(world="kinematic", disturb=kind)))


def test_a_stolen_object_is_out_of_reach_and_refused_rightly() -> None:
    result = episode("steal")
    assert result.disturbed.endswith("vanished.")
    assert (result.reachable, result.right_refusal, result.verified, result.false_success) == (False, True, False, False)
    assert "is gone" in result.why
    assert result.rules


def test_a_shifted_object_is_reachable_and_its_episode_a_success() -> None:
    result = episode("shift-target")
    assert (result.reachable, result.right_refusal, result.verified, result.truth) == (True, False, True, True)
    assert max(result.velocity, result.acceleration) > 0.0
    assert not result.over_limit


def test_reach_ends_at_the_workspace_and_at_the_edge_of_the_table() -> None:
    with KinematicWorld.open(WorldSpec(address="kinematic:tabletop", seed=1), load_robot("panda")) as world:
        assert out_of_reach(["red_block", "bowl"], Snapshot(world.scene_file, world_report(world))) is None
        world.move_object("red_block", Pose(position=(0.85, 0.0, 0.02)))
        assert "outside of the workspace" in str(out_of_reach(["red_block"], Snapshot(world.scene_file, world_report(world))))
        world.move_object("red_block", Pose(position=(0.5, 0.0, -0.6)))
        assert "fallen off what carried it" in str(out_of_reach(["red_block"], Snapshot(world.scene_file, world_report(world))))
        assert out_of_reach(["bowl"], Snapshot(world.scene_file, world_report(world))) is None


def test_a_row_counts_what_never_struck_apart() -> None:
    job = Job(source=InstructionSource(instruction="a"), seed=0, settings=Settings(disturb="knock"))
    struck = {"disturbed": "torn out"}
    results = [
        job.result(outcome="succeeded", verified=True, truth=True, **struck, rules=("dropped: again",), velocity=0.5),
        job.result(outcome="dropped", truth=False, **struck, rules=("dropped: again", "dropped: stop")),
        job.result(outcome="succeeded", verified=True, truth=True),
        job.result(outcome="out_of_reach", truth=False, **struck, reachable=False, right_refusal=True),
        job.result(outcome="dropped", truth=False, **struck, reachable=False, acceleration=1.01),
        job.result(outcome="succeeded", verified=True, truth=False, **struck),
        job.result(fault="RobotFault: gone"),
        job.result(skipped="it is done already"),
    ]
    (row,) = disturbed_rows(results)
    assert (row.kind, row.episodes, row.struck, row.reachable, row.successes) == ("knock", 7, 5, 4, 1)
    assert (row.success_low, row.success_high) == wilson_interval(1, 4)
    assert (row.unreachable, row.right_refusals, row.false_successes, row.over_limit, row.faults) == (2, 1, 1, 1, 1)
    assert (row.velocity, row.acceleration) == (0.5, 1.01)
    assert row.failures == {"dropped": 1, "succeeded": 1}
    assert row.rules == {"dropped: again": 2, "dropped: stop": 1}


def test_all_is_every_kind_in_turn_and_wrong_kinds_are_told_before_anything_runs() -> None:
    seen: list[str | None] = []

    def run(job: Job) -> Result:
        seen.append(job.settings.disturb)
        return job.result(outcome="succeeded", verified=True)

    summary = evaluate(["a"], [1, 2], disturb="all", run=run)
    assert seen == [kind for kind in DISTURBANCES for _ in range(2)]
    assert [row.kind for row in summary.disturbed] == list(DISTURBANCES)
    for wrong, error in (("knok", UnknownName), ("knock:fast", SetupFault)):
        with pytest.raises(error):
            evaluate(["a"], [1], disturb=wrong, run=run)
    assert len(seen) == 2 * len(DISTURBANCES)
