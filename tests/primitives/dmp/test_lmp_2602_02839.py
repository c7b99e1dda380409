import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmp.errors import SetupFault
from lmp.primitives.dmp.dmp import TransformationSystem
from lmp.primitives.dmp.lmp_2602_02839 import ARM, COUNT, GRIPPER, ROWS, STEPS, compile_recurrence, roll_out, sample_phases
from lmp.primitives.dmp.textbook import TextbookPrimitive

STILL = np.zeros(4)


def weights_on(row: str, functions: range, value: float) -> np.ndarray:
    weights = np.zeros((5, COUNT))
    weights[ROWS.index(row), list(functions)] = value
    return weights


def plain_arm_row(start: float, goal: float, weights: list[float]) -> list[float]:
    """The recurrence as written down: clock first, then y and z together from their old values."""
    t, y, z, samples = 0.0, start, 0.0, []
    for _ in range(STEPS):
        t += 0.003
        p = min(t, 1.0)
        psi = [math.exp(-1600.0 * (p - 0.1 * i) ** 2) for i in range(11)]
        f = math.exp(-4.5 * p**3) * sum(w * b for w, b in zip(weights, psi, strict=True)) / sum(psi)
        y, z = y + 0.003 * z, z + 0.003 * (20.8 * (5.2 * (goal - y) - z) + 2.0 * f)
        samples.append(y)
    return samples


def plain_gripper_row(start: float, goal: float, weights: list[float]) -> list[float]:
    t, y, z, samples = 0.0, start, 0.0, []
    for _ in range(STEPS):
        t += 0.003
        p = min(t, 1.0)
        f = weights[min(int(p * 11), 10)]
        y, z = y + 0.003 * z, z + 0.003 * (8.4 * (10.5 * (goal - y) - z) + 8.0 * f)
        samples.append(y)
    return samples


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_every_sample_is_that_of_the_plain_loop(seed):
    rng = np.random.default_rng(seed)
    start, goal, weights = rng.normal(size=4), rng.normal(size=4), rng.uniform(-1, 1, size=(5, COUNT))
    motion = roll_out(start, goal, weights, angle=0.3, height=0.05)
    moved = goal + np.array([0.0, 0.0, 0.05, 0.3])
    for row, scale in enumerate((20.0, 20.0, 20.0, 200.0)):
        plain = plain_arm_row(start[row], moved[row], list(scale * weights[row]))
        assert np.abs(motion.arm[:, row] - plain).max() <= 1e-11
    assert np.abs(motion.gripper - plain_gripper_row(0.0, 1.0, list(10.0 * weights[4]))).max() <= 1e-11


def test_with_shorter_steps_the_recurrence_comes_nearer_to_its_differential_equation_with_order_one():
    values = np.random.default_rng(6).normal(size=(2 + COUNT, 3))
    exact = TextbookPrimitive(TransformationSystem(ARM.alpha, ARM.beta), ARM.basis, ARM.gain).compile(np.array([1.0]), 1.0)
    truth = exact(exact.values(values[0], values[1], values[2:]))[0][0]
    counts = 1000 * 2 ** np.arange(4)
    errors = [np.abs(compile_recurrence(ARM, 1.0 / n, int(n))(values)[0][-1] - truth).max() for n in counts]
    assert np.polyfit(np.log(1.0 / counts), np.log(errors), 1)[0] == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize(
    ("functions", "bulge", "decimals", "phase"),
    [(range(4), 0.2788, 4, 0.354), (range(4, 7), 0.152, 3, 0.621), (range(7, 11), 0.034, 3, 0.858)],
)
def test_published_bulges(functions, bulge, decimals, phase):
    x = roll_out(STILL, STILL, weights_on("x", functions, 0.9)).arm[:, 0]
    assert round(float(x.max()), decimals) == bulge
    assert sample_phases()[x.argmax()] == pytest.approx(phase, abs=1e-9)


def test_full_weights_miss_the_goal_by_42_5_millimetres():
    x = roll_out(STILL, STILL, weights_on("x", range(COUNT), 0.9)).arm[:, 0]
    assert round(float(x[-1]), 4) == 0.0425


@pytest.mark.parametrize("closes", [True, False])
def test_a_gripper_without_weights_flips_at_13_5_percent(closes):
    motion = roll_out(STILL, STILL, np.zeros((5, COUNT)), closes=closes)
    assert motion.flip == pytest.approx(0.135, abs=1e-9)
    assert motion.gripper[-1] == pytest.approx(1.0 if closes else 0.0, abs=0.02)


def test_a_gripper_that_is_held_back_never_flips():
    assert roll_out(STILL, STILL, weights_on("gripper", range(COUNT), -0.9)).flip is None


def test_the_clock_goes_first_and_stops_at_one():
    phases = sample_phases()
    assert len(phases) == 334
    assert phases[0] == 0.003
    assert phases[332] == pytest.approx(0.999)
    assert phases[333] == 1.0


@pytest.mark.parametrize("recurrence", [ARM, GRIPPER])
def test_matrices_are_those_of_the_recurrence_not_of_the_equation(recurrence):
    """The recurrence is of first order: it differs from the exact solution, and its slopes are its own differences."""
    rollout = compile_recurrence(recurrence)
    assert np.abs(np.diff(rollout.position, axis=0) / 0.003 - rollout.velocity[:-1]).max() <= 1e-11
    assert np.abs(np.diff(rollout.velocity, axis=0) / 0.003 - rollout.acceleration[1:]).max() <= 1e-9


def test_the_forcing_is_not_scaled_by_the_way():
    weights = weights_on("z", range(3, 6), 0.5)
    near = roll_out(STILL, STILL, weights).arm[:, 2]
    far, straight = (roll_out(STILL, np.full(4, 0.5), w).arm[:, 2] for w in (weights, np.zeros((5, COUNT))))
    assert far - straight == pytest.approx(near, abs=1e-13)


@pytest.mark.parametrize(("start", "weights"), [(np.zeros(3), np.zeros((5, 11))), (STILL, np.zeros((4, 11)))])
def test_other_shapes_are_refused(start, weights):
    with pytest.raises(SetupFault, match=r"\(5, 11\)"):
        roll_out(start, STILL, weights)
