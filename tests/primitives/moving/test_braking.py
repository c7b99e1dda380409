import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmp.primitives.moving.braking import TIMES, Braking, soonest
from lmp.primitives.moving.joint_curve import JointCurve

LIMITS = np.array([[2.0, 2.0], [8.0, 8.0], [400.0, 400.0]])


def curve(duration: float = 1.5) -> JointCurve:
    p = np.linspace(0.0, 1.0, 31)[:, None]
    way = p**3 * (10 - 15 * p + 6 * p**2)
    return JointCurve.through(way * [0.8, -0.5] + (p * (1 - p)) ** 3 * 2.0, np.zeros(2), np.zeros(2), duration)


def test_derivatives_of_the_time_are_those_of_finite_differences():
    braking, h = Braking(0.3, 0.4), 1e-5
    t = np.linspace(0.01, 0.39, 9)
    low, here, high = (braking.at(t + side * h) for side in (-1, 0, 1))
    for order in range(3):
        assert (high[order] - low[order]) / (2 * h) == pytest.approx(here[order + 1], abs=1e-5)
    begin, end = (braking.at(np.array([t])) for t in (0.0, 0.4))
    assert [float(values[0]) for values in begin[:3]] == pytest.approx([0.3, 1.0, 0.0], abs=1e-12)
    assert [float(values[0]) for values in end[:3]] == pytest.approx([0.5, 0.0, 0.0], abs=1e-12)


@settings(max_examples=20)
@given(st.floats(0.0, 1.5))
def test_it_comes_to_rest_within_the_limits_on_the_same_way(begin):
    path = curve()
    assert (path.peaks() <= LIMITS).all()
    braking = soonest(path, begin, LIMITS)
    if braking is None:
        assert begin + 0.5 * TIMES[0] > 0.5
        return
    t = np.linspace(0.0, braking.length, 4001)
    motion = braking.motion(path, t)
    assert (np.abs(motion[1:]) <= LIMITS[:, None] * 1.01).all()
    assert np.abs(motion[1:3, -1]).max() == 0.0
    assert motion[0, 0] == pytest.approx(path.at(np.array([begin]))[0, 0], abs=1e-12)
    for order in range(3):
        numeric = np.diff(motion[order], axis=0) / t[1]
        middle = (motion[order + 1, 1:] + motion[order + 1, :-1]) / 2
        assert np.abs(numeric - middle).max() <= 1e-3 * (1.0 + np.abs(middle).max())


def test_none_shorter_would_do():
    path = curve()
    braking = soonest(path, 0.7, LIMITS)
    assert braking is not None
    shorter = Braking(0.7, braking.length / 1.25)
    used = np.abs(shorter.motion(path, np.linspace(0.0, shorter.length, 2001))[1:]).max(axis=1)
    assert (used > LIMITS).any()


def test_near_its_end_the_way_is_followed_to_there():
    assert soonest(curve(), 1.499, LIMITS) is None
