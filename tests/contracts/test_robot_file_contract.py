"""The same primitive runs on every robot that comes with the package: checked, within its limits, by the asked way, moved."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from lmp import registry
from lmp.diagnosis.robots.robot_check import check_robot
from lmp.primitives.compiler.compiler import PrimitiveCompiler
from lmp.robots.robot_file import load_robot, robot_names, robot_urdf
from lmp.runtime.agent import Agent
from lmp.runtime.worlds import open_world
from lmp.schema.motion import Bulge, Bulges
from lmp.schema.outcome import Outcome
from lmp.schema.plan import INFEASIBLE
from lmp.schema.pose import Pose
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import RobotState, Scene, SceneObject, Workspace
from lmp.schema.shape import Box
from lmp.schema.trajectory import JointTrajectory
from lmp.sims.kinematic.gripper import Gripper
from lmp.sims.kinematic.kinematic_robot import KinematicRobot
from lmp.sims.kinematic.urdf_chain import UrdfChain
from lmp.sims.pybullet.engine import Engine
from lmp.sims.pybullet.pybullet_robot import PyBulletRobot

ROBOTS = robot_names()
WITH_GRIPPER = tuple(name for name in ROBOTS if load_robot(name).gripper is not None)
RATE_HZ = 240.0
AWAY = (0.5, 0.2, -0.25, -0.2, 0.3, -0.2, 0.4)
"""How far from rest the motion begins, joint by joint [rad]."""
TABLE = SceneObject(
    name="table", category="table", pose=Pose(position=(0.4, 0.0, -0.025)), shape=Box(size=(1.3, 1.4, 0.05)), role="support"
)
BLOCK = SceneObject(name="block", category="block", pose=Pose(position=(0.45, 0.1, 0.02)), shape=Box(size=(0.04, 0.04, 0.04)))

pytestmark = pytest.mark.parametrize("name", ROBOTS)


@cache
def compiler(name: str) -> PrimitiveCompiler:
    skills = {skill: registry.load("skill", skill) for skill in registry.known("skill")}
    return PrimitiveCompiler(load_robot(name), skills)


def start(robot: RobotDescription) -> NDArray[np.float64]:
    return np.array(robot.rest) + np.array(AWAY[: len(robot.joints)])


def scene(robot: RobotDescription, q: NDArray[np.float64]) -> Scene:
    state = RobotState(
        joint_names=robot.joint_names,
        positions=tuple(float(value) for value in q),
        velocities=(0.0,) * len(q),
        gripper_width=robot.max_width,
    )
    return Scene(
        objects=(TABLE, BLOCK),
        T_world_base=robot.base,
        robot=state,
        workspace=Workspace(lower=(-1.0, -1.0, -0.05), upper=(1.0, 1.0, 1.5)),
    )


def homeward(name: str) -> JointTrajectory:
    """To the rest posture, with a bulge of 50 mm to the left on the way."""
    robot, skill = load_robot(name), compiler(name).skills["home"].spec.parameters
    shape = Bulges(bulges=(Bulge(direction="left", phase=0.5, amount=0.05),))
    found = compiler(name).compile(skill(path=shape), scene(robot, start(robot)))
    assert isinstance(found, JointTrajectory), str(found)
    return found


def test_the_file_is_consistent(name: str) -> None:
    assert [finding.message for finding in check_robot(name) if finding.weight != "note"] == []


def test_the_trajectory_keeps_the_limits_of_the_file(name: str) -> None:
    robot, found = load_robot(name), homeward(name)
    q, times = found.positions, found.times
    lower, upper, velocity, acceleration = (
        np.array([getattr(joint, field) for joint in robot.joints]) for field in ("lower", "upper", "velocity", "acceleration")
    )
    assert (q >= lower).all() and (q <= upper).all()
    v = np.diff(q, axis=0) / np.diff(times)[:, None]
    a = np.diff(v, axis=0) / np.diff(times)[1:, None]
    assert (np.abs(v) <= 1.001 * velocity).all()
    assert (np.abs(a) <= 1.01 * acceleration).all()


def test_it_goes_from_where_the_arm_is_to_where_it_rests_by_the_way_that_was_asked(name: str) -> None:
    """The tool's way, by a forward kinematics that shares nothing with the compiler's."""
    robot, found = load_robot(name), homeward(name)
    chain = UrdfChain(robot_urdf(robot), robot)
    np.testing.assert_allclose(found.positions[0], start(robot), atol=1e-9)
    np.testing.assert_allclose(found.positions[-1], robot.rest, atol=1e-6)
    first, last = (chain.forward(q)[:3, 3] for q in (start(robot), np.array(robot.rest)))
    way = np.array([chain.forward(q)[:3, 3] for q in found.positions[::20]])
    line = (last - first) / np.linalg.norm(last - first)
    beside = (way - first) - ((way - first) @ line)[:, None] * line
    left = np.array([0.0, 1.0, 0.0]) - line[1] * line
    assert np.linalg.norm(beside, axis=1).max() == pytest.approx(0.05 * np.linalg.norm(left), abs=2e-3)


def simulated(name: str, robot: RobotDescription) -> tuple[KinematicRobot | PyBulletRobot, Callable[[], object]]:
    if name == "kinematic":
        arm = KinematicRobot(robot, RATE_HZ, Gripper(robot.gripper), lambda width: None)
        arm.q = start(robot)
        return arm, lambda: None
    engine = Engine(False, RATE_HZ)
    body = PyBulletRobot(engine, robot, RATE_HZ, lambda: None)
    body.jump(start(robot))
    body.targets = start(robot)
    return body, engine.close


@pytest.mark.parametrize("world", ["kinematic", "pybullet"])
def test_simulators_follow_it_to_its_end(name: str, world: str) -> None:
    robot, found = load_robot(name), homeward(name)
    chain = UrdfChain(robot_urdf(robot), robot)
    arm, close = simulated(world, robot)
    try:
        worst = 0.0
        for t in np.arange(0.0, found.duration, 1.0 / RATE_HZ):
            q = found.at(float(t))
            arm.send_action({joint: float(value) for joint, value in zip(robot.joint_names, q, strict=True)})
            worst = max(worst, float(np.abs(np.array(arm.get_observation().positions) - q).max()))
        for _ in range(24):
            arm.hold()
        state = arm.get_observation()
    finally:
        close()
    assert worst < 0.02
    reached, wished = (chain.forward(np.array(q))[:3, 3] for q in (state.positions, robot.rest))
    assert np.linalg.norm(reached - wished) < 1e-3
    assert state.gripper_width == pytest.approx(robot.max_width, abs=2e-3)


def test_fingers_are_needed_for_what_takes_and_pushes(name: str) -> None:
    robot, parameters = load_robot(name), compiler(name).skills["pick"].spec.parameters
    found = compiler(name).compile(parameters(object="block"), scene(robot, np.array(robot.rest)))
    if name in WITH_GRIPPER:
        assert isinstance(found, JointTrajectory), str(found)
        assert [event.action for event in found.gripper] == ["open", "close"]
    else:
        assert str(found) == f"The robot {name} has no gripper, and 'pick' needs one."
        push = compiler(name).skills["push"].spec.parameters(object="block", dy=0.1)
        assert "'push' needs one" in str(compiler(name).compile(push, scene(robot, np.array(robot.rest))))


def test_an_instruction_succeeds_or_says_that_fingers_are_missing(name: str) -> None:
    """The whole way from a sentence on, in the world without physics."""
    with open_world("kinematic:tabletop", seed=1, robot=name) as world:
        episode = Agent(world).run("put the red block in the bowl")
    if name in WITH_GRIPPER:
        assert episode.outcome is Outcome.SUCCEEDED and episode.verified
    else:
        assert episode.outcome is INFEASIBLE
        assert f"The robot {name} has no gripper, and 'pick' needs one." in str(episode.error)
