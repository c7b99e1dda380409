"""A slope is told from noise, and what may not grow at all does not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmp.lab.drills.growth import DAY, FEWEST, growth

TIMES = np.arange(200.0) * 10.0


@given(
    slope=st.floats(-1e5, 1e5).filter(lambda slope: abs(slope) > 1e-3),
    offset=st.floats(0.0, 1e4),
    seed=st.integers(0, 2**32 - 1),
)
def test_the_interval_holds_the_slope_of_a_line_with_few_outliers(slope: float, offset: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = offset + slope * TIMES / DAY
    values[rng.choice(len(values), 5, replace=False)] += 1e6
    found = growth("x", "count", list(TIMES), list(values), 1.0)
    assert found.slope == pytest.approx(slope, rel=0.05)
    assert found.low <= slope + 1e-6 * abs(slope) and slope - 1e-6 * abs(slope) <= found.high


def test_noise_is_flat_and_a_leak_is_not() -> None:
    noise = 300.0 + np.random.default_rng(1).normal(0.0, 1.0, len(TIMES))
    assert growth("memory", "count", list(TIMES), list(noise), 256.0).verdict == "flat"
    leaking = noise + np.arange(len(TIMES)) * 0.1
    assert growth("memory", "count", list(TIMES), list(leaking), 256.0).verdict == "grows"


@pytest.mark.parametrize("late", [1, 15, 100, 170])
def test_one_handle_more_at_any_time_is_growth_unless_it_is_one_sample(late: int) -> None:
    handles = [7.0] * (len(TIMES) - late) + [8.0] * late
    assert growth("handles", "count", list(TIMES), handles, 0.0).verdict == ("flat" if late == 1 else "grows")


def test_few_samples_tell_nothing() -> None:
    assert growth("x", "count", list(TIMES[: FEWEST - 1]), [1.0] * (FEWEST - 1), 0.0).verdict == "cannot tell"
    assert growth("x", "count", [], [], 0.0).samples == 0
