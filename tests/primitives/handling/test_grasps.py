from __future__ import annotations

import math

import numpy as np
import pytest
from compile_scenes import block, standing, table_scene, tray
from hypothesis import given, settings
from hypothesis import strategies as st
from panda_arm import PANDA

from lmp.primitives.handling.closings import closings, width_between
from lmp.primitives.handling.grasps import Grasp, grasps
from lmp.primitives.places.footprints import above, gap, outline, prisms, rectangle
from lmp.primitives.skill import Situation
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.shape import Box, Cylinder, Mesh, Sphere

GRIPPER = PANDA.gripper


def situation(scene: Scene) -> Situation:
    T_world_tool = np.diag([1.0, -1.0, -1.0, 1.0])
    T_world_tool[:3, 3] = 0.45, 0.0, 0.4
    return Situation(scene, PANDA, lambda q: T_world_tool, lambda width: ())


def found(thing: SceneObject, *others: SceneObject) -> tuple[Grasp, ...]:
    result = grasps(thing, situation(table_scene(thing, *others)))
    assert all(isinstance(grasp, Grasp) for grasp in result), result
    return result  # type: ignore[return-value]


yaws = st.floats(-math.pi, math.pi)
sizes = st.floats(0.015, 0.07)


@settings(max_examples=40)
@given(x=sizes, y=sizes, z=sizes, yaw=yaws)
def test_fingers_straddle_a_box_on_its_faces(x: float, y: float, z: float, yaw: float) -> None:
    thing = standing("box", Box(size=(x, y, z)), 0.5, 0.1, yaw)
    for grasp in found(thing):
        T_thing_tool = np.linalg.inv(thing.pose.matrix) @ grasp.T_world_tool
        closing, point = T_thing_tool[:3, 1], T_thing_tool[:3, 3]
        axis = int(np.argmax(np.abs(closing)))
        assert abs(closing[axis]) == pytest.approx(1.0, abs=1e-9)
        assert grasp.width == pytest.approx((x, y, z)[axis])
        assert point[axis] == pytest.approx(0.0, abs=1e-9)
        assert grasp.width < grasp.opening <= GRIPPER.max_width
        # The pads cover the faces: the tips are below the top, above the table, and the palm is above the top.
        tip = grasp.T_world_tool[2, 3] - GRIPPER.tip_length
        assert 0.001 <= tip < z
        assert grasp.T_world_tool[2, 3] + GRIPPER.finger_depth >= z - 1e-9


@pytest.mark.parametrize("shape", [Cylinder(radius=0.03, height=0.06), Sphere(radius=0.03)])
def test_round_things_are_taken_at_their_diameter_from_many_sides(shape: Cylinder | Sphere) -> None:
    ranked = found(standing("can", shape, 0.5, -0.1, 0.3))
    assert {round(grasp.width, 9) for grasp in ranked} == {0.06}
    headings = {round(math.degrees(math.atan2(*grasp.T_world_tool[[1, 0], 1])) % 180) for grasp in ranked}
    assert len(headings) >= 6
    for grasp in ranked:
        assert grasp.T_world_tool[:2, 3] == pytest.approx([0.5, -0.1], abs=1e-9)


def test_a_lying_can_is_taken_across_its_axis_or_at_its_ends() -> None:
    lying = standing("can", Cylinder(radius=0.02, height=0.06), 0.5, 0.0).model_copy(
        update={"pose": Pose(position=(0.5, 0.0, 0.02), quat_xyzw=(0.0, math.sin(math.pi / 4), 0.0, math.cos(math.pi / 4)))}
    )
    widths = {round(closing.yaw % math.pi, 3): closing.width for closing in closings(lying)}
    assert widths[0.0] == pytest.approx(0.06, rel=0.02)
    assert widths[round(math.pi / 2, 3)] == pytest.approx(0.04, rel=0.02)


@settings(max_examples=25)
@given(yaw=yaws, width=st.floats(0.02, 0.06), length=st.floats(0.02, 0.12))
def test_a_mesh_is_taken_like_the_box_that_it_is(yaw: float, width: float, length: float) -> None:
    corners = [(x * width / 2, y * length / 2, z * 0.02) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]
    hull = standing("part", Mesh(vertices=tuple(corners)), 0.5, 0.0, yaw)
    box = standing("part", Box(size=(width, length, 0.04)), 0.5, 0.0, yaw)
    ours = {round(math.cos(2 * c.yaw), 6): c.width for c in closings(hull)}
    truth = {round(math.cos(2 * c.yaw), 6): c.width for c in closings(box)}
    assert ours.keys() == truth.keys()
    assert [ours[key] for key in truth] == pytest.approx(list(truth.values()))


def test_what_is_too_wide_is_refused_with_both_figures() -> None:
    (violation,) = grasps(block("crate", 0.5, 0.0, 0.1), situation(table_scene(block("crate", 0.5, 0.0, 0.1))))
    assert violation.code == "not_graspable"
    assert violation.value == pytest.approx(0.1)
    assert violation.limit == pytest.approx(GRIPPER.max_width - 0.004)
    assert violation.object == "crate"
    assert "100 mm" in violation.message


