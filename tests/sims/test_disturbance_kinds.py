"""What each kind of disturbance claims, measured in the world."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from scripted_hand import ScriptedHand

from lmp.errors import SetupFault
from lmp.lab.disturbances.at_once import strike_now
from lmp.lab.disturbances.disturber import Disturber
from lmp.robots.robot_file import load_robot
from lmp.runtime.agent import Agent
from lmp.schema.findings import Execution
from lmp.schema.plan import Subgoal
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.world_spec import WorldSpec
from lmp.sims.kinematic.kinematic_world import KinematicWorld
from lmp.sims.pybullet.pybullet_world import PyBulletWorld
from lmp.sims.world_report import world_report

PANDA = load_robot("panda")
WORLDS = {"pybullet": PyBulletWorld, "kinematic": KinematicWorld}
AnyWorld = PyBulletWorld | KinematicWorld


@pytest.fixture(params=sorted(WORLDS))
def world(request: pytest.FixtureRequest) -> Iterator[AnyWorld]:
    with WORLDS[request.param].open(WorldSpec(address="kinematic:tabletop", seed=3), PANDA) as opened:
        yield opened


def positions(world: AnyWorld) -> dict[str, np.ndarray]:
    return {thing.name: np.array(thing.position) for thing in world_report(world)}


def next_motion(agent: Agent, plan: tuple[Subgoal, ...], index: int) -> JointTrajectory:
    scene = agent.perceive()
    compiled = agent.compile(agent.ground(plan[index], scene), scene)  # type: ignore[arg-type]
    assert isinstance(compiled, JointTrajectory)
    return compiled


def pick_and_place(world: AnyWorld, disturber: Disturber, instruction: str) -> tuple[Agent, list[str], Execution]:
    """Follows the plan's motions until the disturbance has struck; the words, and how the last motion ended."""
    agent = Agent(world)
    plan = agent.decompose(instruction, agent.perceive())
    assert isinstance(plan, tuple)
    words: list[str] = []

    def ticked(fraction: float) -> None:
        words.extend(filter(None, [disturber.during(fraction * trajectory.duration)]))

    agent._ticked = ticked
    for index, subgoal in enumerate(plan):
        trajectory = next_motion(agent, plan, index)
        words.extend(filter(None, [disturber.before_motion(subgoal, trajectory, plan)]))
        execution = agent.execute(trajectory)
        if words or execution.outcome != "succeeded":
            break
    return agent, words, execution


def test_what_is_stolen_is_gone_until_the_saved_state_comes_back(world: AnyWorld, tmp_path) -> None:  # type: ignore[no-untyped-def]
    world.save(tmp_path / "before")
    before = world_report(world)
    strike_now(world, "steal", "red_block")
    assert {thing.name for thing in world_report(world)} == {thing.name for thing in before} - {"red_block"}
    assert "red_block" not in {thing.name for thing in world.scene().objects}
    world.settle(0.2)
    world.save(tmp_path / "after")
    world.restore(tmp_path / "before")
    assert world_report(world) == before
    assert world.disturbances == []
    world.restore(tmp_path / "after")
    assert "red_block" not in positions(world)
    assert world.disturbances == ["red_block vanished."]


def test_swapped_things_stand_where_the_other_stood(world: AnyWorld) -> None:
    before = positions(world)
    words = strike_now(world, "swap", "red_block").split()
    world.settle(0.3)
    after = positions(world)
    one, other = words[0], words[2]
    for first, second in ((one, other), (other, one)):
        assert after[first][:2] == pytest.approx(before[second][:2], abs=2e-3)
    rest = set(before) - {one, other}
    assert all(after[name] == pytest.approx(before[name], abs=1e-3) for name in rest)
    assert all(thing.touching == ("table",) for thing in world_report(world))


def test_what_is_knocked_leaves_the_hand_while_it_is_carried(world: AnyWorld) -> None:
    disturber = Disturber("knock:0.4", world)
    _, words, execution = pick_and_place(world, disturber, "put the red block in the bowl")
    assert words == ["red_block was torn out of the gripper with 0.40 m/s."]
    assert disturber.struck
    assert execution.outcome == "dropped"
    world.settle(1.0)
    fallen = next(thing for thing in world_report(world) if thing.name == "red_block")
    assert not fallen.held
    assert fallen.position[2] < 0.1


