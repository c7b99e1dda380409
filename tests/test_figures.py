from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lmp.figures import apart


def test_a_number_gets_the_digits_that_tell_it_from_its_limit() -> None:
    assert apart(0.3, 0.2) == ("0.300", "0.200")
    assert apart(2.89731, 2.8973) == ("2.89731", "2.89730")
    assert apart(2.1710001, 2.171, form="g") == ("2.1710001", "2.171")
    assert apart(7e-6, 1e-6) == ("0.000007", "0.000001")
    assert apart(0.5, 0.5) == ("0.500", "0.500")


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_other_numbers_read_differently(value: float, limit: float) -> None:
    said = apart(value, limit, form="g")
    assert (said[0] == said[1]) == (value == limit) or value == limit == 0.0
