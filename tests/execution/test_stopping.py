import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmp.errors import SetupFault
from lmp.execution.stopping import Stop, slow_to_stop

WAY = np.array([1.5, -0.9, 0.0])
TIMES = np.arange(2001) / 1000.0
ACCELERATION, JERK = np.array([11.0, 8.0, 8.0]), np.array([300.0, 300.0, 300.0])


def two_moves() -> tuple[np.ndarray, ...]:
    """There with minimum jerk in 0.9 s, 0.2 s of rest, and half of the way back in 0.9 s."""
    q, v, a = (np.zeros((len(TIMES), 3)) for _ in range(3))
    for begin, sign, way in ((0.0, 1.0, WAY), (1.1, -0.5, WAY)):
        p = np.clip((TIMES - begin) / 0.9, 0.0, 1.0)[:, None]
        q += sign * way * (10 * p**3 - 15 * p**4 + 6 * p**5)
        v += sign * way * 30 * p**2 * (1 - p) ** 2 / 0.9
        a += sign * way * 60 * p * (1 - p) * (1 - 2 * p) / 0.81
    return TIMES, q, v, a


TRAJECTORY = two_moves()


def stopped(t_now: float, acceleration: np.ndarray | None = ACCELERATION, jerk: np.ndarray | None = JERK) -> Stop:
    return slow_to_stop(*TRAJECTORY, t_now, acceleration_limits=acceleration, jerk_limits=jerk)


def at(t: float, array: np.ndarray) -> np.ndarray:
    return np.array([np.interp(t, TIMES, column) for column in array.T])


@settings(max_examples=60)
@given(st.floats(0.0, 2.0))
def test_it_starts_where_the_arm_is_and_ends_at_rest(t_now):
    stop = stopped(t_now)
    _, q, v, a = TRAJECTORY
    assert stop.positions[0] == pytest.approx(at(t_now, q), abs=2e-5)
    if len(stop.times) > 1:
        assert stop.velocities[0] == pytest.approx(at(t_now, v), abs=2e-4)
        assert stop.accelerations[0] == pytest.approx(at(t_now, a), abs=2e-2)
    assert np.abs(stop.velocities[-1]).max() <= 1e-9
    assert np.abs(stop.accelerations[-1]).max() <= 1e-6
    assert stop.times[0] == 0.0
    assert np.abs(np.diff(stop.times) - 0.001).max(initial=0.0) <= 1e-12


@settings(max_examples=60)
@given(st.floats(0.0, 2.0))
def test_it_never_leaves_the_path_nor_goes_back(t_now):
    stop = stopped(t_now)
    assert (np.diff(stop.along) >= -1e-12).all()
    assert stop.along[-1] <= 2.0
    distance = np.abs(stop.positions - np.stack([at(t, TRAJECTORY[1]) for t in stop.along])).max()
    assert distance <= 2e-5
    # The path of this trajectory is straight in joint space.
    assert np.abs(stop.positions @ np.array([0.9, 1.5, 0.0])).max() <= 1e-9


@settings(max_examples=60)
@given(st.floats(0.0, 2.0))
def test_it_stays_within_the_limits_at_every_sample(t_now):
    stop = stopped(t_now)
    assert (np.abs(stop.accelerations) <= ACCELERATION * (1 + 1e-5) + 1e-6).all()
    jerk = np.diff(stop.accelerations, axis=0) / 0.001
    assert (np.abs(jerk) <= JERK * 1.02 + 1e-3).all()
    speed = np.stack([np.abs(at(t, TRAJECTORY[2])) for t in stop.along])
    assert (np.abs(stop.velocities) <= speed + 1e-3).all()


@pytest.mark.parametrize("t_now", [0.2, 0.45, 0.7, 1.5])
def test_velocities_and_accelerations_are_those_of_the_commands(t_now):
    stop = stopped(t_now)
    slope = np.gradient(stop.positions, stop.times, axis=0)
    assert np.abs(slope - stop.velocities)[1:-1].max() <= 1e-4
    bend = np.gradient(stop.velocities, stop.times, axis=0)
    assert np.abs(bend - stop.accelerations)[2:-2].max() <= 0.05


def test_it_is_quicker_than_the_trajectory_and_quicker_with_more_acceleration():
    patient, quick = stopped(0.4, ACCELERATION * 1.5, JERK), stopped(0.4, ACCELERATION * 4, JERK * 16)
    assert quick.times[-1] < 0.2 < patient.times[-1] < 0.5


@pytest.mark.parametrize("t_now", [-1.0, 0.0, 0.95, 1.05, 2.0, 9.0])
def test_at_rest_and_outside_the_trajectory_it_just_holds(t_now):
    stop = stopped(t_now)
    assert len(stop.times) == 1
    assert stop.positions[0] == pytest.approx(at(float(np.clip(t_now, 0.0, 2.0)), TRAJECTORY[1]), abs=1e-12)
    assert not stop.velocities.any()


