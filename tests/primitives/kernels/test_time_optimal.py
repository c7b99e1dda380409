"""The fastest squared speeds against a linear programme, and against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linprog

from lmp.primitives.kernels.time_optimal import fastest_squares

Array = NDArray[np.float64]


def _fastest(s: Array, rates: Array, bends: Array, limits: Array, most: Array) -> tuple[float, Array]:
    squares = np.empty(len(s))
    time = fastest_squares(s, rates, bends, limits, most, squares)
    return time, squares


def _by_linear_programme(s: Array, rates: Array, bends: Array, limits: Array, most: Array) -> Array:
    """Of all squared speeds within the limits the fastest are the largest everywhere, so they have the largest sum.

    That is so where going faster here never asks for going slower next, which is where rates exceed 2 * bends * step.
    """
    count, dof = rates.shape
    rows, bounds = [], []
    for i in range(count - 1):
        for joint in range(dof):
            for end in (i, i + 1):
                row = np.zeros(count)
                row[i + 1] = rates[end, joint] / (2.0 * (s[i + 1] - s[i]))
                row[i] = -row[i + 1]
                row[end] += bends[end, joint]
                rows += [row, -row]
                bounds += [limits[end, joint]] * 2
    ends = [(0.0, 0.0), *((0.0, value) for value in most[1:-1]), (0.0, 0.0)]
    found = linprog(-np.ones(count), np.array(rows), bounds, bounds=ends)
    assert found.status == 0
    squares: Array = found.x
    return squares


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 3))
def test_squares_are_those_of_a_linear_programme(seed: int, dof: int) -> None:
    rng = np.random.default_rng(seed)
    s = np.concatenate([[0.0], np.cumsum(rng.uniform(0.5, 2.0, 24))])
    s /= s[-1]
    wave, turn, lag = rng.uniform(1.4, 2.0, dof), rng.uniform(0, 3, dof), rng.uniform(0, 6, dof)
    rates = wave + np.sin(np.outer(s, turn) + lag)
    bends = turn * np.cos(np.outer(s, turn) + lag)
    limits = rng.uniform(2.0, 20.0, (len(s), dof))
    most = rng.uniform(0.5, 20.0, len(s))
    expected = _by_linear_programme(s, rates, bends, limits, most)
    time, squares = _fastest(s, rates, bends, limits, most)
    np.testing.assert_allclose(squares, expected, rtol=1e-6, atol=1e-7)
    speeds = np.sqrt(squares)
    assert time == pytest.approx(float((2.0 * np.diff(s) / (speeds[1:] + speeds[:-1])).sum()), rel=1e-12)


@pytest.mark.parametrize(("velocity", "acceleration"), [(100.0, 3.0), (0.8, 3.0), (0.4, 5.0)])
def test_a_straight_line_is_full_thrust_cruise_and_full_brake(velocity: float, acceleration: float) -> None:
    s = np.linspace(0.0, 1.0, 4001)
    ones = np.ones((len(s), 1))
    time, squares = _fastest(s, ones, 0.0 * ones, acceleration * ones, np.full(len(s), velocity**2))
    top = min(velocity, np.sqrt(acceleration))
    assert time == pytest.approx(1.0 / top + top / acceleration, rel=1e-5)
    np.testing.assert_allclose(squares, np.minimum(2 * acceleration * np.minimum(s, 1 - s), velocity**2), rtol=1e-9, atol=1e-12)


def test_half_of_a_circle_goes_round_as_fast_as_its_curvature_allows() -> None:
    """Both axes together bound the speed to A sqrt(2) / 2 ... A; at 0 and 90 degrees it is the centripetal limit."""
    s = np.linspace(0.0, np.pi, 2001)
    rates, bends = np.stack([-np.sin(s), np.cos(s)], axis=1), -np.stack([np.cos(s), np.sin(s)], axis=1)
    _, squares = _fastest(s, rates, bends, np.full((len(s), 2), 2.0), np.full(len(s), 100.0))
    slope = np.gradient(squares, s) / 2.0
    used = np.abs(rates * slope[:, None] + bends * squares[:, None]).max(axis=1) / 2.0
    assert squares[1000] == pytest.approx(2.0, rel=5e-3)  # At the top all of y's acceleration turns the velocity round.
    assert np.quantile(used[2:-2], 0.05) >= 0.99
    assert used[2:-2].max() <= 1.01
