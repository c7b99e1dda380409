from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lmp.execution.monitoring.watches import FAR, ForceWatch

LIMIT = 10.0


@given(forces=st.lists(st.floats(0.0, FAR * LIMIT), max_size=40), ticks=st.integers(1, 6))
def test_a_force_over_its_limit_counts_once_it_lasts(forces: list[float], ticks: int) -> None:
    watch = ForceWatch(ticks)
    over = [force > LIMIT for force in forces]
    for index, force in enumerate(forces):
        lasted = index + 1 >= ticks and all(over[index + 1 - ticks : index + 1])
        assert watch.see(force, LIMIT) == lasted


@given(force=st.floats(FAR * LIMIT * 1.001, 1e6), ticks=st.integers(1, 6))
def test_a_force_far_over_its_limit_counts_at_once(force: float, ticks: int) -> None:
    assert ForceWatch(ticks).see(force, LIMIT)


@given(forces=st.lists(st.floats(0.0, 1e6), max_size=20))
def test_without_a_limit_nothing_is_too_large(forces: list[float]) -> None:
    watch = ForceWatch(1)
    assert not any(watch.see(force, None) for force in forces)
