import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmp.errors import SetupFault
from lmp.primitives.timing.joint_spline import JointSpline, fit_spline, minimum_jerk_spline
from lmp.primitives.timing.retime import SHORTEST, largest_derivatives, least_duration, sample

VELOCITY, ACCELERATION, JERK = np.full(7, 2.2), np.full(7, 8.0), np.full(7, 4000.0)
FINE = np.linspace(0.0, 1.0, 20001)


def wavy(seed: int) -> JointSpline:
    rng = np.random.default_rng(seed)
    p = np.linspace(0.0, 1.0, 101)
    way = 10 * p**3 - 15 * p**4 + 6 * p**5
    q = np.outer(way, rng.uniform(-2, 2, 7)) + np.outer(np.sin(9 * way), rng.uniform(-0.3, 0.3, 7))
    q[:, 2] = 0.4
    return fit_spline(p, q)


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_largest_derivatives_are_no_sample_away(seed):
    path = wavy(seed)
    for largest, samples in zip(largest_derivatives(path), path.evaluate(FINE)[1:], strict=True):
        seen = np.abs(samples).max(axis=0)
        assert (largest >= seen - 1e-11).all()
        assert largest == pytest.approx(seen, rel=1e-3, abs=1e-9)


def test_largest_derivatives_of_minimum_jerk_are_those_of_the_closed_form():
    way = np.array([1.0, -2.0, 0.0])
    first, second, third = largest_derivatives(minimum_jerk_spline(np.zeros(3), way))
    assert first == pytest.approx(1.875 * np.abs(way), abs=1e-12)
    assert second == pytest.approx(10.0 / np.sqrt(3.0) * np.abs(way), abs=1e-12)
    assert third == pytest.approx(60.0 * np.abs(way), abs=1e-12)


@settings(max_examples=40)
@given(
    st.integers(0, 10_000),
    st.tuples(st.floats(0.1, 10.0), st.floats(0.5, 100.0), st.floats(1.0, 1e5)),
    st.one_of(st.none(), st.floats(0.01, 20.0)),
)
def test_nothing_exceeds_a_limit_and_one_is_reached_unless_the_wish_is_longer(seed, scales, wished):
    limits = [scale * np.linspace(1.0, 2.0, 7) for scale in scales]
    path = wavy(seed)
    timing = least_duration(path, wished, *limits)
    shares = timing.velocity, timing.acceleration, timing.jerk
    for order, (limit, share, samples) in enumerate(zip(limits, shares, path.evaluate(FINE)[1:], strict=True), start=1):
        seen = np.abs(samples).max(axis=0) / timing.duration**order / limit
        assert (seen <= 1.0 + 1e-9).all()
        assert share == pytest.approx(seen, rel=1e-3, abs=1e-9)
    used = max(float(share.max()) for share in shares)
    if timing.duration == timing.least:
        assert used == pytest.approx(1.0, abs=1e-12)
        assert timing.joint is not None
        assert {"velocity": shares[0], "acceleration": shares[1], "jerk": shares[2]}[timing.bound_by][timing.joint] == used
    else:
        assert used < 1.0
        assert timing.duration == max(wished or SHORTEST, timing.least)
    assert timing.stretch == pytest.approx(1.0 if wished is None else timing.duration / wished)


@pytest.mark.parametrize(("bound_by", "factor"), [("velocity", 2.0), ("acceleration", 2.0**0.5), ("jerk", 2.0 ** (1 / 3))])
def test_half_of_a_limit_needs_its_own_root_of_two(bound_by, factor):
    limits = {"velocity": np.full(7, 1e3), "acceleration": np.full(7, 1e6), "jerk": np.full(7, 1e9)}
    limits[bound_by] = np.full(7, 0.5)
    before = least_duration(wavy(1), None, *limits.values())
    limits[bound_by] = np.full(7, 0.25)
    after = least_duration(wavy(1), None, *limits.values())
    assert after.bound_by == before.bound_by == bound_by
    assert after.duration / before.duration == pytest.approx(factor, abs=1e-12)


