import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from lmp.errors import SetupFault
from lmp.primitives.dmp.default_preset import compile_default
from lmp.primitives.dmp.deviation import COUNT, SYSTEM, Deviation, correction, end_conditions, response, smoothest
from lmp.primitives.dmp.min_jerk import MinimumJerk

P = np.linspace(0.0, 1.0, 801)


def test_zero_weights_are_the_minimum_jerk_straight_line():
    values = np.zeros((4 + COUNT, 1))
    values[0], values[3] = 0.2, 0.9
    position, velocity, acceleration = compile_default(2.0 * P, 2.0)(values)
    assert position[:, 0] == pytest.approx(0.2 + 0.7 * (10 * P**3 - 15 * P**4 + 6 * P**5), abs=1e-14)
    assert velocity[:, 0] == pytest.approx(0.7 / 2.0 * 30 * P**2 * (1 - P) ** 2, abs=1e-13)
    assert acceleration[:, 0] == pytest.approx(0.7 / 4.0 * 60 * P * (1 - P) * (1 - 2 * P), abs=1e-12)
    assert position[400, 0] == pytest.approx(0.55, abs=1e-15)


@settings(max_examples=30)
@given(st.integers(1, 32), st.integers(0, 1000))
def test_any_weights_keep_position_velocity_and_acceleration_at_both_ends(count, seed):
    values = np.random.default_rng(seed).uniform(-0.5, 0.5, size=(4 + count, 2))
    duration = 1.5
    position, velocity, acceleration = compile_default(np.array([0.0, duration]), duration, count)(values)
    assert position == pytest.approx(values[[0, 3]], abs=1e-13)
    assert velocity == pytest.approx(np.stack([values[1], np.zeros(2)]), abs=1e-12)
    assert acceleration == pytest.approx(np.stack([values[2], np.zeros(2)]), abs=1e-11)


@pytest.mark.parametrize("count", [1, 10, 32])
def test_it_agrees_with_an_adaptive_integrator_at_instants_of_any_spacing(count):
    rng, duration = np.random.default_rng(count), 1.7
    values = np.concatenate([rng.normal(size=(4, 1)), rng.uniform(-0.3, 0.3, size=(count, 1))])
    times = np.sort(np.concatenate([[0.0, duration], rng.uniform(0.0, duration, 8), 0.9 + np.geomspace(1e-9, 1e-2, 6)]))
    y0, v0, a0, goal = values[:4, 0] * [1.0, duration, duration**2, 1.0]
    base, deviation = MinimumJerk(np.array([[y0], [v0], [a0], [goal]])), Deviation.from_weights(values[4:])

    def slope(p: float, state: np.ndarray) -> list[float]:
        y, v, a = (row[0, 0] for row in base.evaluate(np.array([p])))
        drive = a + SYSTEM.alpha * v + SYSTEM.stiffness * y + deviation.forcing(np.array([p]))[0, 0]
        return [state[1], drive - SYSTEM.stiffness * state[0] - SYSTEM.alpha * state[1]]

    truth = solve_ivp(slope, (0.0, 1.0), [y0, v0], "DOP853", times / duration, rtol=1e-13, atol=1e-15, max_step=0.02).y
    position, velocity, _ = compile_default(times, duration, count)(values)
    assert np.abs(position[:, 0] - truth[0]).max() <= 1e-12
    assert np.abs(velocity[:, 0] - truth[1] / duration).max() <= 1e-11


def test_velocity_and_acceleration_are_the_derivatives():
    values = np.random.default_rng(8).uniform(-0.3, 0.3, size=(4 + 9, 3))
    errors = []
    for h in 2.0 ** -np.arange(7, 11):
        times = np.arange(0.0, 2.0 + h / 2, h)
        position, velocity, acceleration = compile_default(times, 2.0, 9)(values)
        central = (position[2:] - position[:-2]) / (2 * h)
        second = (position[2:] - 2 * position[1:-1] + position[:-2]) / h**2
        errors.append([np.abs(central - velocity[1:-1]).max(), np.abs(second - acceleration[1:-1]).max()])
    slopes = np.polyfit(np.arange(4), -np.log2(np.array(errors)), 1)[0]
    assert slopes == pytest.approx([2.0, 2.0], abs=0.15)


