"""What is measured a little low over a support has not fallen; what lies beside or under it has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmp.meaning.fallen import fallen
from lmp.meaning.object_states import state_of
from lmp.schema.pose import Pose
from lmp.schema.scene import RobotState, Scene, SceneObject, Workspace
from lmp.schema.shape import Box

TABLE = SceneObject(
    name="table",
    category="table",
    pose=Pose(position=(0.5, 0.0, -0.2)),
    shape=Box(size=(0.8, 1.2, 0.4)),
    role="support",
    touching=(),
)


def with_thing(x: float, bottom: float, edge: float = 0.04) -> tuple[Scene, SceneObject]:
    pose = Pose(position=(x, 0.0, bottom + edge / 2))
    thing = SceneObject(name="cube", category="block", pose=pose, shape=Box(size=(edge,) * 3), touching=("table",))
    workspace = Workspace(lower=(0.2, -0.5, 0.0), upper=(0.8, 0.5, 0.6))
    robot = RobotState(joint_names=("j",), positions=(0.0,), velocities=(0.0,), gripper_width=0.08)
    return Scene(objects=(TABLE, thing), T_world_base=Pose(), robot=robot, workspace=workspace), thing


@given(st.floats(-0.06, 0.06), st.floats(0.02, 0.20))
def test_three_standard_deviations_of_the_worst_noise_are_no_fall(error: float, edge: float):
    assert not fallen(*with_thing(0.5, error, edge))


@pytest.mark.parametrize(("x", "bottom"), [(1.1, -0.4), (1.1, -0.03), (0.5, -0.4), (0.85, -0.7)])
def test_beside_and_under_the_table_it_has_fallen(x: float, bottom: float):
    assert fallen(*with_thing(x, bottom))


def test_its_state_says_where_it_is():
    low, _ = with_thing(0.5, -0.03)
    assert (state_of("cube", low).place, state_of("cube", low).reachable) == ("on", True)
    gone, _ = with_thing(1.1, -0.4)
    assert (state_of("cube", gone).place, state_of("cube", gone).reachable) == ("fallen", False)
