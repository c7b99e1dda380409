import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from lmp.errors import SetupFault
from lmp.primitives.dmp.basis import Basis, GaussianBasis, PiecewiseConstantBasis, smooth_basis
from lmp.primitives.dmp.dmp import ForcedResponse, TransformationSystem

CASES = {
    "default, 20 functions": (TransformationSystem(25.0, 6.25), smooth_basis(20), 156.25),
    "published constants": (TransformationSystem(20.8, 5.2), GaussianBasis(11, 1600.0, 4.5), 2.0 * 20.0),
    "under-damped, wide": (TransformationSystem(8.4, 10.5), GaussianBasis(4, 9.0, 1.0), 8.0),
    "over-damped, one": (TransformationSystem(40.0, 2.0), smooth_basis(1), 80.0),
    "jumps": (TransformationSystem(8.4, 10.5), PiecewiseConstantBasis(11), 8.0),
}


def reference(system: TransformationSystem, basis: Basis, gain: float, phases: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Position and velocity by an adaptive integrator of order 8, restarted at every jump and every sample."""

    def slope(p: float, state: np.ndarray, inside: float) -> list[float]:
        # Between jumps a piecewise-constant function is the value in the middle of the interval.
        at = inside if basis.breakpoints else p
        force = gain * float(basis.evaluate(np.array([at]))[0] @ weights)
        return [state[1], force - system.stiffness * state[0] - system.alpha * state[1]]

    stops = np.unique(np.concatenate([phases, basis.breakpoints]))
    states, state, before = {0.0: np.zeros(2)}, np.zeros(2), 0.0
    for stop in stops[stops > 0.0]:
        middle = (before + stop) / 2.0
        solution = solve_ivp(slope, (before, stop), state, "DOP853", rtol=1e-13, atol=1e-17, args=(middle,), max_step=0.01)
        state, before = solution.y[:, -1], float(stop)
        states[before] = state
    return np.array([states[float(p)] for p in phases])


@pytest.mark.parametrize("name", CASES)
def test_matrices_agree_with_an_adaptive_integrator(name):
    system, basis, gain = CASES[name]
    rng = np.random.default_rng(3)
    phases = np.sort(np.concatenate([[0.0, 1.0], rng.uniform(size=9)]))
    weights = rng.normal(size=basis.count)
    expected = reference(system, basis, gain, phases, weights)
    position, velocity, acceleration = ForcedResponse(system, basis, gain).matrices(phases)
    assert np.abs(position @ weights - expected[:, 0]).max() <= 1e-12
    assert np.abs(velocity @ weights - expected[:, 1]).max() <= 1e-11
    residual = acceleration + system.alpha * velocity + system.stiffness * position - gain * basis.evaluate(phases)
    assert np.abs(residual).max() <= 1e-11


@pytest.mark.parametrize("name", CASES)
def test_accuracy_does_not_depend_on_the_spacing_of_the_samples(name):
    response = ForcedResponse(*CASES[name])
    dense = np.linspace(0.0, 1.0, 1601)
    coarse = response.matrices(dense[::400])
    for few, many in zip(coarse, response.matrices(dense), strict=True):
        assert np.abs(few - many[::400]).max() <= 1e-12


def test_a_constant_force_gives_the_step_response_of_the_closed_form():
    system = TransformationSystem(25.0, 6.25)
    p = np.linspace(0.0, 1.0, 50)
    position, velocity, _ = ForcedResponse(system, smooth_basis(1), system.stiffness).matrices(p)
    assert position[:, 0] == pytest.approx(1.0 - (1.0 + 12.5 * p) * np.exp(-12.5 * p), abs=1e-14)
    assert velocity[:, 0] == pytest.approx(12.5**2 * p * np.exp(-12.5 * p), abs=1e-13)


@settings(max_examples=40)
@given(st.floats(0.5, 60.0), st.floats(0.1, 15.0), st.floats(0.0, 1.0))
def test_transition_is_the_matrix_exponential(alpha, beta, length):
    matrix = np.array([[0.0, 1.0], [-alpha * beta, -alpha]])
    expected = expm(matrix * length)
    actual = TransformationSystem(alpha, beta).transition(np.array([length]))[0]
    assert np.abs(actual - expected).max() <= 1e-11 * max(1.0, np.abs(expected).max())


@settings(max_examples=40)
@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_transitions_compose(first, second):
    system = TransformationSystem(25.0, 6.25)
    one, two, both = system.transition(np.array([first, second, first + second]))
    assert np.abs(one @ two - both).max() <= 1e-13 * 156.25


def test_many_phases_are_the_same_as_few():
    response = ForcedResponse(*CASES["published constants"])
    p = np.linspace(0.0, 1.0, 5000)
    assert (response.matrices(p)[0][4000:4010] == response.matrices(p[4000:4010])[0]).all()


def test_too_narrow_functions_are_refused():
    with pytest.raises(SetupFault, match="too narrow"):
        ForcedResponse(TransformationSystem(25.0, 6.25), GaussianBasis(4, 1e12), 1.0)


@pytest.mark.parametrize("constants", [(0.0, 1.0), (1.0, -1.0), (float("nan"), 1.0)])
def test_constants_have_to_be_positive(constants):
    with pytest.raises(SetupFault, match="both have to be positive"):
        TransformationSystem(*constants)