def test_what_turns_slippery_falls_and_can_be_taken_again() -> None:
    with PyBulletWorld.open(WorldSpec(address="pybullet:tabletop", seed=3), PANDA) as world:
        hand = ScriptedHand(world)
        hand.pick("red_block")
        height = positions(world)["red_block"][2]
        strike_now(world, "slip", "red_block")
        world.settle(0.1)
        assert positions(world)["red_block"][2] < height - 0.01
        world.settle(1.0)
        body = world.inventory.body("red_block").uid
        assert world.engine.getDynamicsInfo(body, -1)[1] == pytest.approx(0.6)
        hand.pick("red_block")
        assert next(thing.held for thing in world_report(world) if thing.name == "red_block")


def test_a_little_slip_is_held() -> None:
    with PyBulletWorld.open(WorldSpec(address="pybullet:tabletop", seed=3), PANDA) as world:
        ScriptedHand(world).pick("red_block")
        height = positions(world)["red_block"][2]
        strike_now(world, "slip:0.9", "red_block")
        world.settle(1.0)
        assert positions(world)["red_block"][2] == pytest.approx(height, abs=1e-3)


@pytest.mark.parametrize("instruction", ["put the red block in the bowl", "put the red block on the blue block"])
def test_what_occupies_the_goal_stands_on_or_in_it(world: AnyWorld, instruction: str) -> None:
    names = set(positions(world))
    support = "bowl" if "bowl" in instruction else "blue_block"
    _, words, _ = pick_and_place(world, Disturber("occupy:0.025", world), instruction)
    assert len(words) == 1
    (new,) = set(positions(world)) - names
    cube = next(thing for thing in world_report(world) if thing.name == new)
    assert cube.size == pytest.approx((0.025,) * 3)
    assert support in cube.touching
    assert np.hypot(*(positions(world)[new] - positions(world)[support])[:2]) < 0.06


@pytest.mark.parametrize("seed", [8, 9, 10])
def test_the_box_is_met_by_the_coming_motion_and_by_nothing_now(seed: int) -> None:
    with (
        PyBulletWorld.open(WorldSpec(address="pybullet:tabletop", seed=seed), PANDA) as world,
        PyBulletWorld.open(WorldSpec(address="pybullet:tabletop", seed=seed), PANDA) as other,
    ):
        disturber = Disturber("block-path:0.09", world)
        agent = Agent(world)
        plan = agent.decompose("put the red block in the bowl", agent.perceive())
        assert isinstance(plan, tuple)
        for index in range(len(plan)):
            trajectory = next_motion(agent, plan, index)
            if disturber.before_motion(plan[index], trajectory, plan):
                break
            agent.execute(trajectory)
        assert disturber.struck, disturber.postponed
        spec = world.inventory.added[0]
        uid = world.inventory.body(spec.name).uid
        assert not world.engine.getClosestPoints(uid, world.robot.uid, 0.02)
        assert min(spec.shape.size) >= 0.09  # type: ignore[union-attr]
        assert all(
            point[8] > -1e-6 for name in world.names for point in world.engine.getClosestPoints(uid, name, 0.0) if name != uid
        )
        other.add_object(spec, world.inventory.body(spec.name).pose)
        twin, depths = other.inventory.body(spec.name).uid, []
        for positions_then in trajectory.positions[::20]:
            for joint, position in zip(PANDA.joint_names, positions_then, strict=True):
                index = next(i for i in range(12) if other.engine.getJointInfo(other.robot.uid, i)[1].decode() == joint)
                other.engine.resetJointState(other.robot.uid, index, position)
            depths += [point[8] for point in other.engine.getClosestPoints(twin, other.robot.uid, 0.01)]
        assert min(depths) < -0.005


def test_in_a_world_without_forces_some_mean_nothing() -> None:
    with KinematicWorld.open(WorldSpec(address="kinematic:tabletop", seed=3), PANDA) as world:
        for kind in ("slip", "block-path"):
            with pytest.raises(SetupFault, match="needs friction and contact forces, and a KinematicWorld has none"):
                Disturber(kind, world)
            with pytest.raises(SetupFault, match="needs friction"):
                strike_now(world, kind, "red_block")


@pytest.mark.parametrize("kind", ["knock", "steal", "noise"])
def test_the_same_seed_is_the_same_disturbance(kind: str) -> None:
    def run() -> tuple[list[str], list[tuple[float, ...]]]:
        with KinematicWorld.open(WorldSpec(address="kinematic:tabletop", seed=5), PANDA) as world:
            _, words, _ = pick_and_place(world, Disturber(kind, world), "put the red block in the bowl")
            return words, [thing.position for thing in world_report(world)]

    first, second = run(), run()
    assert first == second
    assert first[0]