def test_the_tool_keeps_its_speed():
    derivative = np.outer(30 * FINE**2 * (1 - FINE) ** 2, [0.3, 0.0, 0.4])
    timing = least_duration(wavy(3), 0.1, VELOCITY * 100, ACCELERATION * 1e4, JERK * 1e6, 0.25, derivative)
    assert timing.bound_by == "tool_speed"
    assert timing.joint is None
    assert timing.duration == pytest.approx(1.875 * 0.5 / 0.25, abs=1e-6)
    assert timing.tool_speed == pytest.approx(1.0, abs=1e-12)
    assert timing.stretch == pytest.approx(timing.duration / 0.1)


def test_a_path_without_motion_has_the_shortest_duration():
    path = minimum_jerk_spline(np.ones(7), np.ones(7))
    timing = least_duration(path, None, VELOCITY, ACCELERATION, JERK)
    assert (timing.duration, timing.least, timing.bound_by, timing.joint) == (SHORTEST, 0.0, "nothing", None)
    assert least_duration(path, 0.7, VELOCITY, ACCELERATION, JERK).duration == 0.7


@settings(max_examples=40)
@given(st.floats(0.0005, 7.0), st.sampled_from([100.0, 240.0, 1000.0]))
def test_samples_are_evenly_spaced_and_end_exactly_at_the_end(duration, rate_hz):
    path = wavy(5)
    times, q, v, a, j = sample(path, duration, rate_hz)
    assert times[0] == 0.0
    assert duration <= times[-1] * (1 + 1e-11) < duration + 1.0 / rate_hz + 1e-9
    assert np.abs(np.diff(times) - 1.0 / rate_hz).max() <= 1e-12
    ends = path.evaluate(np.array([0.0, 1.0]))[0]
    assert (q[[0, -1]] == ends).all()
    assert np.abs(v[[0, -1]]).max() <= 1e-6 / duration
    assert q.shape == v.shape == a.shape == j.shape == (len(times), 7)


def test_sampled_derivatives_are_those_in_time():
    times, q, v, a, j = sample(wavy(6), 1.3, 1000.0)
    for lower, higher in ((q, v), (v, a), (a, j)):
        middle = np.gradient(lower, times, axis=0)[2:-2]
        assert np.abs(middle - higher[2:-2]).max() <= 2e-3 * np.abs(higher).max()


@pytest.mark.parametrize("duration", [0.001, 0.3, 0.7, 1.1, 2.3])
def test_a_duration_of_whole_samples_gains_none(duration):
    assert len(sample(wavy(0), duration)[0]) == round(duration * 1000) + 1


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_samples_stay_within_the_limits(seed):
    path = wavy(seed)
    timing = least_duration(path, None, VELOCITY, ACCELERATION, JERK)
    _, _, v, a, j = sample(path, timing.duration)
    for samples, limit in ((v, VELOCITY), (a, ACCELERATION), (j, JERK)):
        assert (np.abs(samples) <= limit * (1 + 1e-11)).all()


@pytest.mark.parametrize(
    "arguments",
    [
        (0.0, VELOCITY, ACCELERATION, JERK),
        (1.0, VELOCITY[:6], ACCELERATION, JERK),
        (1.0, VELOCITY, -ACCELERATION, JERK),
        (1.0, VELOCITY, ACCELERATION, JERK * np.nan),
        (1.0, VELOCITY, ACCELERATION, JERK, 0.5),
        (1.0, VELOCITY, ACCELERATION, JERK, 0.0, np.ones((3, 3))),
    ],
)
def test_impossible_limits_are_refused(arguments):
    with pytest.raises(SetupFault):
        least_duration(wavy(0), *arguments)


@pytest.mark.parametrize(("duration", "rate_hz"), [(0.0, 1000.0), (1.0, 0.0), (float("inf"), 1000.0)])
def test_impossible_sampling_is_refused(duration, rate_hz):
    with pytest.raises(SetupFault):
        sample(wavy(0), duration, rate_hz)
