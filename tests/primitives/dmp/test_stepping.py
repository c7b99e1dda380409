import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from lmp.errors import SetupFault
from lmp.primitives.dmp.bulges import deviation_of
from lmp.primitives.dmp.default_preset import compile_default
from lmp.primitives.dmp.deviation import SYSTEM, Deviation
from lmp.primitives.dmp.min_jerk import MinimumJerk
from lmp.primitives.dmp.position_path import PositionPath
from lmp.primitives.dmp.stepping import SteppedPrimitive
from lmp.schema.motion import Bulge, Bulges

START, GOAL, OTHER = np.array([0.3, -0.2, 0.1]), np.array([0.6, 0.25, 0.3]), np.array([0.5, 0.4, 0.15])
SHAPE = Bulges(bulges=(Bulge(direction="up", phase=0.3, amount=0.15), Bulge(direction="left", phase=0.7, amount=0.06)))
DURATION = 1.6


def moving() -> SteppedPrimitive:
    return SteppedPrimitive(START, GOAL, DURATION, deviation_of(SHAPE))


@settings(max_examples=30)
@given(st.lists(st.floats(0.001, 0.4), min_size=3, max_size=30))
def test_steps_of_any_length_stay_on_the_closed_form(lengths):
    primitive, path, t = moving(), PositionPath(START, GOAL, SHAPE), 0.0
    for dt in lengths:
        t += dt
        primitive.step(dt)
        phase = min(t / DURATION, 1.0)
        position, first, second = (array[0] for array in path.evaluate(np.array([phase])))
        assert np.abs(primitive.position - position).max() <= 1e-10
        assert np.abs(primitive.velocity - first / DURATION).max() <= 1e-10
        assert np.abs(primitive.acceleration - second / DURATION**2).max() <= 1e-8
        assert primitive.phase == pytest.approx(phase, abs=1e-12)


def test_a_thousand_steps_a_second_from_a_moving_start_agree_with_the_matrices():
    values = np.random.default_rng(2).uniform(-0.3, 0.3, size=(4 + 6, 2))
    times = np.arange(1601) / 1000.0
    expected = compile_default(times, DURATION, 6)(values)
    primitive = SteppedPrimitive(
        values[0], values[3], DURATION, Deviation.from_weights(values[4:]), velocity=values[1], acceleration=values[2]
    )
    assert primitive.acceleration == pytest.approx(values[2])
    for index in range(1, len(times)):
        primitive.step(0.001)
        assert np.abs(primitive.position - expected[0][index]).max() <= 1e-10
        assert np.abs(primitive.velocity - expected[1][index]).max() <= 1e-10


@settings(max_examples=25)
@given(st.floats(0.02, 0.9))
def test_a_goal_change_keeps_the_state_and_follows_the_new_closed_form(phase):
    primitive = moving()
    primitive.step(phase * DURATION)
    before = primitive.position, primitive.velocity, primitive.acceleration
    primitive.change_goal(OTHER)
    primitive.step(1e-9)
    scale = 1.0 / (1.0 - phase) ** 3
    assert np.abs(primitive.position - before[0]).max() <= 1e-8
    assert np.abs(primitive.velocity - before[1]).max() <= 1e-7
    assert np.abs(primitive.acceleration - before[2]).max() <= 1e-6 * scale
    old = MinimumJerk(np.stack([START, np.zeros(3), np.zeros(3), GOAL]))
    state = [array[0] for array in old.evaluate(np.array([phase]))]
    new = MinimumJerk(np.stack([*state, OTHER]), begin=phase)
    for _ in range(7):
        primitive.step(0.3 * (1.0 - phase) * DURATION)
        at = np.array([primitive.phase])
        expected = new.evaluate(at)[0] + deviation_of(SHAPE).evaluate(at)[0]
        assert np.abs(primitive.position - expected[0]).max() <= 1e-10
    assert primitive.phase == 1.0
    assert np.abs(primitive.position - OTHER).max() <= 1e-10
    assert np.abs(primitive.velocity).max() <= 1e-9


def test_a_coupling_acts_as_an_acceleration_of_the_system():
    """Truth: the response of the critically damped system to a constant acceleration, and its decay after it."""
    pushed, free = moving(), moving()
    push, t = np.array([0.0, 2.0, -1.0]), 0.5
    pushed.step(t, coupling=push)
    free.step(t)
    omega = SYSTEM.alpha / 2.0 / DURATION
    shift = (1.0 - (1.0 + omega * t) * np.exp(-omega * t)) / omega**2
    assert pushed.position - free.position == pytest.approx(push * shift, abs=1e-11)
    assert pushed.acceleration - free.acceleration == pytest.approx(push * (1 - omega * t) * np.exp(-omega * t), abs=1e-9)
    for _ in range(10):
        pushed.step(0.5)
        free.step(0.5)
    assert np.abs(pushed.position - GOAL).max() <= 1e-8


