from __future__ import annotations

import numpy as np
import pytest
from compile_scenes import block, compiler, holding, table_scene, world_model

from lmp.meaning.conditions import OnTarget
from lmp.primitives.places.spot import settled
from lmp.primitives.skills.home import HomeParameters
from lmp.primitives.skills.pick import PickParameters
from lmp.primitives.skills.place import PlaceParameters
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory

SCENE = table_scene(block("red_block", 0.5, 0.1), block("blue_block", 0.42, -0.2, 0.05))


def after(primitive: SkillParameters, scene: Scene) -> tuple[JointTrajectory, Scene]:
    trajectory = compiler().compile(primitive, scene)
    assert isinstance(trajectory, JointTrajectory), str(trajectory)
    return trajectory, world_model().predict(primitive, scene, trajectory)


def test_the_robot_ends_where_the_trajectory_ends_and_the_scene_is_marked() -> None:
    trajectory, scene = after(PickParameters(object="red_block"), SCENE)
    assert scene.predicted
    assert scene.robot.positions == pytest.approx(tuple(trajectory.positions[-1]))
    assert scene.robot.velocities == (0.0,) * 7
    assert scene.time == pytest.approx(SCENE.time + trajectory.duration)


def test_a_plan_can_be_predicted_to_its_end() -> None:
    scene = SCENE
    plan: tuple[SkillParameters, ...] = (
        PickParameters(object="red_block"),
        PlaceParameters(object="red_block", target=OnTarget(support="blue_block")),
        HomeParameters(),
        PickParameters(object="red_block"),
        PlaceParameters(object="red_block", target=OnTarget(support="table")),
    )
    predicted = []
    for primitive in plan:
        trajectory, scene = after(primitive, scene)
        predicted.append(trajectory.predicted)
    assert predicted == [False, True, True, True, True]
    assert scene.held is None
    assert scene.get("red_block").bounds[0][2] == pytest.approx(0.0, abs=1e-6)
    assert scene.get("blue_block").pose.position == SCENE.get("blue_block").pose.position


def test_an_open_hand_is_as_wide_as_told() -> None:
    scene = holding(SCENE, "red_block")
    trajectory, released = after(PlaceParameters(object="red_block", target=OnTarget(support="table")), scene)
    assert released.robot.gripper_width == trajectory.gripper[-1].width
    _, unchanged = after(HomeParameters(), released)
    assert unchanged.robot.gripper_width == released.robot.gripper_width


@pytest.mark.parametrize(("x", "y", "height"), [(0.42, -0.2, 0.05), (0.44, -0.2, 0.05), (0.6, 0.2, 0.0)])
def test_things_settle_on_the_highest_thing_below(x: float, y: float, height: float) -> None:
    falling = SCENE.get("red_block").model_copy(update={"pose": Pose(position=(x, y, 0.4))})
    assert settled(falling, SCENE).pose.position == pytest.approx((x, y, height + 0.02))


def test_predicting_does_not_change_what_came_in() -> None:
    before = SCENE.model_dump_json()
    after(PickParameters(object="red_block"), SCENE)
    assert SCENE.model_dump_json() == before
    assert np.array(SCENE.robot.positions) == pytest.approx(np.array(compiler().robot.rest))
