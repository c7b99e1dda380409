from __future__ import annotations

import gc
import math
from itertools import pairwise

import numpy as np
import pybullet
import pytest
from convex_pairs import piece_distance
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from panda_arm import PANDA, TABLE, collision_model, down, kinematics, postures, scene, straight, thing

from lmp.errors import UnknownName
from lmp.primitives.arm.reachability import PosturePath
from lmp.primitives.collision.collisions import CollisionModel
from lmp.primitives.collision.convex_pieces import object_pieces
from lmp.primitives.collision.scene_collisions import HORIZON
from lmp.robots.robot_file import robot_urdf
from lmp.schema.pose import Pose
from lmp.schema.shape import Box, Compound, Cylinder, Mesh, Part, Shape, Sphere

SHARED = settings(max_examples=40)
TURNS = st.tuples(*[st.floats(-1, 1)] * 4).filter(lambda q: sum(x * x for x in q) > 0.05)
LENGTH = st.floats(0.02, 0.2)


def turned(position: tuple[float, float, float], quat: tuple[float, float, float, float]) -> Pose:
    norm = math.sqrt(sum(x * x for x in quat))
    x, y, z, w = (value / norm for value in quat)
    return Pose(position=position, quat_xyzw=(x, y, z, w))


def apart(a: Shape, T_world_a: Pose, b: Shape, T_world_b: Pose) -> float:
    """Distance of two shapes by the pieces that the collision model makes of them [m]."""
    one, other = ([piece.moved(T.matrix) for piece in object_pieces(shape)] for shape, T in ((a, T_world_a), (b, T_world_b)))
    return min(piece_distance(p, q) for p in one for q in other)


@SHARED
@given(size=st.tuples(LENGTH, LENGTH, LENGTH), radius=LENGTH, place=st.tuples(*[st.floats(-0.5, 0.5)] * 3), turn=TURNS)
def test_the_distance_of_a_ball_from_a_box_is_the_closed_form(
    size: tuple[float, float, float], radius: float, place: tuple[float, float, float], turn: tuple[float, float, float, float]
) -> None:
    T_world_box = turned((0.1, -0.2, 0.3), turn)
    local = T_world_box.inverse().apply(np.array(place))
    outside = float(np.linalg.norm(np.maximum(np.abs(local) - np.array(size) / 2, 0.0)))
    assume(outside > 1e-3)
    found = apart(Box(size=size), T_world_box, Sphere(radius=radius), Pose(position=place))
    assert found == pytest.approx(outside - radius, abs=2e-5)


@SHARED
@given(
    a=st.tuples(LENGTH, LENGTH, LENGTH),
    b=st.tuples(LENGTH, LENGTH, LENGTH),
    place=st.tuples(*[st.floats(0.1, 0.4)] * 3),
    turn=TURNS,
)
def test_boxes_and_their_corner_meshes_are_equally_far_apart(
    a: tuple[float, float, float],
    b: tuple[float, float, float],
    place: tuple[float, float, float],
    turn: tuple[float, float, float, float],
) -> None:
    corners = tuple((x * a[0] / 2, y * a[1] / 2, z * a[2] / 2) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1))
    other = turned(place, turn)
    as_box = apart(Box(size=a), Pose(), Box(size=b), other)
    assume(as_box > 1e-3)
    assert apart(Mesh(vertices=corners), Pose(), Box(size=b), other) == pytest.approx(as_box, abs=1e-5)
    assert apart(Box(size=b), other, Box(size=a), Pose()) == pytest.approx(as_box, abs=1e-5)


def test_a_cylinder_above_a_box_and_a_compound_as_its_nearest_part() -> None:
    cylinder, box = Cylinder(radius=0.03, height=0.1), Box(size=(0.2, 0.2, 0.02))
    assert apart(box, Pose(), cylinder, Pose(position=(0.0, 0.0, 0.1))) == pytest.approx(0.04, abs=1e-6)
    tray = Compound(parts=(Part(shape=box), Part(pose=Pose(position=(0.1, 0.0, 0.03)), shape=Box(size=(0.01, 0.2, 0.06)))))
    assert apart(tray, Pose(), cylinder, Pose(position=(0.045, 0.0, 0.1))) == pytest.approx(0.02, abs=1e-6)


def test_a_thin_mesh_has_a_distance() -> None:
    corners = tuple((x, y, z) for x in (0.0, 0.1) for y in (0.0, 0.1) for z in (-2e-4, 0.0))
    ball = Pose(position=(0.05, 0.05, 0.05))
    assert apart(Mesh(vertices=corners), Pose(), Sphere(radius=0.01), ball) == pytest.approx(0.04, abs=2e-4)


