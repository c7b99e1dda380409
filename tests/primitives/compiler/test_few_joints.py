"""Arms of four and five joints take objects, lift them higher than a level gripper goes, and put them down level."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from compile_scenes import standing
from few_joints import ARMS, REACH, few_joints
from panda_arm import TABLE

from lmp.meaning.conditions import OnTarget
from lmp.primitives.compiler.compiler import PrimitiveCompiler
from lmp.primitives.compiler.world_model import SkillWorldModel
from lmp.primitives.skills.home import HOME
from lmp.primitives.skills.pick import PICK, PickParameters
from lmp.primitives.skills.place import PLACE, PlaceParameters
from lmp.primitives.skills.push import PUSH
from lmp.schema.pose import Pose
from lmp.schema.scene import RobotState, Scene, Workspace
from lmp.schema.shape import Box, Cylinder
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict

WORKSPACE = Workspace(lower=(0.02, -0.5, 0.0), upper=(0.6, 0.5, 0.6))
LEVEL = 0.06
"""Largest slope of an object that is let go [rad]: that of `SET_DOWN`, and what the IK of few joints leaves."""


@cache
def compiler(name: str) -> PrimitiveCompiler:
    return PrimitiveCompiler(few_joints(name), {"pick": PICK, "place": PLACE, "push": PUSH, "home": HOME})


def scene_of(name: str, seed: int) -> Scene:
    """A block, at any turn, and a flat box, on two sides of the arm."""
    rng, robot = np.random.default_rng(seed), few_joints(name)
    near, far = REACH[name]
    radius, angle, other = rng.uniform(near, far), rng.uniform(0.25, 0.7), -rng.uniform(0.25, 0.7)
    shape = Box(size=(0.025, 0.025, 0.03)) if seed % 2 else Cylinder(radius=0.014, height=0.03)
    block = standing("block", shape, radius * np.cos(angle), radius * np.sin(angle), rng.uniform(-3.0, 3.0))
    radius = rng.uniform(near, far)
    box = standing("box", Box(size=(0.05, 0.05, 0.02)), radius * np.cos(other), radius * np.sin(other), rng.uniform(-3.0, 3.0))
    state = RobotState(
        joint_names=robot.joint_names, positions=robot.rest, velocities=(0.0,) * len(robot.rest), gripper_width=0.05
    )
    table = TABLE.model_copy(update={"role": "support", "touching": ("block", "box")})
    return Scene(objects=(table, block, box), T_world_base=Pose(), robot=state, workspace=WORKSPACE)


def compiled(name: str, primitive: PickParameters | PlaceParameters, scene: Scene) -> tuple[JointTrajectory, Scene]:
    result = compiler(name).compile(primitive, scene)
    assert isinstance(result, JointTrajectory), str(result)
    after = SkillWorldModel(compiler(name)).predict(primitive, scene, result)
    return result, after.model_copy(update={"predicted": False})


@pytest.mark.parametrize("name", ARMS)
@pytest.mark.parametrize("seed", range(4))
def test_a_block_is_taken_lifted_and_put_on_a_box(name: str, seed: int) -> None:
    scene = scene_of(name, seed)
    kinematics, before = compiler(name).arm.kinematics, scene.get("block")
    picked, holding = compiled(name, PickParameters(object="block"), scene)
    closed = next(event.t for event in picked.gripper if event.action == "close")
    T_world_grasp, T_world_lifted = kinematics.forward(picked.at(closed)), kinematics.forward(picked.positions[-1])
    assert np.linalg.norm(T_world_grasp[:2, 3] - before.pose.position[:2]) < 1e-3
    assert T_world_grasp[2, 2] < -np.cos(0.17)
    np.testing.assert_allclose(T_world_lifted[:3, 3] - T_world_grasp[:3, 3], (0.0, 0.0, 0.12), atol=2e-4)
    assert holding.held is not None and holding.held.name == "block"
    _, after = compiled(name, PlaceParameters(object="block", target=OnTarget(support="box")), holding)
    block, box = after.get("block"), after.get("box")
    assert np.linalg.norm(np.subtract(block.pose.position, box.pose.position)[:2]) < 0.01
    assert np.degrees(np.arccos(min(1.0, block.pose.rotation[2, 2]))) < np.degrees(LEVEL)


def test_the_turns_are_told_and_are_those_of_the_trajectory() -> None:
    """Higher than the small arm gets with its gripper down: the lift leans, which the trajectory says."""
    scene = scene_of("small", 1)
    picked, _ = compiled("small", PickParameters(object="block"), scene)
    kinematics = compiler("small").arm.kinematics
    closed = next(event.t for event in picked.gripper if event.action == "close")
    grasp, lifted = kinematics.forward(picked.at(closed)), kinematics.forward(picked.positions[-1])
    angle = np.degrees(np.arccos((np.trace(grasp[:3, :3].T @ lifted[:3, :3]) - 1.0) / 2.0))
    assert angle > 5.0
    assert f"lift with the gripper turned by {angle:.0f} deg, since the arm has 5 joints" in picked.notes


def test_a_lift_that_no_lean_brings_in_reach_is_refused() -> None:
    verdict = compiler("small").compile(PickParameters(object="block", lift=0.4), scene_of("small", 1))
    assert isinstance(verdict, Verdict) and verdict.violations[0].segment == "lift"
