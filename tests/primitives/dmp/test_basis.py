import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmp.errors import SetupFault
from lmp.primitives.dmp.basis import GaussianBasis, PiecewiseConstantBasis, smooth_basis

PHASES = np.linspace(0.0, 1.0, 401)


@given(st.integers(1, 32), st.floats(1.0, 1e7))
def test_gaussians_sum_to_one_however_narrow(count, sharpness):
    values = GaussianBasis(count, sharpness).evaluate(PHASES)
    assert np.abs(values.sum(axis=1) - 1.0).max() < 1e-12
    assert values.min() >= 0.0


def test_gaussian_values_by_hand():
    basis = GaussianBasis(3, sharpness=4.0, decay=2.0)
    bells = [np.exp(-4.0 * (0.25 - centre) ** 2) for centre in (0.0, 0.5, 1.0)]
    expected = np.exp(-2.0 * 0.25**3) * np.array(bells) / sum(bells)
    assert basis.evaluate(np.array([0.25]))[0] == pytest.approx(expected, abs=1e-15)


@given(st.integers(2, 32))
def test_evenly_spaced_gaussians_are_mirrored_by_the_phase(count):
    basis = smooth_basis(count)
    assert np.abs(basis.evaluate(PHASES) - basis.evaluate(1.0 - PHASES)[:, ::-1]).max() < 1e-12


@given(st.integers(1, 20))
def test_piecewise_constant_functions_are_one_on_their_own_interval(count):
    values = PiecewiseConstantBasis(count).evaluate(np.array([0.0, 0.5 / count, 1.0 - 0.5 / count, 1.0]))
    assert values[:2].argmax(axis=1).tolist() == [0, 0]
    assert values[2:].argmax(axis=1).tolist() == [count - 1, count - 1]
    assert (values.sum(axis=1) == 1.0).all()


@pytest.mark.parametrize(
    "make", [lambda: GaussianBasis(0, 1.0), lambda: GaussianBasis(3, 0.0), lambda: PiecewiseConstantBasis(0)]
)
def test_impossible_bases_are_refused(make):
    with pytest.raises(SetupFault, match=r"(have|has) to hold"):
        make()
