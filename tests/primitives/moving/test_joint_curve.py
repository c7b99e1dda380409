import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmp.primitives.moving.joint_curve import JointCurve

DURATION = 0.8


def curve_through(seed: int, pieces: int = 20) -> tuple[JointCurve, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    qs, rates = rng.uniform(-0.1, 0.1, (pieces + 1, 3)).cumsum(axis=0), rng.uniform(-1.0, 1.0, (2, 3))
    return JointCurve.through(qs, rates[0], rates[1], DURATION), qs, rates


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1))
def test_it_meets_the_postures_from_a_moving_start_to_rest(seed):
    curve, qs, rates = curve_through(seed)
    found = curve.at(np.linspace(0.0, DURATION, len(qs)))
    assert np.abs(found[0] - qs).max() <= 1e-11
    assert found[0, 0].tolist() == qs[0].tolist()
    assert np.abs(found[1:3, 0] - rates).max() <= 1e-14
    assert np.abs(found[1, -1]).max() <= 1e-8
    assert np.abs(found[2, -1]).max() <= 1e-6


def test_derivatives_are_those_of_finite_differences_also_across_knots():
    curve, qs, _ = curve_through(3)
    h = 1e-5
    times = np.append(np.linspace(0.1, 0.7, 17), DURATION * np.arange(1, len(qs) - 1) / (len(qs) - 1))
    low, here, high = (curve.at(times + side * h) for side in (-1, 0, 1))
    for order in range(3):
        size = np.abs(here[order + 1]).max()
        assert np.abs((high[order] - low[order]) / (2 * h) - here[order + 1]).max() <= 1e-3 * size


def test_no_sample_exceeds_the_peaks_and_some_sample_nearly_does():
    curve, _, _ = curve_through(4)
    dense, peaks = np.abs(curve.at(np.linspace(0.0, DURATION, 20001))[1:]).max(axis=1), curve.peaks()
    assert (dense <= peaks * (1 + 1e-12)).all()
    assert dense == pytest.approx(peaks, rel=1e-3)


def test_the_error_between_postures_falls_with_the_sixth_power_of_their_distance():
    def function(t: np.ndarray) -> np.ndarray:
        return (1.0 - t / DURATION)[:, None] ** 4 * np.stack([np.cos(3.0 * t), np.sin(5.0 * t)], axis=1)

    h, errors, counts = 1e-4, [], (8, 16, 32)
    low, here, high = (function(np.array([t])) for t in (-h, 0.0, h))
    at = np.linspace(0.0, DURATION, 1001)
    for count in counts:
        qs = function(np.linspace(0.0, DURATION, count + 1))
        curve = JointCurve.through(qs, ((high - low) / (2 * h))[0], ((high - 2 * here + low) / h**2)[0], DURATION)
        errors.append(np.abs(curve.at(at)[0] - function(at)).max())
    assert np.polyfit(np.log(counts), np.log(errors), 1)[0] == pytest.approx(-6.0, abs=0.7)


def test_straight_on():
    curve = JointCurve.straight(np.array([0.1, 0.2]), np.array([1.0, -2.0]), 3.0)
    q, velocity, acceleration, _ = curve.at(np.array([0.0, 0.5]))
    assert q[1] == pytest.approx([0.6, -0.8])
    assert velocity[0] == pytest.approx([1.0, -2.0])
    assert not acceleration.any()
