"""The same scene elsewhere: moved, turned, the arm on a pedestal; and all that comes of a sentence in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from lmp.lab.truth.truth_snapshot import Snapshot
from lmp.robots.robot_file import load_robot
from lmp.runtime.agent import Agent
from lmp.schema.episode import History
from lmp.schema.findings import Verification
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.pose import Pose
from lmp.schema.scene_file import SceneFile
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.world_spec import WorldSpec
from lmp.sims.scenes.engines import with_scene
from lmp.sims.scenes.loader import load_scene_file
from lmp.sims.world_report import world_report

PANDA = load_robot("panda")


def spec_of(scene: SceneFile, engine: str, seed: int) -> WorldSpec:
    """The specification of a scene that is in no file."""
    return with_scene(WorldSpec(address=f"{engine}:tabletop", seed=seed), scene)


PEDESTAL = Pose(position=(0.0, 0.0, 0.1))
"""The base over the table top."""


def on_pedestal(name: str = "tabletop", T_scene_base: Pose = PEDESTAL) -> SceneFile:
    """A scene of the package with the arm raised over what things stand on."""
    return load_scene_file(name).model_copy(update={"T_scene_base": T_scene_base})


def moved(scene: SceneFile, T: Pose) -> SceneFile:
    """The scene with everything in it, the arm too, moved in the world."""
    return scene.model_copy(update={"T_world_scene": T @ scene.T_world_scene})


@dataclass(frozen=True)
class CarriedOut:
    """What a sentence led to."""

    subgoals: tuple[Subgoal, ...]
    trajectories: tuple[JointTrajectory, ...]
    verifications: tuple[Verification, ...]
    before: Snapshot
    after: Snapshot


def carried_out(world: Any, sentence: str) -> CarriedOut:
    """Each stage in turn, without recoveries: what is planned first is what is done."""
    agent, before = Agent(world), Snapshot(world.scene_file, world_report(world))
    first = agent.perceive()
    history = History(first_scene=first)
    subgoals = agent.decompose(sentence, first)
    assert not isinstance(subgoals, Refusal), subgoals
    trajectories, verifications = [], []
    for subgoal in subgoals:
        scene = agent.perceive()
        primitive = agent.ground(subgoal, scene, history)
        assert not isinstance(primitive, Refusal), primitive
        compiled = agent.compile(primitive, scene)
        assert isinstance(compiled, JointTrajectory), str(compiled)
        agent.execute(compiled)
        trajectories.append(compiled)
        verifications.append(agent.verify(subgoal, scene, agent.perceive()))
    world.settle(1.0)
    after = Snapshot(world.scene_file, world_report(world))
    return CarriedOut(tuple(subgoals), tuple(trajectories), tuple(verifications), before, after)


def assert_alike(mine: Any, other: Any) -> None:
    """Nested data that agree, numbers up to rounding."""
    if isinstance(mine, dict):
        assert mine.keys() == other.keys()
        for key in mine:
            assert_alike(mine[key], other[key])
    elif isinstance(mine, list | tuple):
        assert len(mine) == len(other)
        for one, two in zip(mine, other, strict=True):
            assert_alike(one, two)
    elif isinstance(mine, float):
        assert other == pytest.approx(mine, abs=2e-4)  # places are said in tenths of a millimetre
    else:
        assert mine == other


def assert_same_motion(mine: JointTrajectory, other: JointTrajectory, within: float = 5e-4) -> None:
    """The joints do the same, segment by segment; how long one takes is rounded to a sample [rad]."""
    assert mine.joint_names == other.joint_names
    assert [segment.name for segment in mine.segments] == [segment.name for segment in other.segments]
    for one, two in zip(mine.segments, other.segments, strict=True):
        assert two.end - two.start == pytest.approx(one.end - one.start, abs=2.5e-3)
        for share in np.linspace(0.0, 1.0, 11):
            now, then = (part.start + share * (part.end - part.start) for part in (one, two))
            assert other.at(then) == pytest.approx(mine.at(now), abs=within)
