"""Cubics and lines between known samples, against scipy's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import CubicHermiteSpline

from lmp.primitives.kernels.between_samples import between_samples


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.lists(st.integers(1, 9), min_size=1, max_size=8))
def test_it_is_the_cubic_of_scipy_and_its_line(seed: int, gaps: list[int]) -> None:
    rng, step = np.random.default_rng(seed), 0.004
    rows = np.concatenate([[0], np.cumsum(gaps)]).astype(np.int64)
    points, rates, numbers = rng.normal(size=(len(rows), 3)), rng.normal(size=(len(rows), 3)), rng.normal(size=len(rows))
    times = np.arange(rows[-1] + 1) * step
    out, lines = np.empty((len(times), 3)), np.empty(len(times))
    whole = between_samples(rows, points, rates, numbers, step, out, lines)
    assert whole == pytest.approx(times[-1])
    np.testing.assert_allclose(out, CubicHermiteSpline(times[rows], points, rates)(times), atol=1e-12)
    np.testing.assert_allclose(lines, np.interp(times, times[rows], numbers), atol=1e-12)
    assert (out[rows] == points).all()


def test_a_cubic_is_met_exactly() -> None:
    times = np.linspace(0.0, 2.0, 41)
    rows = np.array([0, 8, 16, 24, 32, 40])
    cubic, slope = np.polynomial.Polynomial([1.0, -2.0, 0.5, 3.0]), np.polynomial.Polynomial([-2.0, 1.0, 9.0])
    out, lines = np.empty((41, 1)), np.empty(41)
    known = times[rows]
    between_samples(rows, cubic(known)[:, None], slope(known)[:, None], 3.0 * known, 0.05, out, lines)
    np.testing.assert_allclose(out[:, 0], cubic(times), atol=1e-12)
    np.testing.assert_allclose(lines, 3.0 * times, atol=1e-12)