def test_near_the_end_it_follows_the_trajectory_to_its_own_end():
    stop = stopped(1.998)
    assert stop.along[-1] == 2.0
    assert stop.times[-1] == pytest.approx(0.002)
    assert stop.positions[-1] == pytest.approx(TRAJECTORY[1][-1], abs=1e-12)


@pytest.mark.parametrize("t_now", [0.8, 1.99])
def test_a_rest_that_is_nearer_than_any_slowing_is_where_it_stops(t_now):
    """At its largest deceleration already, it cannot be quicker than the trajectory, and the second move never begins."""
    stop = stopped(t_now, None, None)
    rest = 0.9 if t_now < 1.0 else 2.0
    assert stop.along == pytest.approx(np.minimum(t_now + stop.times, rest), abs=1e-12)
    assert stop.along[-1] == pytest.approx(rest)


def test_the_second_move_never_begins_once_the_first_is_stopped():
    assert all(stopped(float(t)).along[-1] <= 0.9 + 1e-12 for t in np.linspace(0.01, 0.899, 60))


def test_limits_below_what_the_trajectory_does_anyway_count_as_what_it_does():
    tight = np.full(3, 1e-3)
    assert stopped(0.4, tight, tight).times[-1] == stopped(0.4, None, None).times[-1] <= 0.5


@settings(max_examples=30)
@given(st.floats(0.01, 1.99))
def test_without_limits_it_asks_no_more_than_the_trajectory_itself(t_now):
    stop = stopped(t_now, None, None)
    own = np.abs(TRAJECTORY[3]).max(axis=0)
    assert (np.abs(stop.accelerations) <= own * (1 + 1e-5) + 1e-6).all()
    assert np.abs(stop.velocities[-1]).max() <= 1e-9


@pytest.mark.parametrize("t_now", [0.15, 0.25, 0.35, 0.45, 0.55, 1.4, 1.6])
def test_the_jerk_alone_bounds_it_too(t_now):
    limit = 1.05 * 60.0 * np.abs(WAY) / 0.9**3 + 1e-3
    stop = stopped(t_now, np.full(3, 1e3), limit)
    jerk = np.abs(np.diff(stop.accelerations, axis=0) / 0.001)
    assert (jerk <= limit * 1.01).all()


def smooth_ramp(begin: float, length: float) -> tuple[np.ndarray, ...]:
    """The integral of a minimum-jerk ramp of a velocity from 0 to 1, the ramp, and its slope."""
    u = np.clip((np.arange(3001) / 1000.0 - begin) / length, 0.0, 1.0)
    after = np.maximum(np.arange(3001) / 1000.0 - begin - length, 0.0)
    area = length * (2.5 * u**4 - 3 * u**5 + u**6) + after
    return area, 10 * u**3 - 15 * u**4 + 6 * u**5, 30 * u**2 * (1 - u) ** 2 / length


@pytest.mark.parametrize("t_now", [0.7, 0.74, 0.775, 0.8, 0.85])
def test_in_the_midst_of_the_hardest_braking_it_waits_until_that_is_over(t_now):
    """It brakes from full to half speed as hard as it may; a stop cannot be added to that, nor wait for the end."""
    ramps = zip(smooth_ramp(0.0, 0.5), smooth_ramp(0.7, 0.15), smooth_ramp(2.5, 0.5), strict=True)
    q, v, a = ((up - 0.5 * half - 0.5 * down)[:, None] for up, half, down in ramps)
    stop = slow_to_stop(np.arange(3001) / 1000.0, q, v, a, t_now)
    assert stop.times[-1] <= 0.9
    assert np.abs(stop.accelerations).max() <= np.abs(a).max() * (1 + 1e-5)
    assert np.abs(stop.velocities[-1]).max() <= 1e-9
    slope = np.gradient(stop.positions[:, 0], stop.times)
    assert np.abs(slope - stop.velocities[:, 0])[1:-1].max() <= 1e-3
    assert stop.positions[:, 0] == pytest.approx(np.interp(stop.along, np.arange(3001) / 1000.0, q[:, 0]), abs=1e-5)


@pytest.mark.parametrize("rate_hz", [100.0, 240.0])
def test_the_rate_of_the_commands_is_free(rate_hz):
    stop = slow_to_stop(*TRAJECTORY, 0.4, acceleration_limits=ACCELERATION, jerk_limits=JERK, rate_hz=rate_hz)
    assert np.abs(np.diff(stop.times) - 1 / rate_hz).max() <= 1e-12
    assert np.abs(stop.velocities[-1]).max() <= 1e-9


@pytest.mark.parametrize(
    "arguments",
    [
        (TIMES[::-1], *TRAJECTORY[1:], 0.5),
        (TIMES, TRAJECTORY[1][:, :2], *TRAJECTORY[2:], 0.5),
        (TIMES[:5], *TRAJECTORY[1:], 0.5),
        (*TRAJECTORY, float("nan")),
    ],
)
def test_impossible_trajectories_are_refused(arguments):
    with pytest.raises(SetupFault):
        slow_to_stop(*arguments)
