"""A budget names the limit that is reached, and only then."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lmp.schema.budget import Budget


@given(st.integers(0, 10), st.integers(0, 10), st.floats(0, 2000))
def test_spent_exactly_when_a_limit_is_reached(attempts: int, replans: int, seconds: float):
    budget = Budget(attempts_per_subgoal=4, replans=3, seconds=1000.0)
    assert (budget.spent(attempts, replans, seconds) is None) == (attempts < 4 and replans < 3 and seconds < 1000.0)


@pytest.mark.parametrize(("spent", "word"), [((4, 0, 0.0), "attempts"), ((0, 3, 0.0), "replans"), ((0, 0, 1000.0), "s budget")])
def test_the_words_name_the_limit(spent: tuple[int, int, float], word: str):
    assert word in (Budget(attempts_per_subgoal=4, replans=3, seconds=1000.0).spent(*spent) or "")


@pytest.mark.parametrize("wrong", [{"seconds": float("nan")}, {"replans": -1}, {"attempts_per_subgoal": 0}, {"money": 3}])
def test_wrong_budgets_are_refused(wrong: dict[str, float]):
    with pytest.raises(ValidationError):
        Budget(**wrong)


@pytest.mark.parametrize(
    ("limit", "seconds", "words"),
    [
        (0.5, 0.5171, "0.52 s of the 0.50 s budget are used"),
        (0.001, 0.25, "0.2500 s of the 0.0010 s budget are used"),
        (5.0, 9.96, "10.0 s of the 5.0 s budget are used"),
        (900.0, 901.2, "901 s of the 900 s budget are used"),
    ],
)
def test_the_wall_time_is_told_with_the_digits_of_its_limit(limit: float, seconds: float, words: str):
    assert Budget(seconds=limit).spent(0, 0, seconds) == words
