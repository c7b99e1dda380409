"""Samples of a profile and of its mean over a window, against numerical means and differences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from lmp.primitives.kernels.timed_samples import timed_samples
from lmp.primitives.timing.joint_spline import minimum_jerk_spline

Array = NDArray[np.float64]
LINE = minimum_jerk_spline(np.zeros(1), np.ones(1))
"""A path of which the position is the way s itself."""


def _profile(seed: int) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    s = np.concatenate([[0.0], np.linspace(0.1, 0.9, 9) + rng.uniform(-0.03, 0.03, 9), [1.0]])
    return s, np.concatenate([[0.0], rng.uniform(0.3, 4.0, 9), [0.0]])


def _samples(s: Array, squares: Array, window: float, duration: float, count: int) -> tuple[float, Array, Array]:
    out, peaks = np.empty((4, count, 1)), np.empty((3, 1))
    time = timed_samples(LINE.knots, LINE.pieces.c, s, squares, window, duration, peaks, out)
    return time, out[:, :, 0], peaks[:, 0]


def _reached(s: Array, squares: Array, times: Array) -> Array:
    """How far it is at each time, by the trapezium rule for dt = ds / v in a variable that removes the singular ends."""
    u = np.linspace(0.0, np.pi, 400_001)
    at = 0.5 - 0.5 * np.cos(u)
    slowness = 0.5 * np.sin(u[1:-1]) / np.sqrt(np.interp(at[1:-1], s, squares))
    slowness = np.concatenate([[2 * slowness[0] - slowness[1]], slowness, [2 * slowness[-1] - slowness[-2]]])
    passed = np.concatenate([[0.0], np.cumsum(0.5 * (slowness[1:] + slowness[:-1]) * np.diff(u))])
    return np.interp(times, passed, at)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_without_a_window_the_way_is_the_integral_of_its_speed(seed: int) -> None:
    s, squares = _profile(seed)
    time, out, peaks = _samples(s, squares, 0.0, 0.0, 501)
    times = np.linspace(0.0, time, 501)
    np.testing.assert_allclose(out[0], _reached(s, squares, times), atol=2e-8)
    np.testing.assert_allclose(out[1], np.sqrt(np.interp(out[0], s, squares)), atol=1e-7)
    assert peaks == pytest.approx(np.abs(out[1:]).max(axis=1), rel=1e-14)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.05, 2.0))
def test_a_window_gives_the_mean_of_the_way(seed: int, share: float) -> None:
    s, squares = _profile(seed)
    time = _samples(s, squares, 0.0, 0.0, 3)[0]
    window = share * time
    times = np.linspace(0.0, time + window, 101)
    early = times[:, None] - window * (np.arange(2000) + 0.5) / 2000
    mean = _reached(s, squares, np.clip(early, 0.0, time).ravel()).reshape(early.shape).mean(axis=1)
    np.testing.assert_allclose(_samples(s, squares, window, 0.0, 101)[1][0], mean, atol=1e-6)


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.floats(0.1, 1.0), st.floats(1.0, 3.0))
def test_derivatives_are_those_in_time_also_slowed_down(seed: int, share: float, slower: float) -> None:
    s, squares = _profile(seed)
    time = _samples(s, squares, 0.0, 0.0, 3)[0]
    window, count = share * time, 4001
    duration = slower * (time + window)
    _, out, _ = _samples(s, squares, window, duration, count)
    step = duration / (count - 1)
    for lower, higher, highest in ((out[0], out[1], out[2]), (out[1], out[2], out[3])):
        middle = np.gradient(lower, step)[1:-1]
        assert np.abs(middle - higher[1:-1]).max() <= step * np.abs(highest).max()
    # Jerk is constant between the times at which it jumps: nearly everywhere the differences are exactly it.
    wrong = np.abs(np.diff(out[2]) / step - 0.5 * (out[3][1:] + out[3][:-1]))
    assert np.quantile(wrong, 0.95) <= 1e-6 * np.abs(out[3]).max()
    assert np.abs(out[1:3, [0, -1]]).max() <= 1e-9
    assert out[0, [0, -1]].tolist() == [0.0, 1.0]