def test_a_tray_is_pinched_at_a_wall_with_one_finger_inside() -> None:
    thing = tray("tray", 0.5, 0.1, 0.4)
    best = found(thing)[0]
    assert best.width == pytest.approx(0.005)
    across, point = best.T_world_tool[:2, 1], best.T_world_tool[:2, 3]
    fingers = [point + sign * across * (best.opening + GRIPPER.finger_thickness) / 2 for sign in (1, -1)]
    inside = [outline(thing).depth(finger) > 0 for finger in fingers]
    assert sorted(inside) == [False, True]
    # The finger inside stays over the floor of the tray, which is 5 mm high.
    assert best.T_world_tool[2, 3] - GRIPPER.tip_length > 0.005


def test_neighbours_turn_the_hand_to_the_free_faces() -> None:
    thing = block("red_block", 0.5, 0.0)
    walls = [block(f"wall_{side}", 0.5, side * 0.052) for side in (-1, 1)]
    best = found(thing, *walls)[0]
    assert abs(best.T_world_tool[0, 1]) == pytest.approx(1.0)  # fingers apart along x, where nothing stands


def test_no_room_names_the_neighbour() -> None:
    thing = standing("coin", Cylinder(radius=0.012, height=0.02), 0.5, 0.0)
    ring = [
        standing(f"post_{k}", Cylinder(radius=0.012, height=0.08), 0.5 + 0.03 * math.cos(a), 0.03 * math.sin(a))
        for k, a in enumerate(np.linspace(0, 2 * math.pi, 7)[:-1])
    ]
    (violation,) = grasps(thing, situation(table_scene(thing, *ring)))
    assert violation.code == "not_graspable"
    assert "post_" in violation.message and "post_" in violation.hint


@settings(max_examples=25)
@given(angle=yaws, dx=st.floats(-0.2, 0.2), dy=st.floats(-0.2, 0.2), yaw=yaws)
def test_grasps_move_with_the_thing(angle: float, dx: float, dy: float, yaw: float) -> None:
    def widths_and_places(thing: SceneObject) -> list[tuple[float, float, float]]:
        upright = [grasp for grasp in grasps(thing, situation(table_scene(thing))) if grasp.T_world_tool[2, 2] < -0.999]
        frames = [np.linalg.inv(thing.pose.matrix) @ grasp.T_world_tool for grasp in upright]
        return sorted((round(T[2, 3], 6), round(abs(T[0, 1]), 6), round(np.hypot(*T[:2, 3]), 6)) for T in frames)

    shape = Box(size=(0.03, 0.045, 0.04))
    here, there = standing("a", shape, 0.5, 0.0, yaw), standing("a", shape, 0.5 + dx, dy, yaw + angle)
    assert widths_and_places(here) == widths_and_places(there)


def test_width_between_tells_the_faces_that_the_hand_is_on() -> None:
    thing = standing("a", Box(size=(0.03, 0.05, 0.04)), 0.5, 0.1, 0.7)
    for grasp in found(thing):
        assert width_between(thing, grasp.T_world_tool) == pytest.approx(grasp.width)


def test_gap_of_rectangles_is_exact_along_their_normals() -> None:
    one = rectangle("a", np.zeros(2), 0.3, (0.2, 0.1), 0.0, 1.0)
    direction = np.array([math.cos(0.3), math.sin(0.3)])
    for distance in (-0.02, 0.0, 0.05):
        other = rectangle("b", direction * (0.1 + 0.05 + distance), 0.3, (0.1, 0.3), 0.0, 1.0)
        assert gap(one, other) == pytest.approx(distance, abs=1e-12)
        assert gap(other, one) == pytest.approx(distance, abs=1e-12)


@settings(max_examples=30)
@given(height=st.floats(-0.9, 0.9), seed=st.integers(0, 1000))
def test_the_part_above_a_height_reaches_as_far_as_the_hull_does_there(height: float, seed: int) -> None:
    points = np.random.default_rng(seed).normal(size=(12, 3))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    cut = above(points, height)
    if not (points[:, 2] > height).any() or not (points[:, 2] < height).any():
        return
    assert cut[:, 2].min() >= height - 1e-12
    # Every point of the hull above the height, as a random mix of corners, lies within the cut's extent.
    weights = np.random.default_rng(seed + 1).dirichlet(np.full(12, 0.3), 400)
    mixes = weights @ points
    for direction in np.random.default_rng(2).normal(size=(5, 3)):
        high = mixes[mixes[:, 2] >= height] @ direction
        assert high.max(initial=-np.inf) <= (cut @ direction).max() + 1e-9


def test_prisms_of_a_turned_box_have_its_corners() -> None:
    thing = standing("a", Box(size=(0.2, 0.1, 0.06)), 0.5, 0.1, 0.7)
    (prism,) = prisms(thing)
    local = (prism.polygon - [0.5, 0.1]) @ np.array([[math.cos(0.7), -math.sin(0.7)], [math.sin(0.7), math.cos(0.7)]])
    assert np.abs(local) == pytest.approx(np.tile([0.1, 0.05], (4, 1)))
    assert (prism.bottom, prism.top) == pytest.approx((0.0, 0.06))
