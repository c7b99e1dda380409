"""Quintic pieces and their peaks, against scipy's polynomials and against a fine grid."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.interpolate import PPoly

from lmp.primitives.kernels.splines import spline_derivatives, spline_peaks

JOINTS = 3


def _pieces(seed: int, degree: int) -> PPoly:
    """Polynomials that need not fit together, so that peaks lie inside of pieces and at their ends."""
    rng = np.random.default_rng(seed)
    knots = np.concatenate([[0.0], np.sort(rng.uniform(0.05, 0.95, rng.integers(0, 6))), [1.0]])
    coefficients = rng.uniform(-1.0, 1.0, (6, len(knots) - 1, JOINTS)) * 10.0 ** rng.uniform(-2, 2, (6, 1, 1))
    coefficients[: 5 - degree] = 0.0
    return PPoly(coefficients, knots)


def _peaks(polynomials: PPoly) -> NDArray[np.float64]:
    peaks = np.empty((3, JOINTS))
    spline_peaks(polynomials.x, polynomials.c, peaks)
    return peaks


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(0, 5))
def test_derivatives_are_those_of_scipy_also_outside(seed: int, degree: int) -> None:
    polynomials = _pieces(seed, degree)
    phases = np.random.default_rng(seed).permutation(np.concatenate([np.linspace(-0.1, 1.1, 50), polynomials.x]))
    out = np.empty((4, len(phases), JOINTS))
    spline_derivatives(polynomials.x, polynomials.c, phases, out)
    for order in range(4):
        np.testing.assert_allclose(out[order], polynomials(phases, order), rtol=1e-9, atol=1e-9)


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.integers(0, 5))
def test_peaks_are_no_less_than_on_a_grid_and_reached(seed: int, degree: int) -> None:
    """A grid of n points a piece misses a peak by at most |f''| h^2 / 8."""
    polynomials = _pieces(seed, degree)
    peaks = _peaks(polynomials)
    for order in (1, 2, 3):
        derivative = polynomials.derivative(order)
        for joint in range(JOINTS):
            seen, missed = 0.0, 0.0
            for piece, length in enumerate(np.diff(polynomials.x)):
                x, powers = np.linspace(0.0, length, 400), derivative.c[:, piece, joint]
                seen = max(seen, float(np.abs(np.polyval(powers, x)).max()))
                curvature = np.abs(np.polyval(np.polyder(powers, 2), x)).max() if len(powers) > 2 else 0.0
                missed = max(missed, float(1.1 * curvature * (length / 399) ** 2 / 8))
            assert seen * (1 - 1e-12) <= peaks[order - 1, joint] <= (seen + missed) * (1 + 1e-9) + 1e-12


@settings(max_examples=40)
@given(st.lists(st.floats(0.0, 1.0), min_size=3, max_size=3))
def test_the_first_derivative_is_found_between_given_places(roots: list[float]) -> None:
    """q'' = (x - r1)(x - r2)(x - r3): the extremes of q' are where one has put them, also where two fall together."""
    second = np.poly(roots)
    first = np.polyint(second)
    coefficients = np.zeros((6, 1, JOINTS))
    coefficients[:, 0, :] = np.concatenate([np.polyint(first), np.zeros(6)])[:6, None]
    extremes = np.abs(np.polyval(first, [0.0, *roots, 1.0])).max()
    np.testing.assert_allclose(_peaks(PPoly(coefficients, [0.0, 1.0]))[0], extremes, rtol=1e-12, atol=1e-15)