def test_weights_are_metres_of_static_displacement():
    """Far from the ends, and with the correction taken out, equal weights hold the system at their value."""
    position, velocity, _ = response(12).matrices(np.array([0.7]))
    assert position.sum() == pytest.approx(1.0, abs=2e-3)
    assert velocity.sum() == pytest.approx(0.0, abs=2e-2)


def test_the_correction_is_the_one_of_least_squared_acceleration():
    """Along every way that keeps the end conditions the squared acceleration is stationary, and elsewhere larger."""
    conditions = end_conditions(COUNT)
    best = correction(5)[:, 2]
    fine = np.linspace(0.0, 1.0, 8001)
    acceleration = response(COUNT).matrices(fine)[2]
    metric = np.trapezoid(acceleration[:, :, None] * acceleration[:, None, :], fine, axis=0)
    free = np.linalg.svd(conditions)[2][4:]
    assert np.abs(conditions @ free.T).max() <= 1e-10
    slope = free @ metric @ best
    assert np.abs(slope).max() <= 1e-5 * np.abs(metric @ best).max()
    assert np.linalg.eigvalsh(free @ metric @ free.T).min() > 0.0


def test_conditions_are_met():
    conditions = np.random.default_rng(3).normal(size=(5, COUNT))
    values = np.random.default_rng(4).normal(size=(5, 2))
    assert conditions @ smoothest(conditions, values) == pytest.approx(values, abs=1e-13)


def test_a_deviation_obeys_the_system_under_its_forcing():
    deviation = Deviation.from_weights(np.random.default_rng(6).uniform(-0.2, 0.2, size=(7, 2)))
    position, velocity, acceleration = deviation.evaluate(P)
    residual = acceleration + SYSTEM.alpha * velocity + SYSTEM.stiffness * position - deviation.forcing(P)
    assert np.abs(residual).max() <= 1e-11


def test_a_deviation_without_terms_is_nothing():
    nothing = Deviation((), 4)
    assert [array.tolist() for array in nothing.evaluate(P[:2])] == [[[0.0] * 4] * 2] * 3
    assert not nothing.forcing(P).any()


@settings(max_examples=50)
@given(st.lists(st.floats(-3.0, 3.0), min_size=4, max_size=4), st.floats(0.0, 0.9))
def test_a_quintic_has_its_start_state_and_rests_at_the_goal(parameters, begin):
    y0, v0, a0, g = parameters
    curve = MinimumJerk(np.array(parameters)[:, None], begin)
    ends = [array[:, 0] for array in curve.evaluate(np.array([begin, 1.0]))]
    scale = 1.0 / (1.0 - begin) ** 2
    assert ends[0] == pytest.approx([y0, g], abs=1e-12)
    assert ends[1] == pytest.approx([v0, 0.0], abs=1e-11 * scale)
    assert ends[2] == pytest.approx([a0, 0.0], abs=1e-10 * scale)
    assert curve.goal.tolist() == [g]


def test_a_quintic_has_the_least_squared_jerk():
    """Adding any bump that vanishes with two derivatives at both ends adds squared jerk."""
    jerk = 60.0 - 360.0 * P + 360.0 * P**2
    bump = np.polynomial.Polynomial([0, 0, 0, 1, -3, 3, -1]).deriv(3)(P)  # p^3 (1 - p)^3
    assert np.trapezoid(jerk * bump, P) == pytest.approx(0.0, abs=1e-3)
    curve = MinimumJerk(np.array([[0.0], [0.0], [0.0], [1.0]]))
    assert np.gradient(curve.evaluate(P)[2][:, 0], P)[2:-2] == pytest.approx(jerk[2:-2], abs=1e-2)


@pytest.mark.parametrize(("parameters", "begin"), [(np.zeros((3, 1)), 0.0), (np.zeros(4), 0.0), (np.zeros((4, 1)), 1.0)])
def test_impossible_quintics_are_refused(parameters, begin):
    with pytest.raises(SetupFault):
        MinimumJerk(parameters, begin)
