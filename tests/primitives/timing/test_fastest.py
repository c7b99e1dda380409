import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmp.errors import SetupFault
from lmp.primitives.timing.fastest import ToolSpeed, fastest
from lmp.primitives.timing.joint_spline import JointSpline, fit_spline, minimum_jerk_spline
from lmp.primitives.timing.retime import SHORTEST, least_duration

VELOCITY, ACCELERATION, JERK = np.full(7, 2.2), np.linspace(7.0, 20.0, 7), np.linspace(3500.0, 10000.0, 7)
P = np.linspace(0.0, 1.0, 101)
TICK = 1e-3


def way(p: np.ndarray) -> np.ndarray:
    return 10 * p**3 - 15 * p**4 + 6 * p**5


def curve(seed: int, s: np.ndarray) -> np.ndarray:
    rng = np.random.default_rng(seed)
    turn = rng.uniform(1.0, 4.0, 7)
    return np.outer(s, rng.uniform(-1.5, 1.5, 7)) + np.sin(np.outer(s, turn) + rng.uniform(0, 6, 7)) * rng.uniform(-0.5, 0.5, 7)


def wavy(seed: int) -> JointSpline:
    return fit_spline(P, curve(seed, way(P)))


def shortest_line(distance: float, velocity: float, acceleration: float) -> float:
    """Full thrust, cruise, full brake [s]."""
    top = min(velocity, np.sqrt(acceleration * distance))
    return float(distance / top + top / acceleration)


def shortest_smooth_line(distance: float, acceleration: float, jerk: float) -> float:
    """The same without a limit of velocity and with one of jerk: ramps of acceleration, where they fit in (double S) [s]."""
    ramp = acceleration / jerk
    if distance <= 2.0 * acceleration * ramp**2:
        return float((32.0 * distance / jerk) ** (1.0 / 3.0))
    return float(ramp + np.sqrt(ramp**2 + 4.0 * distance / acceleration))


@settings(max_examples=25)
@given(st.floats(0.02, 3.0), st.floats(0.3, 5.0), st.floats(1.0, 30.0))
def test_a_straight_line_takes_thrust_cruise_and_brake(distance, velocity, acceleration):
    path = minimum_jerk_spline(np.array([0.3, -0.2]), np.array([0.3 + distance, -0.2 - distance / 3]))
    times, _, v, a, _ = fastest(path, np.full(2, velocity), np.full(2, acceleration))
    least = max(shortest_line(distance, velocity, acceleration), SHORTEST)
    assert least * (1 - 1e-9) <= times[-1] <= 1.002 * least + 2 * TICK
    if least > SHORTEST:
        rounded = (least / times[-1]) ** 2  # The duration is a whole number of samples: all accelerations shrink by this.
        assert np.quantile(np.maximum(np.abs(v[:, 0]) / velocity, np.abs(a[:, 0]) / acceleration), 0.1) >= 0.99 * rounded


@settings(max_examples=25)
@given(st.floats(0.02, 3.0), st.floats(1.0, 30.0), st.floats(0.002, 0.2))
def test_with_a_limit_of_jerk_a_straight_line_is_near_the_double_s(distance, acceleration, ramp):
    path = minimum_jerk_spline(np.zeros(1), np.array([distance]))
    jerk = np.array([acceleration / ramp])
    times = fastest(path, np.array([100.0]), np.array([acceleration]), jerk)[0]
    least = max(shortest_smooth_line(distance, acceleration, float(jerk[0])), SHORTEST)
    assert least * (1 - 1e-9) <= times[-1] <= (60 / 32) ** (1 / 3) * least + 2 * TICK  # That is minimum jerk, at worst.
    if ramp < 0.01:
        assert times[-1] <= 1.1 * least + 2 * TICK


@settings(max_examples=20)
@given(
    st.integers(0, 10_000),
    st.tuples(st.floats(0.2, 5.0), st.floats(1.0, 50.0), st.floats(10.0, 1e4)),
    st.booleans(),
    st.sampled_from([100.0, 240.0, 1000.0]),
)
def test_limits_hold_at_every_sample_and_no_joint_could_be_sooner(seed, scales, smooth, rate_hz):
    velocity, acceleration, jerk = (scale * np.linspace(1.0, 2.0, 7) for scale in scales)
    path = wavy(seed)
    times, q, v, a, j = fastest(path, velocity, acceleration, jerk if smooth else None, rate_hz)
    for samples, limit in ((v, velocity), (a, acceleration), *(((j, jerk),) if smooth else ())):
        assert (np.abs(samples) <= limit * (1 + 1e-9)).all()
    assert np.abs(np.diff(times) - 1.0 / rate_hz).max() <= 1e-9
    assert q[[0, -1]] == pytest.approx(path.evaluate(np.array([0.0, 1.0]))[0], abs=1e-12)
    assert np.abs(v[[0, -1]]).max() <= 1e-9
    if smooth:
        assert np.abs(a[[0, -1]]).max() <= 1e-6
    ways = np.abs(q[-1] - q[0])
    assert times[-1] >= max(shortest_line(*each) for each in zip(ways, velocity, acceleration, strict=True)) - 1e-9
    kept = least_duration(path, None, velocity, acceleration, jerk if smooth else np.full(7, np.inf)).least
    assert times[-1] <= max(kept, SHORTEST) + 1.0 / rate_hz


