"""Routes through joint space: in a plane with walls, where what is free can be told without the code under test."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lmp.primitives.compiler.joint_route import joint_route

LOWER, UPPER = np.array([-1.0, -1.0]), np.array([1.0, 1.0])


def crosses(one: np.ndarray, other: np.ndarray, wall: tuple[float, float, float]) -> bool:
    """Whether a stretch meets the wall x = wall[0] outside of its gap from wall[1] to wall[2], by the line's equation."""
    x, low, high = wall
    if (one[0] - x) * (other[0] - x) > 0:
        return False
    if one[0] == other[0]:
        return True
    y = one[1] + (other[1] - one[1]) * (x - one[0]) / (other[0] - one[0])
    return not low < y < high


@settings(max_examples=40, deadline=None)
@given(st.floats(-0.8, 0.4), st.floats(-0.8, 0.4), st.integers(0, 2**32 - 1))
def test_two_gaps_are_found_and_no_stretch_meets_a_wall(first: float, second: float, seed: int):
    walls = [(-0.3, first, first + 0.4), (0.3, second, second + 0.4)]

    def free(one: np.ndarray, other: np.ndarray) -> bool:
        return not any(crosses(one, other, wall) for wall in walls)

    start, goal = np.array([-0.9, 0.9]), np.array([0.9, -0.9])
    route = joint_route(start, goal, free, LOWER, UPPER, np.random.default_rng(seed), 4000)
    assert route is not None
    assert np.array_equal(route[0], start)
    assert np.array_equal(route[-1], goal)
    for one, other in itertools.pairwise(route):
        assert not any(crosses(one, other, wall) for wall in walls)
    assert all((q >= LOWER).all() and (q <= UPPER).all() for q in route)


def test_a_wall_without_a_gap_is_given_up():
    def free(one: np.ndarray, other: np.ndarray) -> bool:
        return not crosses(one, other, (0.0, 2.0, 2.0))

    assert joint_route(np.array([-0.5, 0.0]), np.array([0.5, 0.0]), free, LOWER, UPPER, np.random.default_rng(0), 200) is None


def test_what_is_free_at_once_is_straight():
    route = joint_route(LOWER / 2, UPPER / 2, lambda a, b: True, LOWER, UPPER, np.random.default_rng(0), 1)
    assert route is not None
    assert len(route) == 2
