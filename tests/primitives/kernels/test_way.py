"""Splines as functions of the minimum-jerk way: closed forms, and differences over differences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from lmp.primitives.kernels.way import along_the_way
from lmp.primitives.timing.joint_spline import JointSpline, fit_spline, minimum_jerk_spline

Array = NDArray[np.float64]
P = np.linspace(0.0, 1.0, 101)


def _along(path: JointSpline, phases: Array) -> tuple[Array, Array]:
    s, out = np.empty(len(phases)), np.empty((3, len(phases), path.dof))
    along_the_way(path.knots, path.pieces.c, phases, s, out)
    return s, out


@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3)), min_size=1, max_size=8))
def test_a_straight_line_is_even(ends: list[tuple[float, float]]) -> None:
    start, goal = np.array(ends).T
    s, (q, rates, bends) = _along(minimum_jerk_spline(start, goal), P)
    assert s == pytest.approx(10 * P**3 - 15 * P**4 + 6 * P**5, abs=1e-14)
    np.testing.assert_allclose(q, start + np.outer(s, goal - start), atol=1e-14)
    np.testing.assert_allclose(rates, np.tile(goal - start, (len(P), 1)), atol=1e-12)
    np.testing.assert_allclose(bends, 0.0, atol=1e-5)  # Rounding over (ds/dp)^2, which is 1e-6 beside the ends.


def test_rates_are_differences_over_differences_and_bends_theirs() -> None:
    fine = 0.5 - 0.5 * np.cos(np.pi * np.linspace(0.0, 1.0, 20001))
    way = 10 * P**3 - 15 * P**4 + 6 * P**5
    path = fit_spline(P, np.stack([np.sin(3 * way), way**2, np.sin(7 * way) + P**5 - way], axis=1), tolerance=1e-9)
    s, (q, rates, bends) = _along(path, fine)
    for lower, higher in ((q, rates), (rates, bends)):
        middle = np.gradient(lower[2000:-2000], s[2000:-2000], axis=0)[5:-5]
        assert np.abs(middle - higher[2005:-2005]).max() <= 1e-4 * np.abs(higher[2005:-2005]).max()
    assert np.diff(q[[0, 3000]], axis=0)[0] == pytest.approx(np.trapezoid(rates[:3001], s[:3001], axis=0), abs=1e-6)
