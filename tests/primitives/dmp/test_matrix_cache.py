import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lmp.primitives.dmp.matrix_cache import MatrixCache


def test_a_value_is_made_once():
    cache: MatrixCache[np.ndarray] = MatrixCache(1000)
    made = []

    def make() -> np.ndarray:
        made.append(1)
        return np.zeros(3)

    assert cache.get("a", make) is cache.get("a", make)
    assert len(made) == 1


def test_the_value_that_was_asked_for_longest_ago_goes_first():
    cache: MatrixCache[np.ndarray] = MatrixCache(3 * 80)
    for key in ("a", "b", "c", "a", "d"):
        cache.get(key, lambda: np.zeros(10))
    assert [len(cache.get(key, lambda: np.zeros(11))) for key in ("a", "c", "d")] == [10, 10, 10]
    assert len(cache.get("b", lambda: np.zeros(11))) == 11


def test_a_value_that_is_too_large_is_handed_out_and_not_kept():
    cache: MatrixCache[np.ndarray] = MatrixCache(100)
    cache.get("small", lambda: np.zeros(2))
    assert cache.get("large", lambda: np.zeros(100)).shape == (100,)
    assert (len(cache), cache.nbytes) == (1, 16)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30)), max_size=60))
def test_memory_stays_within_its_bound(asked):
    cache: MatrixCache[np.ndarray] = MatrixCache(400)
    for key, size in asked:
        cache.get(key, lambda size=size: np.zeros(size))
        assert cache.nbytes <= 400
    assert cache.nbytes == sum(value.nbytes for value in cache._kept.values())
