from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from panda_arm import PANDA, down, kinematics, postures, straight
from scipy.spatial.transform import Rotation

from lmp.primitives.arm.reachability import Posture, PosturePath, Unreachable

MARGIN = 0.01
INSIDE = st.floats(-0.25, 0.25)
PLACES = st.tuples(st.floats(0.35, 0.6), INSIDE, st.floats(0.05, 0.35), st.floats(-1.2, 1.2))


def errors(T: np.ndarray, T_goal: np.ndarray) -> tuple[float, float]:
    turn = Rotation.from_matrix(T_goal[:3, :3] @ T[:3, :3].T).magnitude()
    return float(np.linalg.norm(T[:3, 3] - T_goal[:3, 3])), float(turn)


@settings(max_examples=60)
@given(seed=st.integers(0, 10**6))
def test_every_pose_of_the_arm_is_found_again(seed: int) -> None:
    arm = kinematics()
    T_world_tool = arm.forward(postures(1, seed)[0])
    result = arm.inverse(T_world_tool)
    assert isinstance(result, Posture)
    position, rotation = errors(arm.forward(result.q), T_world_tool)
    assert position <= 1e-6 and rotation <= 1e-6
    assert (result.q >= arm.lower + MARGIN).all() and (result.q <= arm.upper - MARGIN).all()


def test_the_posture_nearest_to_the_first_seed_is_chosen() -> None:
    arm = kinematics()
    for q in postures(20, seed=5, margin=0.3):
        result = arm.inverse(arm.forward(q), seeds=q)
        assert isinstance(result, Posture)
        np.testing.assert_allclose(result.q, q, atol=1e-6)


def test_a_pose_too_far_away_says_how_far() -> None:
    arm = kinematics()
    result = arm.inverse(down(1.4, 0.0, 0.3))
    assert isinstance(result, Unreachable)
    (problem,) = result.problems
    missing = 1.4 - arm.forward(result.nearest)[0, 3]
    assert problem.reason in {"reach", "limit"}
    assert problem.position_error == pytest.approx(missing, abs=0.02)
    # The shoulder is at 0.333 m; from there to the flange the links measure 0.316, 0.384 and 0.088 m, the tool 0.212 m.
    assert problem.position_error > 1.4 - (0.316 + 0.384 + 0.088 + 0.212)


@settings(max_examples=25)
@given(start=PLACES, end=PLACES)
def test_paths_over_the_table_are_followed_without_a_jump(start: tuple[float, ...], end: tuple[float, ...]) -> None:
    arm = kinematics()
    begin = arm.inverse(down(*start))
    assert isinstance(begin, Posture)
    waypoints = straight(arm.forward(begin.q), down(*end), 120)
    path = arm.inverse_path(waypoints, begin.q)
    if isinstance(path, Unreachable):
        assert {problem.reason for problem in path.problems} == {"limit"}
        return
    np.testing.assert_array_equal(path.qs[0], begin.q)
    reached = arm.forward_path(path.qs)
    assert max(max(errors(T, goal)) for T, goal in zip(reached, waypoints, strict=True)) <= 1e-8
    steps = np.abs(np.diff(path.qs, axis=0)).max(axis=1)
    longest = np.linalg.norm(np.diff(waypoints[:, :3, 3], axis=0), axis=1).max()
    turned = Rotation.from_matrix(waypoints[1:, :3, :3] @ waypoints[:-1, :3, :3].swapaxes(1, 2)).magnitude().max()
    assert steps.max() <= (longest + turned) / path.singular_values.min() + 0.01
    assert (path.qs > arm.lower).all() and (path.qs < arm.upper).all()


def test_a_path_does_not_depend_on_how_finely_it_is_sampled() -> None:
    """The free motion is one Euler step a waypoint: the end posture converges with order one in the spacing."""
    arm = kinematics()
    begin = np.array([0.2, -0.3, 0.1, -2.2, 0.1, 1.9, 0.6])
    ends = []
    for n in (51, 101, 201, 401, 801):
        path = arm.inverse_path(straight(arm.forward(begin), down(0.5, 0.25, 0.1, 0.5), n), begin)
        assert isinstance(path, PosturePath)
        ends.append(path.qs[-1])
    gaps = [float(np.linalg.norm(b - a)) for a, b in pairwise(ends)]
    orders = np.log2(np.array(gaps[:-1]) / np.array(gaps[1:]))
    np.testing.assert_allclose(orders, 1.0, atol=0.1)


