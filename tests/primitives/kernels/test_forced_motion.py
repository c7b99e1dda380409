import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from lmp.primitives.dmp.deviation import FREQUENCY, Deviation, response_matrices
from lmp.primitives.kernels.forced_motion import forced_motion


def forces(phase: float, weights: np.ndarray) -> np.ndarray:
    """The normalised Gaussians' sum, all of them, written out."""
    count = len(weights)
    bells = np.exp(-((phase * (count - 1) - np.arange(count)) ** 2))
    return bells @ weights / bells.sum()


@pytest.mark.parametrize("counts", [(1,), (2,), (20,), (32,), (7, 20), (1, 32)])
def test_it_agrees_with_an_adaptive_integrator_at_any_spacing(counts):
    rng = np.random.default_rng(4)
    terms = tuple(rng.uniform(-0.5, 0.5, size=(count, 2)) for count in counts)
    phases = np.sort(np.concatenate([[0.0, 1.0, 0.25, 0.25 + 1e-13], rng.uniform(size=6), 0.5 + np.geomspace(1e-8, 1e-2, 4)]))

    def slope(p: float, state: np.ndarray) -> np.ndarray:
        y, v = state[:2], state[2:]
        force = sum(forces(p, term) for term in terms)
        return np.concatenate([v, FREQUENCY**2 * (force - y) - 2.0 * FREQUENCY * v])

    truth = solve_ivp(slope, (0.0, 1.0), np.zeros(4), "DOP853", phases, rtol=1e-13, atol=1e-16, max_step=0.02).y.T
    out = np.empty((len(phases), 3, 2))
    forced_motion(*Deviation(terms, 2).driven, FREQUENCY, phases, out)
    assert np.abs(out[:, 0] - truth[:, :2]).max() <= 1e-12
    assert np.abs(out[:, 1] - truth[:, 2:]).max() <= 1e-11
    second = [slope(p, state)[2:] for p, state in zip(phases, truth, strict=True)]
    assert np.abs(out[:, 2] - second).max() <= 1e-9


@settings(max_examples=30)
@given(st.integers(1, 32), st.floats(0.0, 1.0))
def test_equal_weights_are_one_constant_force(count, phase):
    """Truth: the step response of the critically damped system; normalised Gaussians of one weight are that weight."""
    position, velocity, acceleration = response_matrices(np.array([phase]), count).sum(axis=2)[:, 0]
    decay = np.exp(-FREQUENCY * phase)
    assert position == pytest.approx(1.0 - (1.0 + FREQUENCY * phase) * decay, abs=1e-14)
    assert velocity == pytest.approx(FREQUENCY**2 * phase * decay, abs=1e-13)
    assert acceleration == pytest.approx(FREQUENCY**2 * (1.0 - FREQUENCY * phase) * decay, abs=1e-11)


def test_nothing_drives_nothing():
    out = np.full((2, 3, 3), np.nan)
    forced_motion(*Deviation((), 3).driven, FREQUENCY, np.array([0.0, 0.7]), out)
    assert not out.any()
