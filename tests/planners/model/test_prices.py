"""What a call costs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmp.model_settings import Prices
from lmp.planners.model.prices import cost, usage

counts = st.integers(0, 10**9)
prices = st.floats(0.0, 10_000.0)


@given(sent=counts, answered=counts, cached=counts, price=prices)
def test_with_one_price_for_all_the_cache_makes_no_difference(sent: int, answered: int, cached: int, price: float) -> None:
    told = usage(sent, answered, cached, Prices(input=price, output=price))
    assert told.cost == pytest.approx(min((sent + answered) * price / 1e6, 1e6))


@given(sent=counts, answered=counts, cached=counts)
def test_a_cheaper_cache_never_costs_more(sent: int, answered: int, cached: int) -> None:
    plain = usage(sent, answered, cached, Prices(input=3.0, output=15.0))
    cheap = usage(sent, answered, cached, Prices(input=3.0, output=15.0, cached=0.3))
    assert plain.cost is not None
    assert cheap.cost is not None
    assert 0.0 <= cheap.cost <= plain.cost


@pytest.mark.parametrize("told", [None, -1, 1.5, "9", True, float("nan"), 10**12, [1], {}])
def test_numbers_that_cannot_be_are_not_told(told: object) -> None:
    used = usage(told, told, told, Prices(input=1.0, output=1.0))
    assert (used.input_tokens, used.output_tokens, used.cached_tokens, used.cost) == (None, None, None, None)


def test_without_prices_the_cost_is_unknown() -> None:
    assert cost(usage(10, 10, 0, None), None) is None
