"""Directions derive from where the base, or a named viewer, stands and which way it faces."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lmp.errors import UnknownName
from lmp.meaning.directions import AXES, directions, seen_from
from lmp.schema.pose import Pose
from lmp.schema.scene import RobotState, Scene, Workspace

ROBOT = RobotState(joint_names=(), positions=(), velocities=(), gripper_width=0.0)
SPACE = Workspace(lower=(-1.0, -1.0, -1.0), upper=(1.0, 1.0, 1.0))
angles = st.floats(-math.pi, math.pi)
lengths = st.floats(-2.0, 2.0)


def turned(yaw: float, pitch: float = 0.0, roll: float = 0.0) -> np.ndarray:
    """A rotation matrix, turned about x by `roll`, then about y by `pitch`, then about z by `yaw` [rad]."""
    (cy, sy), (cp, sp), (cr, sr) = ((math.cos(a), math.sin(a)) for a in (yaw, pitch, roll))
    about_z = np.array([[cy, -sy, 0], [sy, cy, 0], [0, 0, 1]])
    about_y = np.array([[cp, 0, sp], [0, 1, 0], [-sp, 0, cp]])
    about_x = np.array([[1, 0, 0], [0, cr, -sr], [0, sr, cr]])
    return about_z @ about_y @ about_x


def pose(rotation: np.ndarray, position: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Pose:
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = rotation, position
    return Pose.from_matrix(matrix)


def test_an_unturned_base_has_the_world_axes_to_the_last_bit() -> None:
    plain = seen_from(Pose())
    assert {name: tuple(plain.unit(name)) for name in AXES} == AXES
    assert tuple(plain.point(0.4, -0.1, 0.2)) == (0.4, -0.1, 0.2)


@given(yaw=angles, x=lengths, y=lengths, z=lengths)
def test_directions_turn_with_the_base(yaw: float, x: float, y: float, z: float) -> None:
    scene = Scene(objects=(), T_world_base=Pose.from_yaw((x, y, z), yaw), robot=ROBOT, workspace=SPACE)
    mine = directions(scene)
    for name, axis in AXES.items():
        assert mine.unit(name) == pytest.approx(turned(yaw) @ axis, abs=1e-9)
    assert mine.point(0.3, -0.2, 0.1) == pytest.approx(turned(yaw) @ [0.3, -0.2, 0.1] + [x, y, z], abs=1e-9)


@given(yaw=angles, x=lengths, y=lengths, z=lengths)
def test_what_is_said_and_what_is_meant_are_inverse(yaw: float, x: float, y: float, z: float) -> None:
    viewer = seen_from(Pose.from_yaw((x, y, z), yaw))
    assert viewer.coordinates(viewer.point(z, x, y)) == pytest.approx([z, x, y], abs=1e-9)
    assert viewer.components(viewer.vector(z, x, y)) == pytest.approx([z, x, y], abs=1e-9)
    assert math.cos(viewer.viewer_yaw(viewer.world_yaw(x)) - x) == pytest.approx(1.0, abs=1e-9)


@given(yaw=angles)
def test_left_of_one_who_stands_opposite_is_right_of_the_robot(yaw: float) -> None:
    robot, person = seen_from(Pose.from_yaw((0.0, 0.0, 0.0), yaw)), seen_from(Pose.from_yaw((1.0, 0.5, 0.0), yaw + math.pi))
    assert person.unit("left") == pytest.approx(robot.unit("right"), abs=1e-9)
    assert person.unit("front") == pytest.approx(robot.unit("behind"), abs=1e-9)
    assert person.unit("above") == pytest.approx(robot.unit("above"))


@given(yaw=angles, roll=angles, pitch=st.floats(-1.0, 1.0))
def test_a_base_that_leans_or_hangs_keeps_its_heading(yaw: float, roll: float, pitch: float) -> None:
    """The heading is that of the level part of its x axis, whichever way it is rolled about it."""
    assert seen_from(pose(turned(yaw, pitch, roll))).unit("forward") == pytest.approx(turned(yaw) @ [1, 0, 0], abs=1e-6)


@given(yaw=angles)
def test_an_arm_on_a_wall_faces_away_from_the_wall(yaw: float) -> None:
    on_wall = seen_from(pose(turned(yaw, math.pi / 2)))  # its z axis is level, its x axis points down
    assert on_wall.unit("forward") == pytest.approx(turned(yaw) @ [1, 0, 0], abs=1e-6)


def test_a_direction_that_does_not_exist_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match=r"No direction named 'lefft'\. Did you mean 'left'"):
        seen_from(Pose()).unit("lefft")


def test_a_scene_says_where_the_base_is_and_has_z_up() -> None:
    with pytest.raises(ValidationError, match="T_world_base"):
        Scene.model_validate({"objects": (), "robot": ROBOT, "workspace": SPACE})
    with pytest.raises(ValidationError, match="the world's z axis has to point up"):
        Scene(objects=(), T_world_base=Pose(), up=(0.0, 1.0, 0.0), robot=ROBOT, workspace=SPACE)
