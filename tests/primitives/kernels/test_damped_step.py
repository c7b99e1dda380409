from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lmp.primitives.kernels.damped_step import damped_step, decompose


def step_of(J: np.ndarray, held: np.ndarray, error: np.ndarray, weight: float) -> np.ndarray:
    dof = J.shape[1]
    transposed, A, step = np.ascontiguousarray(J.T), np.empty((max(dof, 6), max(dof, 6))), np.empty(dof)
    damped_step(transposed, held, A, decompose(transposed, held, weight, A), error, np.empty(6), step)
    return step


@settings(max_examples=80)
@given(seed=st.integers(0, 10**6), dof=st.integers(1, 9), exponent=st.floats(-6, 1))
def test_the_step_is_the_damped_least_squares_solution(seed: int, dof: int, exponent: float) -> None:
    """It is what an ordinary least-squares solver finds for J s = e with sqrt(w) s = 0 added, over the free joints."""
    rng = np.random.default_rng(seed)
    J, error, weight = rng.normal(size=(6, dof)), rng.normal(size=6), 10.0**exponent
    held = (rng.random(dof) < 0.3).astype(np.int64)
    free = J[:, held == 0]
    count = free.shape[1]
    rows = np.vstack([free, np.sqrt(weight) * np.eye(count)])
    truth = np.zeros(dof)
    truth[held == 0] = np.linalg.lstsq(rows, np.append(error, np.zeros(count)), rcond=None)[0]
    np.testing.assert_allclose(step_of(J, held, error, weight), truth, rtol=1e-7, atol=1e-7 * np.linalg.norm(truth) + 1e-15)


def test_without_damping_to_speak_of_it_is_the_pseudo_inverse() -> None:
    rng = np.random.default_rng(1)
    for dof in (5, 6, 7):
        J = rng.normal(size=(6, dof))
        error = J @ rng.normal(size=dof)
        found = step_of(J, np.zeros(dof, np.int64), error, 1e-12)
        np.testing.assert_allclose(found, np.linalg.pinv(J) @ error, atol=1e-8)


def test_at_a_singularity_the_step_stays_bounded() -> None:
    """The gain is s / (s^2 + w) for a singular value s, at most 1 / (2 sqrt(w))."""
    J = np.diag([1.0, 1.0, 1.0, 1.0, 1.0, 1e-9])
    for dof in (6, 7):
        wide = np.hstack([J, np.zeros((6, dof - 6))])
        assert np.abs(step_of(wide, np.zeros(dof, np.int64), np.ones(6), 1e-4)).max() <= 50.0
