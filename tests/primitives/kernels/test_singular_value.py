from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ortho_group

from lmp.primitives.kernels.singular_value import smallest_singular_value


def smallest(J: np.ndarray) -> float:
    """As the kernels call it. Shape (6, dof)."""
    dof = J.shape[1]
    size = max(dof, 6)
    return float(smallest_singular_value(np.ascontiguousarray(J.T), np.zeros(dof, np.int64), np.empty((size, size))))


@settings(max_examples=60)
@given(seed=st.integers(0, 10**6), dof=st.integers(2, 9), exponent=st.floats(-9, 0))
def test_it_is_that_of_lapack_however_small(seed: int, dof: int, exponent: float) -> None:
    rng = np.random.default_rng(seed)
    values = np.append(rng.uniform(0.5, 2.0, min(dof, 6) - 1), 10.0**exponent)
    left, right = ortho_group.rvs(6, random_state=rng), ortho_group.rvs(dof, random_state=rng)
    J = left[:, : len(values)] * values @ right[: len(values)]
    truth = np.linalg.svd(J, compute_uv=False)[min(dof, 6) - 1]
    assert smallest(J) == pytest.approx(truth, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("value", [0.02, 0.5, 1.0])
def test_equal_singular_values_are_no_obstacle(value: float) -> None:
    assert smallest(value * np.eye(6, 7)) == pytest.approx(value, rel=1e-12)
    assert smallest(value * np.eye(6, 5)) == pytest.approx(value, rel=1e-12)


def test_a_lost_direction_has_value_zero() -> None:
    J = np.random.default_rng(0).normal(size=(6, 7))
    J[2] = J[0] + J[1]
    assert smallest(J) < 1e-14
    assert smallest(np.zeros((6, 7))) == 0.0