def test_waypoints_far_apart_are_bridged_and_give_the_same_branch() -> None:
    arm = kinematics()
    waypoints = straight(arm.forward(arm.rest), down(0.55, 0.2, 0.15, 0.8), 201)
    fine, coarse = arm.inverse_path(waypoints, arm.rest), arm.inverse_path(waypoints[[0, -1]], arm.rest)
    assert isinstance(fine, PosturePath) and isinstance(coarse, PosturePath)
    np.testing.assert_allclose(coarse.qs[-1], fine.qs[-1], atol=0.3)


def test_laps_along_a_closed_path_do_not_drift() -> None:
    """A path of pure task motion would wander through the free joint lap by lap; the pull to rest makes it periodic."""
    arm = kinematics()
    corners = [down(*place) for place in ((0.45, 0.2, 0.2, 0.4), (0.6, 0.0, 0.1, -0.5), (0.45, -0.2, 0.3, 0.0))]
    q = arm.rest
    laps = []
    T = arm.forward(q)
    for corner in (*corners * 4, corners[0]):
        path = arm.inverse_path(straight(T, corner, 80), q)
        assert isinstance(path, PosturePath)
        q, T = path.qs[-1], path_end(path)
        if corner is corners[0]:
            laps.append(q)
    assert np.abs(laps[-1] - laps[-2]).max() < 0.02
    assert np.abs(np.array(laps) - laps[0]).max() < 0.2


def path_end(path: PosturePath) -> np.ndarray:
    return kinematics().forward(path.qs[-1])


def test_a_path_that_does_not_begin_at_the_arm_is_refused() -> None:
    arm = kinematics()
    waypoints = straight(arm.forward(arm.rest), down(0.5, 0.1, 0.2), 20)
    waypoints[:, 2, 3] += 0.01
    result = arm.inverse_path(waypoints, arm.rest)
    assert isinstance(result, Unreachable)
    (problem,) = result.problems
    assert problem.reason == "start" and problem.value == pytest.approx(0.01)


def test_a_path_out_of_reach_names_the_waypoint() -> None:
    arm = kinematics()
    waypoints = straight(arm.forward(arm.rest), down(1.1, 0.0, 0.38), 100)
    result = arm.inverse_path(waypoints, arm.rest)
    assert isinstance(result, Unreachable)
    last = result.problems[-1]
    assert last.reason in {"reach", "limit", "singularity"}
    assert last.index == len(result.qs) < 100
    assert arm.forward(result.qs[-1])[:3, 3] == pytest.approx(waypoints[last.index - 1, :3, 3], abs=1e-8)


def test_a_turn_beyond_the_wrist_names_the_joint_and_its_limit() -> None:
    arm = kinematics()
    T_from = arm.forward(arm.rest)
    qs = np.tile(arm.rest, (60, 1))
    qs[:, 6] = np.linspace(arm.rest[6], 3.3, 60)
    waypoints = arm.forward_path(qs)
    np.testing.assert_allclose(waypoints[0], T_from)
    result = arm.inverse_path(waypoints, arm.rest)
    assert isinstance(result, Unreachable)
    seventh = [problem for problem in result.problems if problem.joint == 6]
    assert seventh and seventh[0].reason == "limit"
    assert seventh[0].limit == pytest.approx(PANDA.joints[6].upper - MARGIN)
    assert seventh[0].value > seventh[0].limit


@settings(max_examples=40)
@given(goal=st.tuples(*[st.floats(-1.2, 1.2)] * 3), turn=st.tuples(*[st.floats(-3, 3)] * 3))
def test_any_path_is_followed_or_explained(goal: tuple[float, ...], turn: tuple[float, ...]) -> None:
    arm = kinematics()
    T = np.eye(4)
    T[:3, :3], T[:3, 3] = Rotation.from_rotvec(turn).as_matrix(), goal
    result = arm.inverse_path(straight(arm.forward(arm.rest), T, 40), arm.rest)
    if isinstance(result, PosturePath):
        assert max(errors(path_end(result), T)) <= 1e-8
        assert np.abs(np.diff(result.qs, axis=0)).max() < 1.5
    else:
        assert result.problems and np.isfinite(result.nearest).all()
        assert all(0 <= problem.index < 40 for problem in result.problems)


def test_what_cannot_be_reached_is_said_in_a_line() -> None:
    said = str(kinematics().inverse(down(1.4, 0.0, 0.3)))
    result = kinematics().inverse(down(1.4, 0.0, 0.3))
    assert isinstance(result, Unreachable)
    x = result.T_world_nearest[0, 3]
    assert said.startswith(f"{result.problems[0].reason} at way-point 0")
    assert f"missed by {result.problems[0].position_error * 1e3:.1f} mm" in said
    assert f"nearest position in reach ({x:.3f}, " in said
    assert len(said) < 200
