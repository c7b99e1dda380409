"""Inverse kinematics of any serial arm: paths, closed paths, batches, and why a path cannot be followed."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from panda_arm import PANDA, kinematics, postures, straight
from random_arm import random_arm
from scipy.spatial.transform import Rotation

from lmp.primitives.arm.kinematics import Kinematics
from lmp.primitives.arm.reachability import Posture, PosturePath, Unreachable
from lmp.robots.robot_file import load_robot

Array = np.ndarray
MARGIN = 0.01


@cache
def arm_of(name: str) -> Kinematics:
    return Kinematics(load_robot(name))


def circle(T: Array, radius: float, tilt: float, n: int) -> Array:
    """A lap that begins and ends at a pose, nodding on the way. Shape (n, 4, 4)."""
    angle = np.linspace(0.0, 2 * np.pi, n)
    poses = np.tile(T, (n, 1, 1))
    poses[:, 0, 3] += radius * np.sin(angle)
    poses[:, 1, 3] += radius * (np.cos(angle) - 1.0)
    nods = Rotation.from_rotvec(tilt * np.sin(angle)[:, None] * [1.0, 0.0, 0.0]).as_matrix()
    poses[:, :3, :3] = nods @ T[:3, :3]
    return poses


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), dof=st.integers(3, 8))
def test_what_a_smooth_joint_motion_draws_can_be_followed(seed: int, dof: int) -> None:
    """Also with fewer than six joints, if the path is one that the arm can draw; with up to six there is one way only."""
    arm, rng = Kinematics(random_arm(seed, dof)), np.random.default_rng(seed)
    begin, end = rng.uniform(-1.0, 1.0, (2, dof))
    truth = begin + np.linspace(0.0, 0.4, 60)[:, None] * (end - begin)
    poses = arm.forward_path(truth)
    path = arm.inverse_path(poses, begin)
    if arm.singular_values(truth).min() < 0.03:
        return
    assert isinstance(path, PosturePath)
    np.testing.assert_allclose(arm.forward_path(path.qs), poses, atol=2e-9)
    if dof <= 6:
        np.testing.assert_allclose(path.qs, truth, atol=1e-6)


@pytest.mark.parametrize("name", ["panda", "iiwa14"])
@pytest.mark.parametrize(("radius", "tilt"), [(0.1, 0.0), (0.1, 0.3)])
def test_the_second_lap_ends_where_it_began(name: str, radius: float, tilt: float) -> None:
    """From an elbow turned out of the way: where the free joint goes is settled within the first lap."""
    arm = arm_of(name)
    q = arm.rest + np.array([0.2, 0.1, -0.2, 0.1, 0.2, -0.1, 0.3])
    lap, ends = circle(arm.forward(q), radius, tilt, 200), []
    for _ in range(2):
        path = arm.inverse_path(lap, q)
        assert isinstance(path, PosturePath)
        ends.append(q := path.qs[-1])
    assert np.abs(ends[1] - ends[0]).max() <= 1e-3


def test_a_lap_twice_as_finely_sampled_comes_to_the_same_postures() -> None:
    arm = kinematics()
    ends = [arm.inverse_path(circle(arm.forward(arm.rest), 0.15, 0.3, n), arm.rest) for n in (201, 401, 801)]
    assert all(isinstance(path, PosturePath) for path in ends)
    coarse, middle, fine = (path.qs[:: (len(path.qs) - 1) // 200] for path in ends)  # type: ignore[union-attr]
    assert np.abs(middle - coarse).max() < 5e-3
    assert np.abs(fine - middle).max() < 0.6 * np.abs(middle - coarse).max()


@pytest.mark.parametrize("name", ["panda", "iiwa14", "xarm6", "ur5e"])
def test_many_paths_are_followed_as_one_by_one(name: str) -> None:
    arm, rng = arm_of(name), np.random.default_rng(3)
    T = arm.forward(arm.rest)
    goals = np.tile(T, (6, 1, 1))
    goals[:, :3, 3] += rng.uniform(-0.25, 0.25, (6, 3))
    goals[5, 0, 3] = 2.5
    poses = np.array([straight(T, goal, 25) for goal in goals])
    qs, reached = arm.inverse_many(poses, arm.rest)
    for path, row, count in zip(poses, qs, reached, strict=True):
        single = arm.inverse_path(path, arm.rest)
        if isinstance(single, PosturePath):
            assert count == 25
            np.testing.assert_array_equal(single.qs, row)
        else:
            inside = ((single.qs >= arm.lower + MARGIN) & (single.qs <= arm.upper - MARGIN)).all(axis=1)
            assert count == np.append(inside, False).argmin()
            np.testing.assert_array_equal(single.qs[:count], row[:count])
    assert np.isfinite(qs).all() and reached[5] < 25 and reached.max() == 25


def test_a_batch_begins_where_each_of_its_arms_is() -> None:
    arm = kinematics()
    starts = postures(3, seed=2, margin=0.6)
    poses = np.array([np.tile(arm.forward(q), (4, 1, 1)) for q in starts])
    qs, reached = arm.inverse_many(poses, starts)
    np.testing.assert_array_equal(reached, 4)
    np.testing.assert_allclose(qs[:, -1], starts, atol=1e-9)
    np.testing.assert_array_equal(arm.inverse_many(poses, starts[::-1])[1], [0, 4, 0])
    with pytest.raises(ValueError, match=r"shape \(2, 7\), expected \(3, 7\) or \(7,\)"):
        arm.inverse_many(poses, starts[:2])
    with pytest.raises(ValueError, match=r"expected \(k, n, 4, 4\)"):
        arm.inverse_many(poses[0], starts[0])


@pytest.mark.parametrize("name", ["panda", "iiwa14", "xarm6", "ur5e"])
def test_many_poses_are_found_as_one_by_one(name: str) -> None:
    arm, rng = arm_of(name), np.random.default_rng(4)
    poses = arm.forward_path(rng.uniform(arm.lower + 0.1, arm.upper - 0.1, (12, arm.dof)))
    poses[7, :3, 3] *= 5.0
    seeds = rng.uniform(arm.lower, arm.upper, (12, 2, arm.dof))
    qs, ok, values = arm.inverse_poses(poses, seeds)
    for T, own, q, reached, value in zip(poses, seeds, qs, ok, values, strict=True):
        single = arm.inverse(T, own)
        assert isinstance(single, Posture) == reached
        np.testing.assert_array_equal(q, single.q if isinstance(single, Posture) else single.nearest)
        assert value == pytest.approx(arm.singular_values(q[None])[0])
    assert not ok[7] and ok.sum() >= 9
    np.testing.assert_array_equal(arm.inverse_poses(poses)[1], arm.inverse_poses(poses, arm.rest)[1])


def test_beyond_reach_the_nearest_pose_is_as_near_as_the_arm_gets() -> None:
    """Straight out until the arm is stretched: what is missing there is what the links are too short for."""
    arm = arm_of("ur5e")
    T = arm.forward(arm.rest)
    far = T.copy()
    far[0, 3] = 1.6
    result = arm.inverse_path(straight(T, far, 120), arm.rest)
    assert isinstance(result, Unreachable)
    problem = result.problems[-1]
    assert problem.reason == "reach" and problem.index == len(result.qs)
    missed = straight(T, far, 120)[problem.index]
    assert np.linalg.norm(result.T_world_nearest[:3, 3] - missed[:3, 3]) == pytest.approx(problem.position_error, abs=1e-12)
    np.testing.assert_allclose(arm.forward(result.nearest), result.T_world_nearest, atol=1e-15)
    assert arm.singular_values(result.nearest[None])[0] < 1e-3


def test_the_direction_that_a_stretched_wrist_has_lost_is_singular() -> None:
    """Two axes of the wrist in line: a turn about the normal of both and the third needs them a quarter turn away."""
    arm = arm_of("ur5e")
    q = arm.rest.copy()
    q[4] = 0.0
    left, values, _ = np.linalg.svd(arm.jacobian(q))
    assert values[-1] < 1e-9
    lost, T = left[:, -1], arm.forward(q)
    way = np.linspace(0.0, 0.1, 40)
    poses = np.tile(T, (40, 1, 1))
    poses[:, :3, 3] += way[:, None] * lost[:3]
    poses[:, :3, :3] = Rotation.from_rotvec(way[:, None] * lost[3:]).as_matrix() @ T[:3, :3]
    result = arm.inverse_path(poses, q)
    assert isinstance(result, Unreachable)
    problem = result.problems[-1]
    assert problem.reason == "singularity" and problem.value < problem.limit
    np.testing.assert_allclose(result.T_world_nearest, poses[problem.index], atol=1e-6)


@settings(max_examples=15)
@given(seed=st.integers(0, 10**6))
def test_what_the_ranges_forbid_is_put_down_to_them(seed: int) -> None:
    """At the nearest posture no joint can bring the tool nearer: each is balanced, or at the end of its range."""
    rng = np.random.default_rng(seed)
    rest = kinematics().rest
    narrow = [
        joint.model_copy(update={"lower": q - 0.3, "upper": q + 0.3}) for joint, q in zip(PANDA.joints, rest, strict=True)
    ]
    arm = Kinematics(PANDA.model_copy(update={"joints": tuple(narrow)}))
    result = arm.inverse(arm.forward(rest + rng.uniform(0.6, 0.9, 7) * rng.choice([-1.0, 1.0], 7)))
    assert isinstance(result, Unreachable)
    problem, q = result.problems[0], result.nearest
    assert problem.reason == "limit" and problem.joint is not None
    assert q[problem.joint] == problem.value == pytest.approx(problem.limit)
    assert abs(problem.limit - rest[problem.joint]) == pytest.approx(0.3 - MARGIN)
    assert problem.position_error > 1e-6 or problem.rotation_error > 1e-6
