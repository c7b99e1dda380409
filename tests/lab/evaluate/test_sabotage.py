from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmp.errors import UnknownName
from lmp.lab.evaluate import evaluate
from lmp.lab.evaluate.episode import Job, run_episode
from lmp.lab.evaluate.result import Result, Settings
from lmp.lab.evaluate.sabotage import KINDS, Sabotage
from lmp.lab.evaluate.source import InstructionSource, TaskSource
from lmp.lab.tasks.loader import load_task
from lmp.robots.robot_file import load_robot
from lmp.schema.plan import Subgoal
from lmp.schema.world_spec import WorldSpec
from lmp.sims.kinematic.kinematic_world import KinematicWorld
from lmp.sims.world_report import world_report

WORLD = KinematicWorld.open(WorldSpec(address="kinematic:tabletop", seed=1), load_robot("panda"))
START = next(thing.pose for thing in WORLD.scene().objects if thing.name == "red_block")
GOAL = Subgoal(description="", reasoning="", skill="place", objects=("red_block",), lasting=True)


def position(name: str) -> np.ndarray:
    return np.array(next(thing.position for thing in world_report(WORLD) if thing.name == name))


@given(kind=st.sampled_from(sorted(set(KINDS) - {"slide"})), seed=st.integers(0, 1000))
@settings(max_examples=12)
def test_every_kind_changes_the_object_and_only_it_within_two_verifications(kind: str, seed: int) -> None:
    WORLD.move_object("red_block", START)
    before = {thing.name: np.array(thing.position) for thing in world_report(WORLD)}
    sabotage = Sabotage(kind, seed, judge=lambda: True)
    sabotage(WORLD, GOAL)
    if not sabotage.done:
        sabotage(WORLD, GOAL)
    assert len(sabotage.done) == 1
    assert sabotage.truth is True
    turned = next(thing.pose for thing in WORLD.scene().objects if thing.name == "red_block").rotation - START.rotation
    assert np.linalg.norm(position("red_block") - before["red_block"]) > 0.02 or np.abs(turned).max() > 0.1
    assert all((position(name) == before[name]).all() for name in before if name != "red_block")


def test_what_need_not_last_is_left_alone() -> None:
    before = world_report(WORLD)
    sabotage = Sabotage("tip", 0)
    for _ in range(3):
        sabotage(WORLD, GOAL.model_copy(update={"lasting": False}))
        sabotage(WORLD, GOAL.model_copy(update={"objects": ("table",)}))
    assert world_report(WORLD) == before
    assert sabotage.done == []


def test_unknown_kinds_are_told() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'take_away'"):
        Sabotage("take_awy", 0)


def episode(task: str, seed: int, world: str, sabotage: str | None = None) -> Result:
    source = TaskSource(task=load_task(task))
    return run_episode(Job(source=source, seed=seed, settings=Settings(world=world, sabotage=sabotage)))


@pytest.mark.parametrize("kind", ["move", "lift", "tip", "take_away"])
def test_a_spoilt_success_is_not_verified(kind: str) -> None:
    result = episode("in", 1, "kinematic", kind)
    assert result.fault is None
    assert result.spoilt
    assert not result.false_success
    assert not result.verified


@pytest.mark.parametrize("world", ["kinematic", "pybullet"])
def test_an_episode_in_a_world_is_judged_by_its_truth(world: str) -> None:
    result = episode("in", 1, world)
    assert result.fault is None
    assert (result.verified, result.truth, result.false_success) == (True, True, False)
    assert "reaches" in result.why


def test_a_refusal_is_counted_by_its_reason_and_a_truth_that_holds_already_is_skipped() -> None:
    sources = [
        InstructionSource(instruction="put the red spoon in the bowl"),
        InstructionSource.model_validate({"instruction": "go", "truth": {"kind": "on", "object": "mug", "reference": "table"}}),
    ]
    summary = evaluate(sources, [1], world="kinematic")
    assert summary.total.refusals == {"absent": 1}
    assert summary.total.skipped == {"it is done already": 1}
    assert summary.total.done_before == 0.5
