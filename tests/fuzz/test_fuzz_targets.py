"""A few cases of every fuzz target, always the same; `make fuzz` tries thousands."""

from __future__ import annotations

import pytest
from fuzz_targets import TARGETS
from hypothesis import given, settings

NAMES = sorted(TARGETS)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_in_the_corpus_is_survived(name: str) -> None:
    for data in TARGETS[name].corpus():
        TARGETS[name].check(data)


@pytest.mark.parametrize("name", NAMES)
def test_whatever_comes_is_survived(name: str) -> None:
    target = TARGETS[name]

    @settings(max_examples=target.examples, derandomize=True, database=None)
    @given(target.cases)
    def survive(case: object) -> None:
        target.check(case)

    survive()
