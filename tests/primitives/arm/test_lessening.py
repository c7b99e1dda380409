"""Tests of `lmp.primitives.arm.lessening` against the rule said in a loop, and by what follows from it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lmp.primitives.arm.lessening import rises, worst_rise

SEQUENCES = st.lists(st.sampled_from([-0.2, -0.1, 0.0, 0.05, 0.1, 0.2, 0.3]), min_size=1, max_size=12)


def broken_at(excess: list[float], slack: float) -> list[bool]:
    """The rule in words: never beyond the limit by more than the least so far, and not at all once it was inside."""
    least, found = max(excess[0], 0.0), []
    for value in excess:
        over = max(value, 0.0)
        found.append(over > (least + slack if least > 0.0 else 0.0))
        least = min(least, over)
    return found


@given(excess=SEQUENCES, slack=st.sampled_from([0.0, 0.06]))
def test_the_rule_is_that_of_a_loop(excess: list[float], slack: float) -> None:
    assert rises(np.array(excess)[:, None], slack)[:, 0].tolist() == broken_at(excess, slack)


@given(excess=SEQUENCES, cut=st.integers(1, 11))
def test_a_motion_in_two_parts_is_judged_like_the_whole(excess: list[float], cut: int) -> None:
    if cut >= len(excess):
        return
    column = np.array(excess)[:, None]
    best = column[:cut].min(axis=0)
    parts = np.concatenate([rises(column[:cut], 0.0), rises(column[cut:], 0.0, best)])
    assert (parts == rises(column, 0.0)).all()


@given(excess=SEQUENCES)
def test_from_inside_it_is_the_plain_limit(excess: list[float]) -> None:
    column = np.array([-0.1, *excess])
    assert rises(column[:, None], 0.06)[:, 0].tolist() == (column > 0.0).tolist()


def test_the_worst_sample_is_told() -> None:
    assert worst_rise(np.array([0.1, 0.05, 0.0, 0.02, 0.04]), 0.0) == 4
    assert worst_rise(np.array([0.3, 0.2, 0.1]), 0.0) is None
    assert worst_rise(np.array([-0.3, -0.2]), 0.0) is None
