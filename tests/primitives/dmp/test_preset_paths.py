import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from lmp.primitives.dmp.bulges import BadShape, deviation_of
from lmp.primitives.dmp.lmp_2602_02839 import COUNT, STEPS, WEIGHT_SCALE, roll_out
from lmp.primitives.dmp.position_path import PositionPath
from lmp.primitives.dmp.preset_paths import DECAY, SETTLE, SHARPNESS, UNIT
from lmp.primitives.dmp.screening import positions_at
from lmp.schema.motion import Preset, Weights

OTHERS: tuple[Preset, ...] = ("textbook", "lmp-2602.02839")
WHOLE = 1.0 + SETTLE


def drawn(preset: Preset, seed: int, count: int = COUNT) -> tuple[np.ndarray, np.ndarray, np.ndarray, Weights]:
    rng = np.random.default_rng(seed)
    start, goal, weights = rng.normal(size=3), rng.normal(size=3), rng.uniform(-0.3, 0.3, (count, 3))
    x, y, z = (tuple(row) for row in weights.T)
    return start, goal, weights, Weights(preset=preset, x=x, y=y, z=z)


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_the_published_preset_passes_the_published_samples(seed):
    start, goal, weights, shape = drawn("lmp-2602.02839", seed)
    emitted = np.zeros((5, COUNT))
    emitted[:3] = weights.T / UNIT
    published = roll_out(np.append(start, 0.0), np.append(goal, 0.0), emitted).arm[:, :3]
    path = PositionPath(start, goal, shape).positions(np.arange(1, STEPS + 1) / STEPS / WHOLE)
    assert np.abs(path - published).max() <= 1e-12


def test_one_published_weight_is_a_static_displacement_of_37_cm():
    assert pytest.approx(2.0 * WEIGHT_SCALE[0] / (20.8 * 5.2)) == UNIT


def integrated(start: float, goal: float, weights: np.ndarray, at: np.ndarray) -> np.ndarray:
    """The textbook primitive and the time without forcing, by a general integrator of their differential equation."""
    count = len(weights)
    centres, sharpness = np.linspace(0.0, 1.0, count), SHARPNESS * (count - 1) ** 2

    def slope(t: float, state: np.ndarray, forced: bool) -> list[float]:
        bells = np.exp(-sharpness * (t - centres) ** 2)
        forcing = 25.0 * 6.25 * math.exp(-DECAY * t**3) * float(weights @ bells) / bells.sum() if forced else 0.0
        return [state[1], 25.0 * (6.25 * (goal - state[0]) - state[1]) + forcing]

    tight = {"rtol": 1e-12, "atol": 1e-13, "method": "DOP853"}
    first = solve_ivp(slope, (0.0, 1.0), [start, 0.0], args=(True,), dense_output=True, **tight)
    then = solve_ivp(slope, (1.0, WHOLE), first.y[:, -1], args=(False,), dense_output=True, **tight)
    return np.array([(first if t <= 1.0 else then).sol(t)[0] for t in at * WHOLE])


@pytest.mark.parametrize("count", [2, 7, 20])
def test_the_textbook_preset_solves_its_equation_and_then_settles(count):
    start, goal, weights, shape = drawn("textbook", count, count)
    phases = np.linspace(0.0, 1.0, 57)
    path = PositionPath(start, goal, shape).positions(phases)
    for axis in range(3):
        assert np.abs(path[:, axis] - integrated(start[axis], goal[axis], weights[:, axis], phases)).max() <= 1e-9


@pytest.mark.parametrize("preset", OTHERS)
def test_the_derivatives_are_those_of_the_positions(preset):
    start, goal, _, shape = drawn(preset, 3)
    path = PositionPath(start, goal, shape)
    inside = np.linspace(0.05, 0.95, 41) + 1e-4  # beside the recurrence's samples, where its cubics meet
    before, after = (path.positions(inside + step) for step in (-1e-6, 1e-6))
    _, velocity, _ = path.evaluate(inside)
    assert (after - before) / 2e-6 == pytest.approx(velocity, abs=1e-6)


@pytest.mark.parametrize("preset", OTHERS)
def test_without_weights_it_is_straight_and_ends_at_its_goal(preset):
    zero = (0.0,) * COUNT
    start, goal = np.array([0.3, -0.2, 0.1]), np.array([0.5, 0.3, 0.4])
    points = PositionPath(start, goal, Weights(preset=preset, x=zero, y=zero, z=zero)).positions(np.linspace(0.0, 1.0, 50))
    way = (goal - start) / np.linalg.norm(goal - start)
    assert np.abs(np.cross(points - start, way)).max() <= 1e-12
    assert np.linalg.norm(points[0] - start) <= 1e-12
    assert np.linalg.norm(points[-1] - goal) <= 1e-5


@pytest.mark.parametrize("preset", OTHERS)
def test_it_turns_with_the_robot(preset):
    start, goal, _, shape = drawn(preset, 4)
    quarter = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    phases = np.linspace(0.0, 1.0, 20)
    turned = PositionPath(quarter @ start, quarter @ goal, shape, quarter).positions(phases)
    assert turned == pytest.approx(PositionPath(start, goal, shape).positions(phases) @ quarter.T, abs=1e-12)


def test_many_at_once_are_what_each_is_alone():
    several = [drawn(preset, seed, 11) for seed in range(3) for preset in (*OTHERS, "default")]
    phases = np.linspace(0.0, 1.0, 17)
    starts, goals = (np.array([one[index] for one in several]) for index in (0, 1))
    together = positions_at(phases, starts, goals, [one[3] for one in several])
    for positions, (start, goal, _, shape) in zip(together, several, strict=True):
        assert positions == pytest.approx(PositionPath(start, goal, shape).positions(phases), abs=1e-12)


def test_another_number_of_published_weights_is_refused():
    few = Weights(preset="lmp-2602.02839", x=(0.0,) * 5, y=(0.0,) * 5, z=(0.0,) * 5)
    with pytest.raises(BadShape, match=r"5 weights a row came; the preset lmp-2602\.02839 has 11"):
        PositionPath(np.zeros(3), np.ones(3), few)


def test_it_is_no_deviation_that_could_be_added_to_another_motion():
    with pytest.raises(BadShape, match="textbook"):
        deviation_of(drawn("textbook", 1)[3])