def test_distances_of_the_links_agree_with_pybullet() -> None:
    """Both take convex hulls of the same meshes; PyBullet rounds them off by up to a millimetre."""
    client = pybullet.connect(pybullet.DIRECT)
    try:
        arm = pybullet.loadURDF(str(robot_urdf(PANDA).path), useFixedBase=True, physicsClientId=client)
        joints = range(pybullet.getNumJoints(arm, client))
        infos = [pybullet.getJointInfo(arm, index, client) for index in joints]
        ball_shape = pybullet.createCollisionShape(pybullet.GEOM_SPHERE, radius=0.04, physicsClientId=client)
        ball = pybullet.createMultiBody(0, ball_shape, physicsClientId=client)
        rng, compared = np.random.default_rng(6), 0
        for q in postures(120, seed=7):
            values = dict(zip(PANDA.joint_names, q, strict=True)) | dict.fromkeys(PANDA.gripper.joints, 0.02)
            for info in infos:
                pybullet.resetJointState(arm, info[0], values.get(info[1].decode(), 0.0), physicsClientId=client)
            centre = kinematics().forward(q)[:3, 3] + rng.uniform(-0.12, 0.12, 3)
            pybullet.resetBasePositionAndOrientation(ball, centre, (0, 0, 0, 1), physicsClientId=client)
            model = collision_model().with_scene(scene(thing("ball", Sphere(radius=0.04), Pose(position=tuple(centre)))))
            ours = {c.a: c.distance for c in model.check(q, 0.04, margin=HORIZON - 1e-9) if c.b == "ball"}
            for info in infos:
                found = pybullet.getClosestPoints(arm, ball, 1.0, info[0], -1, physicsClientId=client)
                name = info[12].decode()
                if name in ours and ours[name] > 1e-3:
                    assert min(point[8] for point in found) == pytest.approx(ours[name], abs=1.5e-3)
                    compared += 1
                elif found and name in model.bodies and name not in ours:
                    assert min(point[8] for point in found) > HORIZON - 1.5e-3
        assert compared > 20
    finally:
        pybullet.disconnect(client)


def test_the_rest_posture_is_free_at_any_gripper_width() -> None:
    free = collision_model().with_scene(scene(TABLE))
    for width in (0.0, 0.03, 0.08):
        assert free.check(PANDA.rest, width, margin=0.02) == ()


def test_ignored_pairs_are_those_that_touch_by_design() -> None:
    """Every pair that is measured is apart in most postures; that the hand can hit the forearm is seen."""
    model = collision_model()
    free = model.with_scene(scene())
    touching: dict[tuple[str, str], int] = {}
    sample = postures(300, seed=8)
    for q in sample:
        for contact in free.check(q, 0.04):
            touching[contact.a, contact.b] = touching.get((contact.a, contact.b), 0) + 1
    assert max(touching.values()) < 0.2 * len(sample)
    assert ("panda_link5", "panda_hand") in touching


@settings(max_examples=15)
@given(x=st.floats(-1, 1), y=st.floats(-1, 1), yaw=st.floats(-3, 3), seed=st.integers(0, 1000))
def test_moving_the_robot_and_the_scene_together_changes_nothing(x: float, y: float, yaw: float, seed: int) -> None:
    base = Pose.from_yaw((x, y, 0.1), yaw)
    q = postures(1, seed)[0]
    T_world_tool = Pose.from_matrix(kinematics().forward(q))
    near = T_world_tool @ Pose(position=(0.05, 0.0, 0.02))
    cup = Cylinder(radius=0.03, height=0.1)
    here = collision_model().with_scene(scene(thing("cup", cup, near))).check(q, 0.08, margin=0.02)
    moved = CollisionModel(PANDA.model_copy(update={"base": base}))
    there = moved.with_scene(scene(thing("cup", cup, base @ near))).check(q, 0.08, margin=0.02)
    assert [(c.a, c.b) for c in here] == [(c.a, c.b) for c in there]
    np.testing.assert_allclose([c.distance for c in here], [c.distance for c in there], atol=1e-5)


def test_open_fingers_straddle_a_block_and_closed_ones_hit_it() -> None:
    arm = kinematics()
    block = thing("block", Box(size=(0.04, 0.04, 0.04)), Pose(position=(0.5, 0.1, 0.02)))
    grasp = arm.inverse(down(0.5, 0.1, 0.02))
    world = collision_model().with_scene(scene(TABLE, block))
    assert world.check(grasp.q, 0.08, margin=0.004) == ()
    hit = world.check(grasp.q, 0.0)
    assert {(c.a, c.b) for c in hit} == {("panda_leftfinger", "block"), ("panda_rightfinger", "block")}
    assert world.check(grasp.q, 0.0, [("block", "fingers")]) == ()
    assert len(world.check(grasp.q, 0.0, [("panda_leftfinger", "block")])) == 1
    assert world.check(grasp.q, 0.0, [("robot", "block")]) == ()
    with pytest.raises(UnknownName, match=r"Did you mean 'fingers'\?"):
        world.check(grasp.q, 0.0, [("finger", "block")])


