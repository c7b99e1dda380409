"""Tests of `lmp.primitives.collision.link_pieces`: each shape of a URDF against an equal one that is given another way."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import coal
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.append(str(Path(__file__).parents[2] / "robots"))
from small_arm import CORNERS, robot_file, stl, urdf

from lmp.primitives.collision.collisions import CollisionModel
from lmp.primitives.collision.link_pieces import collision_piece
from lmp.robots.robot_file import load_robot
from lmp.schema.pose import Pose
from lmp.schema.scene import RobotState, Scene, SceneObject, Workspace
from lmp.schema.shape import Box


def piece(text: str) -> object:
    return collision_piece(ElementTree.fromstring(f"<collision>{text}</collision>"), Path("arm.urdf"))


def distances(folder: Path, geometry: str, qs: np.ndarray) -> np.ndarray:
    """Distance of the third link of an arm from a box, at postures. Shape (n,)."""
    text = urdf()
    third = text.index('<link name="l3">')
    begin, end = text.index("<geometry>", third), text.index("</geometry>", third)
    robot = load_robot(robot_file(folder, text[:begin] + "<geometry>" + geometry + text[end:]))
    box = SceneObject(name="box", category="box", pose=Pose(position=(0.3, 0.1, 0.5)), shape=Box(size=(0.2, 0.2, 0.2)))
    state = RobotState(joint_names=robot.joint_names, positions=robot.rest, velocities=(0.0,) * 6, gripper_width=0.0)
    scene = Scene(
        objects=(box,), T_world_base=robot.base, robot=state, workspace=Workspace(lower=(-5.0,) * 3, upper=(5.0,) * 3)
    )
    model = CollisionModel(robot).with_scene(scene)
    number = [(model.bodies[a], model.bodies[b]) for a, b in model.pairs].index(("l3", "box"))
    return np.array([model.least(q[None], 0.0, 2.0, number)[0][0] for q in qs])


@pytest.mark.parametrize(("radius", "length"), [(0.04, 0.2), (0.1, 0.02), (0.02, 0.5)])
def test_a_capsule_is_as_far_as_coals(tmp_path: Path, radius: float, length: float) -> None:
    qs = np.random.default_rng(1).uniform(-2.0, 2.0, (60, 6))
    found = distances(tmp_path, f'<capsule radius="{radius}" length="{length}"/>', qs)
    robot = load_robot(tmp_path / "arm.toml")
    tree = CollisionModel(robot).tree
    R, p = tree.placements(tree.values(qs))
    joint = tree.names.index("j3")
    box, T_box = coal.Box(0.2, 0.2, 0.2), coal.Transform3s(np.eye(3), np.array([0.3, 0.1, 0.5]))
    for row, distance in enumerate(found):
        result = coal.DistanceResult()
        T = coal.Transform3s(R[row, joint], p[row, joint])
        truth = coal.distance(coal.Capsule(radius, length), T, box, T_box, coal.DistanceRequest(), result)
        assert distance == pytest.approx(min(truth, 2.0), abs=2e-6 if truth > 0 else 1e-4)


def test_a_capsule_is_between_the_cylinders_inside_and_around_it(tmp_path: Path) -> None:
    qs = np.random.default_rng(2).uniform(-2.0, 2.0, (60, 6))
    inside = distances(tmp_path / "a", '<cylinder radius="0.04" length="0.2"/>', qs)
    around = distances(tmp_path / "b", '<cylinder radius="0.04" length="0.28"/>', qs)
    found = distances(tmp_path / "c", '<capsule radius="0.04" length="0.2"/>', qs)
    assert (around <= found + 1e-6).all() and (found <= inside + 1e-6).all()
    assert (found < inside - 1e-4).any() and (found > around + 1e-4).any()


@settings(max_examples=40, deadline=None)
@given(scale=st.tuples(*[st.floats(0.2, 3.0).flatmap(lambda size: st.sampled_from([size, -size]))] * 3))
def test_scaled_and_mirrored_meshes_are_where_they_should_be(
    tmp_path_factory: pytest.TempPathFactory, scale: tuple[float, float, float]
) -> None:
    file = tmp_path_factory.mktemp("mesh") / "part.stl"
    file.write_bytes(stl())
    found = piece(f'<geometry><mesh filename="{file}" scale="{" ".join(map(str, scale))}"/></geometry>')
    expected = np.array(CORNERS) * scale
    outline = found.outline  # type: ignore[attr-defined]
    gaps = np.linalg.norm(outline[:, None] - expected[None], axis=2)
    assert gaps.min(axis=0).max() < 1e-6 and gaps.min(axis=1).max() < 1e-6


def test_every_shape_of_a_link_counts(tmp_path: Path) -> None:
    more = '<box size="0.02 0.02 0.02"/></geometry></collision><collision><origin xyz="0.3 0 0" rpy="0 0 1"/><geometry>'
    qs = np.random.default_rng(3).uniform(-2.0, 2.0, (40, 6))
    both = distances(tmp_path / "a", more + '<sphere radius="0.05"/>', qs)
    one = distances(tmp_path / "b", '<box size="0.02 0.02 0.02"/>', qs)
    assert (both <= one + 1e-9).all() and (both < one - 0.05).any()


def test_nothing_is_left_out_of_a_robot_whose_shapes_are_all_capsules(tmp_path: Path) -> None:
    model = CollisionModel(load_robot(robot_file(tmp_path, urdf('<capsule radius="0.03" length="0.1"/>'))))
    assert model.links == ("l1", "l2", "l3", "l4", "l5", "l6")
