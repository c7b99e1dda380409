"""Steps under couplings, with a phase that runs unevenly and a goal that changes, against an integrator of the equation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from lmp.errors import SetupFault
from lmp.primitives.dmp.deviation import FREQUENCY, SYSTEM, Deviation
from lmp.primitives.dmp.min_jerk import MinimumJerk
from lmp.primitives.dmp.stepping import SteppedPrimitive
from lmp.primitives.kernels.stepping import distance_after

DURATION = 1.3
RNG = np.random.default_rng(7)
START, GOAL, OTHER, VELOCITY, ACCELERATION = RNG.normal(size=(5, 2))
SHAPE = Deviation.from_weights(RNG.uniform(-0.3, 0.3, size=(6, 2)))


def moving() -> SteppedPrimitive:
    return SteppedPrimitive(START, GOAL, DURATION, SHAPE, VELOCITY, ACCELERATION)


def integrated(state, phase, base, goal, seconds, rate, push):
    """Position and velocity in time after the class's equation, in phase units, with rows of the reference as it says."""

    def slope(s: float, y: np.ndarray) -> np.ndarray:
        p = np.array([min(phase + rate * s, 1.0)])
        runs = rate if phase + rate * s < 1.0 else 0.0
        r, first, second = (row[0] for row in base.evaluate(p))
        extra = [row[0] for row in SHAPE.evaluate(p)]
        f = second + SYSTEM.alpha * first + SYSTEM.stiffness * (r - goal) + SHAPE.forcing(p)[0]
        f = f - (1 - runs**2) * (second + extra[2]) - SYSTEM.alpha * (1 - runs) * (first + extra[1]) + push * DURATION**2
        return np.concatenate([y[2:], SYSTEM.stiffness * (goal - y[:2]) - SYSTEM.alpha * y[2:] + f])

    begin = np.concatenate([state[0], state[1] * DURATION])
    end = solve_ivp(slope, (0.0, seconds / DURATION), begin, "DOP853", rtol=1e-12, atol=1e-14, max_step=0.02).y[:, -1]
    return end[:2], end[2:] / DURATION


@settings(max_examples=6, deadline=None)
@given(st.lists(st.tuples(st.floats(0.01, 0.3), st.sampled_from([1.0, 0.0, 0.4, 1.2]), st.booleans()), min_size=3, max_size=5))
def test_steps_obey_the_equation_under_couplings_any_rate_and_another_goal(steps):
    primitive, goal = moving(), GOAL
    base = MinimumJerk(np.stack([START, VELOCITY * DURATION, ACCELERATION * DURATION**2, GOAL]))
    state = (START, VELOCITY)
    for index, (seconds, rate, pushed) in enumerate(steps):
        if index == 2 and primitive.phase < 0.9:
            rows = [row[0] for row in base.evaluate(np.array([primitive.phase]))]
            base, goal = MinimumJerk(np.stack([*rows, OTHER]), begin=primitive.phase), OTHER
            primitive.change_goal(OTHER)
        push = np.array([0.8, -1.5]) if pushed else np.zeros(2)
        state = integrated(state, primitive.phase, base, goal, seconds, rate, push)
        primitive.step(seconds, push if pushed else None, rate)
        assert np.abs(primitive.position - state[0]).max() <= 1e-10
        assert np.abs(primitive.velocity - state[1]).max() <= 1e-9
        assert primitive.command.tolist() == [list(primitive.position), list(primitive.velocity), list(primitive.acceleration)]


@settings(max_examples=50)
@given(st.floats(-1.0, 1.0), st.floats(-5.0, 5.0), st.floats(-20.0, 20.0), st.floats(0.0, 3.0))
def test_the_distance_decays_by_the_matrix_exponential(e, slope, pull, length):
    matrix = np.array([[0.0, 1.0, 0.0], [-(FREQUENCY**2), -2.0 * FREQUENCY, 1.0], [0.0, 0.0, 0.0]])
    expected = (expm(matrix * length) @ [e, slope, pull])[:2]
    assert distance_after(e, slope, pull, FREQUENCY, length) == pytest.approx(expected, abs=1e-11)


@settings(max_examples=20)
@given(st.floats(0.01, 1.0), st.lists(st.floats(0.0, 2.0), min_size=1, max_size=5))
def test_what_lies_ahead_is_what_steps_reach(before, spans):
    def here() -> SteppedPrimitive:
        primitive = moving()
        primitive.step(before, np.array([2.0, -1.0]), 0.7)
        primitive.change_goal(OTHER)
        return primitive

    ahead = here().ahead(np.array(spans))
    for index, span in enumerate(spans):
        primitive = here()
        if span > 0.0:
            primitive.step(span)
        assert ahead[0][index] == pytest.approx(primitive.position, abs=1e-12)
        assert ahead[1][index] == pytest.approx(primitive.velocity, abs=1e-10)
        if span > 0.0:  # At once the push is gone, and with it its share of the acceleration.
            assert ahead[2][index] == pytest.approx(primitive.acceleration, abs=1e-8)


def test_looking_ahead_moves_nothing():
    primitive = moving()
    primitive.step(0.4)
    before = primitive.phase, primitive.position.tolist()
    primitive.ahead(np.linspace(0.0, 3.0, 7))
    assert (primitive.phase, primitive.position.tolist()) == before


@pytest.mark.parametrize("spans", [[-0.1], [np.nan], [np.inf], [[0.1]]])
def test_spans_that_are_no_times_to_come_are_refused(spans):
    with pytest.raises(SetupFault, match="seconds from 0 on"):
        moving().ahead(np.array(spans))
