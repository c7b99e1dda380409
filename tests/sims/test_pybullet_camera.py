"""Pictures: what is at a place is seen there, and what is seen lifts back to where it is."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lmp.robots.robot_file import load_robot
from lmp.schema.camera_frame import CameraFrame
from lmp.schema.observation import IMAGES
from lmp.schema.pose import Pose
from lmp.schema.scene_file import CameraSpec
from lmp.schema.world_spec import WorldSpec
from lmp.sims.pybullet.camera import camera_pose, carried
from lmp.sims.pybullet.pybullet_world import PyBulletWorld

BLOCKS = ("red_block", "green_block", "blue_block", "yellow_block")


@pytest.fixture(scope="module")
def world() -> PyBulletWorld:
    with PyBulletWorld.open(WorldSpec(address="pybullet:tabletop", seed=1), load_robot("panda")) as opened:
        yield opened


@pytest.fixture(scope="module")
def frames(world: PyBulletWorld) -> dict[str, CameraFrame]:
    return {frame.name: frame for frame in world.observe(IMAGES).frames}


def test_frames_come_only_when_asked_for(world: PyBulletWorld, frames: dict[str, CameraFrame]) -> None:
    assert world.observe().frames == ()
    assert {name: frame.depth.shape for name, frame in frames.items()} == {
        "front": (480, 640),
        "top": (480, 640),
        "wrist": (240, 320),
    }
    for frame in frames.values():
        assert frame.rgb.shape == (*frame.depth.shape, 3)
        assert frame.rgb.dtype == np.uint8
        assert frame.segmentation.shape == frame.depth.shape
        assert CameraFrame.model_validate_json(frame.model_dump_json()) == frame


@pytest.mark.parametrize("camera", ["front", "top"])
@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_is_seen_where_it_is(world: PyBulletWorld, frames: dict[str, CameraFrame], camera: str, name: str) -> None:
    frame = frames[camera]
    block = next(thing for thing in world.scene().objects if thing.name == name)
    column, row = frame.project(np.array(block.pose.position))
    assert frame.labels[frame.segmentation[int(row), int(column)]] == name
    rgb = frame.rgb[int(row), int(column)].astype(float)
    strongest = {"red_block": {0}, "green_block": {1}, "blue_block": {2}, "yellow_block": {0}}[name]
    assert int(np.argmax(rgb)) in strongest


@pytest.mark.parametrize("camera", ["front", "top"])
@pytest.mark.parametrize("name", BLOCKS)
def test_every_pixel_of_a_block_lifts_to_its_surface(
    world: PyBulletWorld, frames: dict[str, CameraFrame], camera: str, name: str
) -> None:
    frame = frames[camera]
    block = next(thing for thing in world.scene().objects if thing.name == name)
    rows, columns = np.nonzero(frame.segmentation == frame.labels.index(name))
    assert len(rows) > 100
    T_block_world, half = block.pose.inverse(), block.size[0] / 2
    points = np.array([T_block_world.apply(frame.lift(c, r)) for r, c in zip(rows, columns, strict=True)])
    assert np.abs(np.abs(points).max(axis=1) - half).max() < 1e-4


def test_the_table_lifts_to_its_plane_without_tilt(frames: dict[str, CameraFrame]) -> None:
    for frame in frames.values():
        rows, columns = np.nonzero(frame.segmentation == frame.labels.index("table"))
        chosen = np.random.default_rng(0).choice(len(rows), 500, replace=False)
        heights = [frame.lift(columns[index], rows[index])[2] for index in chosen]
        assert np.abs(heights).max() < 1e-4


def test_projecting_undoes_lifting(frames: dict[str, CameraFrame]) -> None:
    frame = frames["front"]
    for column, row in ((10, 470), (320, 300), (600, 400)):
        assert frame.project(frame.lift(column, row)) == pytest.approx([column + 0.5, row + 0.5], abs=1e-6)


def test_left_of_the_robot_is_right_in_the_front_picture_and_left_in_the_top_one(frames: dict[str, CameraFrame]) -> None:
    left, right = np.array([0.5, 0.2, 0.0]), np.array([0.5, -0.2, 0.0])
    assert frames["front"].project(left)[0] > frames["front"].project(right)[0]
    assert frames["top"].project(left)[0] < frames["top"].project(right)[0]


def test_the_camera_frame_looks_along_z_with_x_to_the_right_and_y_down() -> None:
    pose = camera_pose(CameraSpec(name="c", position=(0.0, 0.0, 1.0), target=(1.0, 0.0, 1.0)))
    assert pose.apply(np.array([0.0, 0.0, 2.0])) == pytest.approx([2.0, 0.0, 1.0])
    assert pose.apply(np.array([1.0, 0.0, 0.0])) == pytest.approx([0.0, -1.0, 1.0])
    assert pose.apply(np.array([0.0, 1.0, 0.0])) == pytest.approx([0.0, 0.0, 0.0])


def test_most_of_each_object_is_in_view_for_any_seed() -> None:
    """A picture that misses what it should show helps nobody: both fixed cameras see every object, at several seeds."""
    for seed in (4, 5):
        with PyBulletWorld.open(WorldSpec(address="pybullet:tabletop", seed=seed), load_robot("panda")) as world:
            for frame in world.observe(IMAGES).frames[:2]:
                pixels = {label: int((frame.segmentation == index).sum()) for index, label in enumerate(frame.labels)}
                assert min(pixels.values()) > 100, (seed, frame.name, pixels)


def test_what_moves_is_seen_to_move(world: PyBulletWorld) -> None:
    spot = Pose(position=(0.45, 0.0, 0.4))
    world.move_object("ball", spot)
    frame = world.observe(IMAGES).frames[0]
    column, row = frame.project(np.array(spot.position))
    assert frame.labels[frame.segmentation[int(row), int(column)]] == "ball"
    near = float(frame.depth[int(row), int(column)])
    distance = float(frame.T_world_camera.inverse().apply(np.array(spot.position))[2])
    assert math.isclose(near, distance - 0.024, abs_tol=2e-3)


def test_the_camera_on_the_hand_sees_the_fingers_and_what_is_between_and_below_them(world: PyBulletWorld) -> None:
    T_world_tool = world.robot.tool_pose()
    world.move_object("ball", Pose(position=T_world_tool.position))
    frame = next(frame for frame in world.observe(IMAGES).frames if frame.name == "wrist")
    column, row = frame.project(np.array(T_world_tool.position))
    assert frame.labels[frame.segmentation[int(row), int(column)]] == "ball"
    height, width = frame.depth.shape
    assert width * 0.3 < column < width * 0.7
    assert height * 0.4 < row < height
    seen = {label: int((frame.segmentation == index).sum()) for index, label in enumerate(frame.labels)}
    assert 0.02 < seen["robot"] / (width * height) < 0.4
    assert seen["table"] > 0.3 * width * height


def test_the_camera_on_the_hand_goes_with_it(world: PyBulletWorld) -> None:
    def pose() -> Pose:
        frame = next(frame for frame in world.observe(IMAGES).frames if frame.name == "wrist")
        return world.robot.tool_pose().inverse() @ frame.T_world_camera

    joints = np.array(world.robot.targets)
    before, place = pose(), world.robot.tool_pose().position
    world.robot.jump(joints + np.array([0.3, 0.1, 0.0, 0.2, 0.0, -0.2, 0.4]))
    assert math.dist(world.robot.tool_pose().position, place) > 0.05
    after = pose()
    world.robot.jump(joints)
    assert after.position == pytest.approx(before.position, abs=1e-6)
    assert after.rotation == pytest.approx(before.rotation, abs=1e-6)


def test_a_carried_camera_stands_where_its_mount_puts_it() -> None:
    spec = CameraSpec(name="c", mount="tool", position=(0.1, 0.0, 0.0), target=(0.1, 0.0, 1.0), up=(1.0, 0.0, 0.0))
    pose = camera_pose(carried(spec, Pose.from_yaw((0.5, 0.2, 0.3), math.pi / 2)))
    assert pose.position == pytest.approx([0.5, 0.3, 0.3])
    assert pose.rotation[:, 2] == pytest.approx([0.0, 0.0, 1.0])
    assert pose.rotation[:, 1] == pytest.approx([0.0, -1.0, 0.0])
