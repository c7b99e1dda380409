from __future__ import annotations

import numpy as np
import pytest
from compile_scenes import block, compiler, holding, standing, table_scene, world_model
from panda_arm import PANDA, down, kinematics

from lmp.primitives.arm.reachability import Posture
from lmp.primitives.skills.home import HomeParameters
from lmp.schema.motion import Bulge, Bulges
from lmp.schema.scene import Scene
from lmp.schema.shape import Box
from lmp.schema.trajectory import JointTrajectory


def at(scene: Scene, x: float, y: float, z: float, yaw: float = 0.0) -> Scene:
    """The scene with the tool at a place, pointing down."""
    posture = kinematics().inverse(down(x, y, z, yaw))
    assert isinstance(posture, Posture)
    return scene.replacing(robot=scene.robot.model_copy(update={"positions": tuple(float(q) for q in posture.q)}))


def compiled(parameters: HomeParameters, scene: Scene) -> JointTrajectory:
    result = compiler().compile(parameters, scene)
    assert isinstance(result, JointTrajectory), str(result)
    return result


def test_it_is_the_straight_minimum_jerk_line_in_joint_space() -> None:
    scene = at(table_scene(), 0.5, 0.2, 0.3)
    trajectory = compiled(HomeParameters(duration=4.0), scene)
    p = trajectory.times / trajectory.duration
    share = 10 * p**3 - 15 * p**4 + 6 * p**5
    start, rest = np.array(scene.robot.positions), np.array(PANDA.rest)
    assert trajectory.positions == pytest.approx(start + share[:, None] * (rest - start), abs=1e-9)
    assert trajectory.duration == pytest.approx(4.0)


def test_out_of_a_box_it_goes_up_first() -> None:
    walls = [standing(f"wall_{k}", Box(size=(0.3, 0.02, 0.12)), 0.45, 0.25 + dy) for k, dy in enumerate((-0.05, 0.05))]
    trajectory = compiled(HomeParameters(), at(table_scene(*walls), 0.45, 0.25, 0.04, yaw=np.pi / 2))
    assert trajectory.segments[0].name == "retreat"
    assert trajectory.positions[-1] == pytest.approx(np.array(PANDA.rest))
    assert trajectory.margins.clearance is not None and trajectory.margins.clearance >= 0.001


def test_a_wished_path_is_followed() -> None:
    path = Bulges(bulges=(Bulge(direction="up", amount=0.1),))
    scene = at(table_scene(), 0.5, 0.2, 0.3)
    plain, high = compiled(HomeParameters(), scene), compiled(HomeParameters(path=path), scene)
    assert high.tool_path[:, 2].max() > plain.tool_path[:, 2].max() + 0.05
    assert high.positions[-1] == pytest.approx(np.array(PANDA.rest))


def test_the_arm_that_touches_something_can_still_leave() -> None:
    scene = at(table_scene(block("red_block", 0.5, 0.05, 0.04)), 0.5, 0.0, 0.045)
    trajectory = compiled(HomeParameters(), scene)
    assert any("starts while" in note for note in trajectory.notes)


def test_what_is_held_comes_along() -> None:
    scene = holding(table_scene(block("red_block", 0.5, 0.2)), "red_block")
    after = world_model().predict(HomeParameters(), scene, compiled(HomeParameters(), scene))
    thing = after.get("red_block")
    assert thing.held and after.robot.gripper_width == pytest.approx(0.04)
    T_world_tool = kinematics().forward(np.array(PANDA.rest))
    assert thing.pose.position[:2] == pytest.approx(T_world_tool[:2, 3], abs=1e-6)
