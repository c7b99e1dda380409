"""Place and velocity from looks, against lines that are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmp.primitives.moving.drift import FASTEST, SECONDS, SLOWEST, Drift

SPEEDS = st.floats(2 * SLOWEST, 0.8 * FASTEST)


def seen(path, rate: float, seconds: float) -> Drift:
    drift = Drift()
    for t in np.arange(0.0, seconds, 1.0 / rate):
        drift.see(float(t), path(float(t)))
    return drift


@given(speed=SPEEDS, heading=st.floats(-3.1, 3.1), rate=st.sampled_from([20.0, 50.0]), seconds=st.floats(0.3, 2.0))
def test_a_straight_line_is_told_exactly(speed, heading, rate, seconds):
    velocity = speed * np.array([np.cos(heading), np.sin(heading), 0.0])
    drift = seen(lambda t: np.array([0.4, 0.1, 0.02]) + t * velocity, rate, seconds)
    last = np.arange(0.0, seconds, 1.0 / rate)[-1]
    assert drift.velocity == pytest.approx(velocity, abs=1e-9)
    assert drift.position == pytest.approx(np.array([0.4, 0.1, 0.02]) + last * velocity, abs=1e-9)


@given(seed=st.integers(0, 1000), sigma=st.floats(0.0, 0.001))
def test_noise_is_no_drift_beyond_what_chance_allows(seed, sigma):
    rng = np.random.default_rng(seed)
    drift = seen(lambda t: rng.normal(0.0, sigma, 3), 20.0, 1.0)
    # Least squares over evenly spaced looks: the standard deviation of a slope is sigma / sqrt(sum of squared times).
    spread = np.sqrt((np.arange(6) - 2.5) @ (np.arange(6) - 2.5)) / 20.0
    assert np.linalg.norm(drift.velocity) <= 6.0 * sigma / spread
    assert np.linalg.norm(drift.position) <= 6.0 * sigma + SECONDS * np.linalg.norm(drift.velocity)


@pytest.mark.parametrize("speed", [0.0, 0.5 * SLOWEST])
def test_what_hardly_moves_stands(speed):
    assert not seen(lambda t: np.array([speed * t, 0.0, 0.0]), 20.0, 1.0).velocity.any()


@given(jump=st.floats(0.03, 0.5), at=st.floats(0.1, 0.9))
def test_a_jump_is_where_it_is_seen_at_once_and_no_velocity(jump, at):
    drift = Drift()
    for t in np.arange(0.0, 1.0, 0.05):
        drift.see(float(t), (0.0, jump if t >= at else 0.0, 0.0))
        assert drift.position == pytest.approx([0.0, jump if t >= at else 0.0, 0.0], abs=1e-12)
        assert not drift.velocity.any()


def test_two_looks_tell_no_velocity():
    drift = Drift()
    drift.see(0.0, (0.0, 0.0, 0.0))
    drift.see(0.05, (0.001, 0.0, 0.0))
    assert not drift.velocity.any()
