import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmp.errors import SetupFault
from lmp.primitives.dmp.phase import checked_phases, phase_at, phase_rate


def test_phase_is_the_share_of_the_duration_and_is_held_outside():
    assert phase_at(np.array([-1.0, 0.0, 0.5, 2.0, 9.0]), 2.0).tolist() == [0.0, 0.0, 0.25, 1.0, 1.0]


@given(st.floats(0.1, 50.0), st.floats(0.01, 100.0), st.lists(st.floats(0.0, 50.0), min_size=1, max_size=5))
def test_phase_does_not_depend_on_the_unit_of_time(duration, factor, times):
    plain, scaled = phase_at(np.array(times), duration), phase_at(np.array(times) * factor, duration * factor)
    assert np.abs(plain - scaled).max() < 1e-12


def test_phase_rate_is_one_without_error_and_half_at_the_tolerance():
    assert phase_rate(0.0, 0.02) == 1.0
    assert phase_rate(0.02, 0.02) == 0.5
    assert phase_rate(0.2, 0.02) < 0.01


@pytest.mark.parametrize("duration", [0.0, -1.0, float("nan"), float("inf")])
def test_a_duration_has_to_be_positive(duration):
    with pytest.raises(SetupFault, match="lasts longer than 0 s"):
        phase_at(np.zeros(1), duration)


def test_a_tolerance_has_to_be_positive():
    with pytest.raises(SetupFault, match="has to be positive"):
        phase_rate(0.1, 0.0)


@pytest.mark.parametrize("phases", [np.array([1.1]), np.array([-0.1]), np.array([np.nan]), np.zeros((2, 2))])
def test_phases_outside_the_motion_are_refused(phases):
    with pytest.raises(SetupFault):
        checked_phases(phases)
