import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmp.errors import SetupFault
from lmp.primitives.timing.joint_spline import fit_spline, minimum_jerk_spline

P = np.linspace(0.0, 1.0, 201)
WAY = 10 * P**3 - 15 * P**4 + 6 * P**5
JOINTS = 7


def smooth_waypoints(seed: int) -> np.ndarray:
    """Joint positions as inverse kinematics gives them: smooth in how far the tool has come, which crawls at the ends."""
    rng = np.random.default_rng(seed)
    start, way, wave = rng.uniform(-2, 2, JOINTS), rng.uniform(-1, 1, JOINTS), rng.uniform(-0.5, 0.5, JOINTS)
    return start + np.outer(WAY, way) + np.outer(np.sin(2.5 * WAY) ** 2, wave)


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_smooth_waypoints_are_met_within_the_tolerance_and_the_ends_at_rest(seed):
    q = smooth_waypoints(seed)
    path = fit_spline(P, q, tolerance=1e-5)
    assert path.deviation <= 1e-5
    position, first, second, _ = path.evaluate(P)
    assert np.abs(position - q).max() == pytest.approx(path.deviation, abs=1e-10)
    assert np.abs(position[[0, -1]] - q[[0, -1]]).max() <= 1e-12
    assert np.abs(first[[0, -1]]).max() <= 1e-10
    assert np.abs(second[[0, -1]]).max() <= 1e-8


def test_four_derivatives_are_continuous():
    path = fit_spline(P, smooth_waypoints(1))
    inner = path.knots[1:-1]
    for order in range(5):
        before = path.pieces(inner - 1e-12, order)
        assert path.pieces(inner, order) == pytest.approx(before, abs=1e-7 * 10.0**order)


def test_derivatives_agree_with_those_of_the_curve_that_was_sampled():
    start, way = np.array([0.3]), np.array([1.4])
    path = fit_spline(P, start + np.outer(WAY, way), tolerance=1e-9)
    _, first, second, third = path.evaluate(P)
    assert first[:, 0] == pytest.approx(1.4 * 30 * P**2 * (1 - P) ** 2, abs=1e-8)
    assert second[:, 0] == pytest.approx(1.4 * 60 * P * (1 - P) * (1 - 2 * P), abs=1e-7)
    assert third[:, 0] == pytest.approx(1.4 * (60 - 360 * P + 360 * P**2), abs=1e-5)


def test_error_falls_with_the_sixth_power_of_the_knots():
    """Observed order of a quintic spline: a factor 1.5 in knots is 1.5^6 = 11 in error."""
    fine = np.linspace(0.0, 1.0, 2001)
    way = 10 * fine**3 - 15 * fine**4 + 6 * fine**5
    q = np.sin(6.0 * way)[:, None]
    deviations, knots = [], []
    for tolerance in 10.0 ** -np.arange(4.0, 10.0):
        path = fit_spline(fine, q, tolerance)
        deviations.append(path.deviation)
        knots.append(len(path.knots) - 1)
    assert np.polyfit(np.log(knots), np.log(deviations), 1)[0] == pytest.approx(-6.0, abs=0.8)


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_noise_of_inverse_kinematics_hardly_changes_the_jerk(seed):
    q = smooth_waypoints(seed)
    noisy = q + 1e-6 * np.random.default_rng(seed).uniform(-1, 1, q.shape)
    clean, rough = fit_spline(P, q), fit_spline(P, noisy)
    fine = np.linspace(0.0, 1.0, 1001)
    jerk = clean.evaluate(fine)[3]
    assert np.abs(rough.evaluate(fine)[3] - jerk).max() <= 0.02 * np.abs(jerk).max()


def test_waypoints_that_jump_are_told_by_the_deviation():
    q = np.zeros((201, 2))
    q[100:, 1] = 1.0
    path = fit_spline(P, q)
    assert path.deviation > 0.1
    assert path.dof == 2


def test_unevenly_spaced_waypoints_are_fine():
    uneven = P + 0.1 * np.sin(np.pi * P) ** 2 / np.pi
    way = 10 * uneven**3 - 15 * uneven**4 + 6 * uneven**5
    path = fit_spline(uneven, np.sin(2 * way)[:, None])
    assert path.deviation <= 1e-5


@settings(max_examples=40)
@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3)), min_size=1, max_size=8))
def test_minimum_jerk_is_the_exact_quintic(ends):
    start, goal = np.array(ends).T
    position, first, second, third = minimum_jerk_spline(start, goal).evaluate(P)
    way = goal - start
    assert np.abs(position - start - np.outer(WAY, way)).max() <= 1e-13
    assert np.abs(first - np.outer(30 * P**2 * (1 - P) ** 2, way)).max() <= 1e-12
    assert np.abs(second - np.outer(60 * P * (1 - P) * (1 - 2 * P), way)).max() <= 1e-11
    assert np.abs(third - np.outer(60 - 360 * P + 360 * P**2, way)).max() <= 1e-10


@pytest.mark.parametrize(
    ("phases", "positions"),
    [
        (P, np.zeros((200, 7))),
        (P[:7] / P[6], np.zeros((7, 7))),
        (P * 0.9, np.zeros((201, 7))),
        (P[::-1], np.zeros((201, 7))),
        (P, np.full((201, 7), np.nan)),
        (P, np.zeros(201)),
    ],
)
def test_impossible_waypoints_are_refused(phases, positions):
    with pytest.raises(SetupFault):
        fit_spline(phases, positions)


@pytest.mark.parametrize("goal", [np.zeros(6), np.full(7, np.inf), np.zeros((7, 1))])
def test_impossible_ends_are_refused(goal):
    with pytest.raises(SetupFault):
        minimum_jerk_spline(np.zeros(7), goal)


def test_few_waypoints_and_many_are_fitted_alike():
    """Few are fitted by matrices that are kept, many are not; both give the curve that was sampled."""
    rng = np.random.default_rng(2)
    fine = np.linspace(0.0, 1.0, 997)
    for count in (33, 65, 128, 129, 400):
        p = np.linspace(0.0, 1.0, count)
        way = 10 * p**3 - 15 * p**4 + 6 * p**5
        start, goal = rng.uniform(-3, 3, (2, JOINTS))
        exact = minimum_jerk_spline(start, goal).evaluate(fine)
        for samples, expected, size in zip(
            fit_spline(p, start + np.outer(way, goal - start)).evaluate(fine), exact, (1e-12, 1e-10, 1e-8, 1e-6), strict=True
        ):
            assert samples == pytest.approx(expected, abs=size)
