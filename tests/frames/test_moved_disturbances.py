"""Disturbances strike on the support and in the arm's frame, where worlds are moved, turned, and the arm on a pedestal."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from moved_scene import PANDA, moved, on_pedestal, spec_of

from lmp.errors import SetupFault
from lmp.lab.disturbances.at_once import strike_now
from lmp.lab.disturbances.disturber import Disturber
from lmp.meaning.directions import directions
from lmp.runtime.agent import Agent
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene
from lmp.schema.scene_file import SceneFile
from lmp.schema.trajectory import JointTrajectory
from lmp.sims.kinematic.kinematic_world import KinematicWorld
from lmp.sims.pybullet.pybullet_world import PyBulletWorld
from lmp.sims.scenes.loader import load_scene_file

ELSEWHERE = Pose.from_yaw((1.3, -0.8, 0.4), 2.2)
SCENES: dict[str, SceneFile] = {
    "turned": moved(on_pedestal(), ELSEWHERE),
    "pedestal": load_scene_file("pedestal"),
    "turned base": on_pedestal(T_scene_base=Pose.from_yaw((0.02, 0.03, 0.1), 0.2)),
}
UP = np.array([0.0, 0.0, 1.0])


def seen_by_the_arm(scene: Scene) -> dict[str, np.ndarray]:
    """Where the middles of all objects are in the arm's frame [m]."""
    return {item.name: directions(scene).coordinates(item.centre) for item in scene.objects if item.role != "support"}


def assert_all_stand(scene: Scene) -> None:
    """Nothing has left what carries objects here, and nothing is outside of the workspace."""
    for item in scene.objects:
        if item.role == "support" or item.held:
            continue
        under = [each for each in scene.objects if each.role == "support" and each.over(item.centre) >= 0.0]
        assert under, f"{item.name} is over no support"
        assert item.extent(-UP) < -min(each.extent(UP) for each in under) + 2e-3, f"{item.name} is below its support"
        assert scene.workspace.excess(item.centre) <= 0.02, f"{item.name} is outside of the workspace"


@pytest.mark.parametrize("kind", ["shift-target", "swap"])
@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_what_is_moved_stays_on_its_support_and_in_reach(kind: str, name: str, seed: int) -> None:
    with KinematicWorld.open(spec_of(SCENES[name], "kinematic", seed), PANDA) as world:
        before = world.scene()
        on = {item.name: item.touching for item in before.objects}
        try:
            strike_now(world, kind, "red_block")
        except SetupFault:
            assert kind == "swap" and name == "pedestal"  # with few objects none may fit
            return
        after = world.scene()
        assert_all_stand(after)
        assert {item.name: item.touching for item in after.objects}["red_block"] == on["red_block"]
        mine, then = seen_by_the_arm(before), seen_by_the_arm(after)
        changed = {one for one in mine if np.abs(mine[one] - then[one]).max() > 2e-3}
        assert "red_block" in changed and len(changed) == (1 if kind == "shift-target" else 2)


@pytest.mark.parametrize("kind", ["shift-target", "swap"])
def test_the_same_seed_does_the_same_as_the_arm_sees_it(kind: str) -> None:
    found = []
    for scene in (on_pedestal(), moved(on_pedestal(), ELSEWHERE)):
        with KinematicWorld.open(spec_of(scene, "kinematic", 4), PANDA) as world:
            words = strike_now(world, kind, "red_block")
            found.append((words, seen_by_the_arm(world.scene())))
    assert found[0][0] == found[1][0]
    for name, place in found[0][1].items():
        assert found[1][1][name] == pytest.approx(place, abs=1e-3)


def struck_while(world: Any, disturber: Disturber, instruction: str) -> list[str]:
    """Carries out a plan until the disturbance has struck; what it says."""
    agent, words = Agent(world), []
    plan = agent.decompose(instruction, agent.perceive())
    assert isinstance(plan, tuple), plan
    agent._ticked = lambda share: words.extend(filter(None, [disturber.during(share * trajectory.duration)]))
    for subgoal in plan:
        scene = agent.perceive()
        trajectory = agent.compile(agent.ground(subgoal, scene), scene)  # type: ignore[arg-type]
        assert isinstance(trajectory, JointTrajectory), str(trajectory)
        words.extend(filter(None, [disturber.before_motion(subgoal, trajectory, plan)]))
        if words or agent.execute(trajectory).outcome != "succeeded" or words:
            break
    return words


@pytest.mark.parametrize("name", ["turned", "pedestal"])
def test_what_occupies_the_goal_is_on_it(name: str) -> None:
    with KinematicWorld.open(spec_of(SCENES[name], "kinematic", 3), PANDA) as world:
        assert struck_while(world, Disturber("occupy:0.025", world), "put the red block in the bowl")
        after = world.scene()
        assert "bowl" in (after.get("box").touching or ())
        assert_all_stand(after)


@pytest.mark.parametrize("name", ["turned", "pedestal"])
def test_what_is_knocked_falls_where_the_arm_is(name: str) -> None:
    with KinematicWorld.open(spec_of(SCENES[name], "kinematic", 3), PANDA) as world:
        words = struck_while(world, Disturber("knock:0.3", world), "put the red block in the bowl")
        assert words == ["red_block was torn out of the gripper with 0.30 m/s."]
        world.settle(1.0)
        item = world.scene().get("red_block")
        assert not item.held and item.touching


def test_the_box_in_the_way_stands_where_the_arm_will_come() -> None:
    struck = 0
    for seed in (8, 9):
        with PyBulletWorld.open(spec_of(SCENES["turned"], "pybullet", seed), PANDA) as world:
            disturber = Disturber("block-path:0.09", world)
            if not struck_while(world, disturber, "put the red block in the bowl"):
                continue
            struck += 1
            scene = world.scene()
            box, space = scene.get("box"), scene.workspace
            assert space.excess(box.centre) <= 0.1
            said = disturber.words[0].partition("(")[2].partition(")")[0]
            place = [float(value) for value in said.split(",")]
            assert directions(scene).coordinates(np.array(box.pose.position)) == pytest.approx(place, abs=6e-3)
    assert struck
