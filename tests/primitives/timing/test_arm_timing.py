"""A joint path of the Panda in time: its own limits and the tool's speed, for both timings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from panda_arm import PANDA, kinematics

from lmp.errors import SetupFault
from lmp.primitives.timing.arm_timing import TimedPath, timed_path
from lmp.primitives.timing.joint_spline import JointSpline, fit_spline, minimum_jerk_spline
from lmp.schema.motion import Timing

REST = np.array(PANDA.rest)
P = np.linspace(0.0, 1.0, 49)


def _path(seed: int) -> JointSpline:
    rng = np.random.default_rng(seed)
    way = 10 * P**3 - 15 * P**4 + 6 * P**5
    q = REST + np.outer(way, rng.uniform(-0.6, 0.6, 7)) + np.outer(np.sin(3.0 * way) ** 2, rng.uniform(-0.2, 0.2, 7))
    return fit_spline(P, q)


def _within_limits(timed: TimedPath, speed: float) -> bool:
    rates = (timed.velocities, "velocity"), (timed.accelerations, "acceleration"), (timed.jerks, "jerk")
    joints = all(
        (np.abs(values) <= np.array([getattr(joint, name) for joint in PANDA.joints]) * (1 + 1e-9)).all()
        for values, name in rates
    )
    tool = np.linalg.norm(kinematics().tool_velocities(timed.positions, timed.velocities), axis=1)
    return joints and bool(tool.max() <= speed * (1 + 2e-3))


@settings(max_examples=10)
@given(st.integers(0, 10_000), st.sampled_from([0.05, 0.5, 1.5]))
def test_both_timings_keep_all_limits_and_the_fastest_is_no_slower(seed: int, speed: float) -> None:
    kept, fastest = (_timed(_path(seed), speed, timing) for timing in ("keep", "fastest"))
    assert _within_limits(kept, speed)
    assert _within_limits(fastest, speed)
    assert fastest.duration <= kept.duration
    assert fastest.positions[[0, -1]] == pytest.approx(kept.positions[[0, -1]], abs=1e-12)
    for timed in (kept, fastest):
        assert np.abs(timed.velocities[[0, -1]]).max() <= 1e-8
        assert np.abs(timed.accelerations[[0, -1]]).max() <= 1e-5


def test_a_slow_tool_goes_at_its_speed_nearly_all_the_time() -> None:
    """With `fastest` the way is made at the largest speed, with minimum jerk 1.875 times as much time is needed."""
    path = minimum_jerk_spline(REST, REST + np.array([0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]))
    kept, fastest = (_timed(path, 0.1, timing) for timing in ("keep", "fastest"))
    length = np.linalg.norm(np.diff(kept.tool_path, axis=0), axis=1).sum()
    assert kept.duration == pytest.approx(1.875 * length / 0.1, rel=1e-3)
    assert fastest.duration == pytest.approx(length / 0.1, rel=0.02)


@pytest.mark.parametrize("timing", ["keep", "fastest"])
def test_the_tool_path_is_where_kinematics_says(timing: Timing) -> None:
    timed = _timed(_path(3), 1.0, timing)
    points, _, singular = kinematics().tool_motion(timed.positions, timed.velocities)
    assert np.abs(timed.tool_path - points).max() <= (1e-6 if timing == "keep" else 1e-5)
    assert np.abs(timed.singular_values - singular).max() <= 1e-3


def test_a_duration_and_the_fastest_timing_do_not_go_together() -> None:
    with pytest.raises(
        SetupFault, match=r"A requested duration of 2\.0 s came with timing 'fastest'; leave out one of the two"
    ):
        timed_path(_path(0), kinematics(), 2.0, 0.5, 1000.0, "fastest")


def _timed(path: JointSpline, speed: float, timing: Timing) -> TimedPath:
    return timed_path(path, kinematics(), None, speed, 1000.0, timing)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((None, 0.5, 1000.0, "quick"), "A timing 'quick' came; it has to be 'keep' or 'fastest'"),
        ((None, 0.5, 1000.0, None), "A timing None came"),
        ((None, 1e-9, 1000.0, "keep"), r"would last \S+ s with the tool at 1e-09 m/s at most; 3600 s is the longest"),
        ((None, 1e-9, 1000.0, "fastest"), r"would last \S+ s with the tool at 1e-09 m/s at most"),
        ((1e9, 0.5, 1000.0, "keep"), r"would last 1e\+09 s; 3600 s is the longest"),
        (("2", 0.5, 1000.0, "keep"), "requested takes a number or None, got '2'"),
        ((None, None, 1000.0, "keep"), "speed takes a number, got None"),
    ],
)
def test_what_cannot_be_timed_is_named(arguments: tuple[Any, ...], said: str) -> None:
    with pytest.raises(SetupFault, match=said):
        timed_path(_path(0), kinematics(), *arguments)


@pytest.mark.parametrize("timing", ["keep", "fastest"])
def test_a_path_of_another_arm_is_named(timing: Timing) -> None:
    with pytest.raises(SetupFault, match="A path of 6 joints came for an arm that has 7"):
        timed_path(minimum_jerk_spline(np.zeros(6), np.ones(6)), kinematics(), None, 0.5, 1000.0, timing)