@settings(max_examples=10)
@given(st.integers(0, 10_000))
def test_at_any_instant_some_joint_is_at_its_limit(seed):
    """The bang-bang principle: nothing that is slower somewhere is the fastest."""
    _, _, v, a, _ = fastest(wavy(seed), VELOCITY, ACCELERATION)
    used = np.maximum(np.abs(v) / VELOCITY, np.abs(a) / ACCELERATION).max(axis=1)
    assert np.quantile(used, 0.05) >= 0.93
    assert used.mean() >= 0.98


@settings(max_examples=10)
@given(st.integers(0, 10_000))
def test_the_limit_of_jerk_costs_little_where_its_ramps_are_short(seed):
    path = wavy(seed)
    smooth, jumping = (fastest(path, VELOCITY, ACCELERATION, jerk)[0][-1] for jerk in (JERK, None))
    assert jumping - TICK <= smooth <= 1.1 * jumping


@pytest.mark.parametrize("smooth", [False, True])
def test_samples_are_derivatives_of_each_other(smooth):
    times, q, v, a, j = fastest(wavy(3), VELOCITY, ACCELERATION, JERK if smooth else None)
    middle = np.gradient(q, times, axis=0)[1:-1]
    assert np.abs(middle - v[1:-1]).max() <= TICK * np.abs(a).max()
    if smooth:
        assert np.abs(np.gradient(v, times, axis=0)[1:-1] - a[1:-1]).max() <= TICK * np.abs(j).max()
        # Jerk jumps between samples: nearly everywhere the differences of acceleration are nearly it.
        wrong = np.abs(np.diff(a, axis=0) / TICK - 0.5 * (j[1:] + j[:-1]))
        assert np.quantile(wrong, 0.8) <= 0.01 * np.abs(j).max()


def test_samples_lie_on_the_path():
    q = fastest(wavy(4), VELOCITY, ACCELERATION, JERK)[1]
    fine = wavy(4).evaluate(np.linspace(0.0, 1.0, 20001))[0]
    nearest = np.abs(q[::20, None, :] - fine[None]).max(axis=2).min(axis=1)
    assert nearest.max() <= 3e-4


@settings(max_examples=8)
@given(st.integers(0, 10_000), st.floats(-0.12, 0.12), st.booleans())
def test_it_hardly_matters_how_the_path_is_parametrised(seed, shift, smooth):
    """p -> p + shift sin^2(pi p) moves the phases by up to 12 %; a path run backwards takes the same time, too."""
    jerk = JERK if smooth else None
    before = fastest(wavy(seed), VELOCITY, ACCELERATION, jerk)[0][-1]
    other = fit_spline(P, curve(seed, way(P + shift * np.sin(np.pi * P) ** 2)))
    back = fit_spline(P, curve(seed, way(1.0 - P)))
    for path in (other, back):
        assert fastest(path, VELOCITY, ACCELERATION, jerk)[0][-1] == pytest.approx(before, rel=0.01, abs=2 * TICK)


@settings(max_examples=8)
@given(st.integers(0, 10_000), st.floats(0.3, 3.0))
def test_limits_k_times_k2_times_k3_times_as_large_take_1_over_k_of_the_time(seed, k):
    before = fastest(wavy(seed), VELOCITY, ACCELERATION, JERK)[0][-1]
    after = fastest(wavy(seed), k * VELOCITY, k**2 * ACCELERATION, k**3 * JERK)[0][-1]
    assert k * after == pytest.approx(before, rel=5e-3, abs=2 * TICK * (1 + k))


@pytest.mark.parametrize("limit", [0.05, 0.5, 5.0])
def test_the_tool_keeps_its_speed(limit):
    lever = np.random.default_rng(1).uniform(-0.5, 0.5, (7, 3))
    tool = ToolSpeed(limit, lambda q, rates: rates @ lever)
    times, _, v, a, j = fastest(wavy(3), VELOCITY, ACCELERATION, JERK, tool=tool)
    speeds = np.linalg.norm(v @ lever, axis=1)
    assert speeds.max() <= limit * (1 + 1e-3)
    free = fastest(wavy(3), VELOCITY, ACCELERATION, JERK)[0][-1]
    q = wavy(3).evaluate(np.linspace(0.0, 1.0, 5001))[0]
    length = np.linalg.norm(np.diff(q, axis=0) @ lever, axis=1).sum()
    assert max(free - 2 * TICK, length / limit) <= times[-1] <= 1.05 * (free + length / limit)
    if limit < 0.1:
        assert times[-1] <= 1.1 * length / limit
    assert (np.abs(a) <= ACCELERATION * (1 + 1e-9)).all()
    assert (np.abs(j) <= JERK * (1 + 1e-9)).all()


def test_a_path_without_motion_has_the_shortest_duration():
    path = minimum_jerk_spline(np.ones(7), np.ones(7))
    times, q, v, *_ = fastest(path, VELOCITY, ACCELERATION, JERK)
    assert times[-1] == SHORTEST
    assert (q == 1.0).all()
    assert (v == 0.0).all()


@pytest.mark.parametrize(
    "arguments",
    [
        (VELOCITY[:6], ACCELERATION, JERK),
        (VELOCITY, -ACCELERATION, JERK),
        (VELOCITY, ACCELERATION, JERK * 0.0),
        (VELOCITY, ACCELERATION, JERK, 0.0),
        (VELOCITY, ACCELERATION, JERK, 1000.0, ToolSpeed(0.0, lambda q, rates: rates[:, :3])),
    ],
)
def test_impossible_limits_are_refused(arguments):
    with pytest.raises(SetupFault):
        fastest(wavy(0), *arguments)