def test_the_held_object_moves_with_the_tool_and_meets_the_table() -> None:
    arm = kinematics()
    block = thing("block", Box(size=(0.04, 0.04, 0.1)), Pose(position=(0.5, 0.1, 0.05)))
    T_tool_block = np.linalg.inv(down(0.5, 0.1, 0.05)) @ block.pose.matrix
    world = collision_model().with_scene(scene(TABLE, block), held="block", T_tool_object=T_tool_block)
    for height, gap in ((0.065, 0.015), (0.055, 0.005), (0.045, -0.005)):
        posture = arm.inverse(down(0.5, 0.1, height))
        (contact,) = world.check(posture.q, 0.04, margin=0.02, allowed_contacts=[("fingers", "table")])
        assert (contact.a, contact.b) == ("block", "table")
        assert contact.distance == pytest.approx(gap, abs=1e-5)
    low = arm.inverse(down(0.5, 0.1, 0.045))
    assert world.check(low.q, 0.04, [("block", "table")]) == ()


def test_the_grasp_is_read_from_the_scene_where_none_is_given() -> None:
    arm = kinematics()
    T_world_block = Pose.from_matrix(arm.forward(arm.rest) @ Pose(position=(0.0, 0.0, 0.03)).matrix)
    held = scene(TABLE, thing("block", Box(size=(0.04, 0.04, 0.1)), T_world_block))
    high = arm.inverse(down(0.5, 0.0, 0.091)).q
    (contact,) = collision_model().with_scene(held, held="block").check(high, 0.04, margin=0.02)
    assert (contact.a, contact.b) == ("block", "table")
    assert contact.distance == pytest.approx(0.091 - 0.03 - 0.05, abs=1e-5)


def test_a_thin_wall_between_two_samples_is_found() -> None:
    arm = kinematics()
    path = arm.inverse_path(straight(arm.forward(arm.rest), down(0.43, -0.3, 0.38), 100), arm.rest)
    assert isinstance(path, PosturePath)
    wall = thing("wall", Box(size=(0.3, 0.002, 0.4)), Pose(position=(0.43, -0.15, 0.3)))
    model = collision_model().with_scene(scene(wall))
    ends = path.qs[[0, -1]]
    assert model.check(ends[0], 0.0) == model.check(ends[1], 0.0) == ()
    assert "wall" in {contact.b for contact in model.check_path(ends, 0.0).contacts}
    assert collision_model().with_scene(scene(TABLE)).check_path(ends, 0.0).contacts == ()


@settings(max_examples=15)
@given(seed=st.integers(0, 1000), stride=st.integers(2, 12))
def test_nothing_between_the_samples_is_nearer_than_the_bound(seed: int, stride: int) -> None:
    rng = np.random.default_rng(seed)
    arm = kinematics()
    goal = down(*rng.uniform([0.35, -0.3, 0.1, -1.0], [0.6, 0.3, 0.3, 1.0]))
    path = arm.inverse_path(straight(arm.forward(arm.rest), goal, 61), arm.rest)
    assume(isinstance(path, PosturePath))
    middle = arm.forward(path.qs[40])[:3, 3]
    x, y, z = (float(value) for value in middle + rng.uniform(-0.12, 0.12, 3))
    model = collision_model().with_scene(scene(TABLE, thing("ball", Sphere(radius=0.03), Pose(position=(x, y, z)))))
    coarse = path.qs[::stride]
    fine = np.concatenate([np.linspace(a, b, 15) for a, b in pairwise(coarse)])
    sampled, truth = model.check_path(coarse, 0.05), model.check_path(fine, 0.05)
    if sampled.contacts:
        assert truth.min_distance is not None and truth.min_distance < 0.005
    else:
        assert truth.min_distance is None or truth.min_distance >= sampled.between - 1e-6


def test_contacts_come_in_the_order_of_the_path_with_their_worst_sample() -> None:
    arm = kinematics()
    path = arm.inverse_path(straight(arm.forward(arm.rest), down(0.43, 0.0, -0.01), 120), arm.rest)
    assert isinstance(path, PosturePath)
    block = thing("block", Box(size=(0.02, 0.02, 0.1)), Pose(position=(0.43, 0.0, 0.05)))
    found = collision_model().with_scene(scene(TABLE, block)).check_path(path.qs, 0.02, margin=0.002)
    assert found.contacts and [c.first for c in found.contacts] == sorted(c.first for c in found.contacts)
    table = next(c for c in found.contacts if (c.a, c.b) == ("panda_leftfinger", "table"))
    heights = arm.forward_path(path.qs)[:, 2, 3]
    tip = 0.1123 - 0.105
    assert heights[table.first] - tip < 0.002 < heights[table.first - 1] - tip + 1e-3
    assert table.index == len(path.qs) - 1
    assert found.nearest is not None and found.min_distance == min(c.distance for c in found.contacts)


def test_wrong_use_is_refused() -> None:
    with pytest.raises(ValueError, match="margin"):
        collision_model().with_scene(scene()).check(PANDA.rest, 0.08, margin=0.1)
    with pytest.raises(UnknownName):
        collision_model().with_scene(scene(TABLE), held="cup")


def test_a_robot_that_is_no_longer_needed_is_freed() -> None:
    def alive() -> int:
        gc.collect()
        return sum(type(thing).__name__ == "GeometryModel" for thing in gc.get_objects())

    before = alive()
    for _ in range(3):
        CollisionModel(PANDA)
    assert alive() == before