def test_a_goal_change_under_a_coupling_keeps_the_acceleration():
    primitive, push = moving(), np.array([0.5, -0.4, 0.0])
    primitive.step(0.6, coupling=push)
    before = primitive.acceleration
    primitive.change_goal(OTHER)
    primitive.step(1e-9, coupling=push)
    assert np.abs(primitive.acceleration - before).max() <= 1e-6


def test_a_slower_phase_agrees_with_an_integrator():
    rate, deviation = 0.4, deviation_of(SHAPE)
    path = PositionPath(START, GOAL, SHAPE)

    def slope(s: float, state: np.ndarray) -> np.ndarray:
        p = np.array([rate * s])
        first, second = (array[0] for array in path.evaluate(p)[1:])
        base = MinimumJerk(np.stack([START, np.zeros(3), np.zeros(3), GOAL])).evaluate(p)
        f = base[2] + SYSTEM.alpha * base[1] + SYSTEM.stiffness * (base[0] - GOAL) + deviation.forcing(p)
        f = f[0] - (1 - rate**2) * second - SYSTEM.alpha * (1 - rate) * first
        y, v = state[:3], state[3:]
        return np.concatenate([v, SYSTEM.alpha * (SYSTEM.beta * (GOAL - y) - v) + f])

    primitive = moving()
    state = np.concatenate([START, np.zeros(3)])
    primitive.step(DURATION, rate=rate)
    solution = solve_ivp(slope, (0.0, 1.0), state, "DOP853", rtol=1e-12, atol=1e-14, max_step=0.02)
    assert np.abs(primitive.position - solution.y[:3, -1]).max() <= 1e-10
    assert primitive.phase == pytest.approx(rate)
    # Slowed, it stays on its path.
    assert np.abs(primitive.position - path.evaluate(np.array([rate]))[0][0]).max() <= 1e-10


def test_a_stopped_phase_comes_to_rest_on_the_path_and_goes_on_from_there():
    primitive, path = moving(), PositionPath(START, GOAL, SHAPE)
    primitive.step(0.7)
    held = primitive.phase
    for _ in range(8):
        primitive.step(0.4, rate=0.0)
    assert primitive.phase == held
    assert np.abs(primitive.position - path.evaluate(np.array([held]))[0][0]).max() <= 1e-6
    assert np.abs(primitive.velocity).max() <= 1e-6
    for _ in range(12):
        primitive.step(0.5)
    assert np.abs(primitive.position - GOAL).max() <= 1e-8


def test_the_cut_into_steps_does_not_matter_however_the_phase_runs():
    one, many, push = moving(), moving(), np.array([0.3, 0.0, -0.2])
    one.step(2.4, coupling=push, rate=1.3)
    for _ in range(48):
        many.step(0.05, coupling=push, rate=1.3)
    assert np.abs(one.position - many.position).max() <= 1e-11
    assert one.phase == many.phase == 1.0


def test_after_the_end_it_rests_at_the_goal():
    primitive = moving()
    primitive.step(5.0)
    assert np.abs(primitive.position - GOAL).max() <= 1e-11
    assert primitive.goal.tolist() == GOAL.tolist()
    with pytest.raises(SetupFault, match="has ended"):
        primitive.change_goal(OTHER)


@pytest.mark.parametrize(
    ("dt", "coupling", "rate"), [(0.0, None, 1.0), (0.1, np.zeros(2), 1.0), (0.1, None, -1.0), ("a", None, 1.0)]
)
def test_impossible_steps_are_refused(dt, coupling, rate):
    with pytest.raises(SetupFault):
        moving().step(dt, coupling, rate)


@pytest.mark.parametrize(
    "arguments",
    [
        (START, GOAL[:2], 1.0),
        (START, GOAL, 0.0),
        (START[:2], GOAL[:2], 1.0, deviation_of(None)),
        (3.0, 4.0, 1.0),
        ([], [], 1.0),
    ],
)
def test_impossible_motions_are_refused(arguments):
    with pytest.raises(SetupFault):
        SteppedPrimitive(*arguments)
