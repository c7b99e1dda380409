from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from lmp.lab.evaluate.wilson import wilson_interval


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_agrees_with_scipy(counts: tuple[int, int]) -> None:
    successes, trials = counts
    truth = binomtest(successes, trials).proportion_ci(0.95, method="wilson")
    assert wilson_interval(successes, trials) == pytest.approx((truth.low, truth.high), abs=1e-9)


def test_ends() -> None:
    assert wilson_interval(0, 0) == (0.0, 1.0)
    low, high = wilson_interval(25, 25)
    assert (low, high) == pytest.approx((25 / (25 + 1.959964**2), 1.0), abs=1e-6)
    assert not math.isnan(low)
