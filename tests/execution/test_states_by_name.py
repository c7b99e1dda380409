"""States of robots are read by joint name, whatever their order, from perception to the compiled motion."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

import lmp
from lmp.errors import RobotFault, SetupFault, UnknownName
from lmp.runtime.agent import Agent
from lmp.runtime.worlds import open_world
from lmp.schema.scene import RobotState
from lmp.stages import World


@pytest.fixture
def world() -> Iterator[World]:
    with open_world("kinematic:tabletop", seed=3) as opened:
        yield opened


def test_a_motion_starts_where_the_arm_is_in_whatever_order_its_joints_are_told(world: World) -> None:
    agent = Agent(world)
    scene = agent.perceive()
    state = scene.robot
    order = [4, 0, 6, 2, 5, 1, 3]
    told = RobotState(
        joint_names=("rail", *(state.joint_names[index] for index in order)),
        positions=(7.0, *(state.positions[index] for index in order)),
        velocities=(0.0,) * 8,
        gripper_width=state.gripper_width,
    )
    shuffled = scene.model_copy(update={"robot": told})
    [pick, *_] = agent.decompose("pick up the red block", scene)  # type: ignore[misc]
    motions = [agent.compile(agent.ground(pick, one), one) for one in (scene, shuffled)]  # type: ignore[arg-type]
    assert all(isinstance(motion, lmp.JointTrajectory) for motion in motions)
    np.testing.assert_array_equal(motions[0].positions, motions[1].positions)  # type: ignore[union-attr]


def test_a_state_without_a_joint_of_the_robot_is_refused(world: World) -> None:
    agent = Agent(world)
    scene = agent.perceive()
    names = tuple(name.replace("panda", "pander") for name in scene.robot.joint_names)
    wrong = scene.model_copy(update={"robot": scene.robot.model_copy(update={"joint_names": names})})
    [pick, *_] = agent.decompose("pick up the red block", scene)  # type: ignore[misc]
    with pytest.raises(SetupFault, match=r"The scene's robot has the joints pander_joint1, .*; panda has panda_joint1"):
        agent.compile(agent.ground(pick, scene), wrong)  # type: ignore[arg-type]
    with pytest.raises(UnknownName, match=r"named 'panda_joint1'\. Did you mean 'pander_joint1'"):
        wrong.robot.positions_of(scene.robot.joint_names)


def test_a_joint_is_told_once() -> None:
    with pytest.raises(ValueError, match="joint names have to be unique; a came more than once"):
        RobotState(joint_names=("a", "b", "a"), positions=(0.0,) * 3, velocities=(0.0,) * 3, gripper_width=0.0)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize(("field", "said"), [("positions", "position"), ("velocities", "velocity")])
def test_a_motion_stops_at_a_state_that_is_no_number(
    world: World, monkeypatch: pytest.MonkeyPatch, field: str, said: str, value: float
) -> None:
    agent, told, get = Agent(world), 0, world.robot.get_observation
    scene = agent.perceive()
    motion = agent.compile(agent.skills["home"].spec.parameters(kind="home"), scene)
    assert isinstance(motion, lmp.JointTrajectory)

    def breaks() -> RobotState:
        nonlocal told
        told += 1
        state = get()
        if told < 5:
            return state
        values = (*getattr(state, field)[:3], value, *getattr(state, field)[4:])
        return RobotState.model_construct(**{**dict(state), field: values})

    monkeypatch.setattr(world.robot, "get_observation", breaks)
    with pytest.raises(
        RobotFault, match=f"The robot 'panda' tells {value} as the {said} of panda_joint4; finite numbers are needed"
    ):
        agent.execute(motion)
