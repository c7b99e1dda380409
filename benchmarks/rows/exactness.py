"""Exactness of movement primitives: closed forms against an integrator, steps against closed forms."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from lmp.primitives.dmp.basis import GaussianBasis
from lmp.primitives.dmp.default_preset import compile_default
from lmp.primitives.dmp.deviation import SYSTEM, Deviation
from lmp.primitives.dmp.dmp import TransformationSystem
from lmp.primitives.dmp.lmp_2602_02839 import ARM, GRIPPER, STEP, Recurrence, compile_recurrence, sample_phases
from lmp.primitives.dmp.min_jerk import MinimumJerk
from lmp.primitives.dmp.stepping import SteppedPrimitive
from lmp.primitives.dmp.textbook import TextbookPrimitive
from rows.row import Row

Array = NDArray[np.float64]

Force = Callable[[float], float]

WEIGHTS, DURATION = 10, 1.999


def measure() -> list[Row]:
    """The rows of exactness."""
    return [_exactness(), _stepping_error()]


def _exactness() -> Row:
    """Positions of every preset against an integrator of order 8 (relative tolerance 1e-13), at instants of any spacing.

    The preset `lmp-2602.02839` is a recurrence: its reference is the recurrence itself in extended precision.
    """
    rng = np.random.default_rng(0)
    times = np.sort(np.concatenate([[0.0, DURATION], rng.uniform(0.0, DURATION, 40), 0.7 + np.geomspace(1e-9, 1e-3, 8)]))
    textbook = TextbookPrimitive(TransformationSystem(20.8, 5.2), GaussianBasis(11, 1600.0, 4.5), 2.0)
    errors = {
        "default": _default_error(rng, times),
        "textbook": _textbook_error(rng, textbook, times),
        "lmp-2602.02839": max(_recurrence_error(rng, recurrence) for recurrence in (ARM, GRIPPER)),
    }
    named = ", ".join(f"{name} {error:.1e}" for name, error in errors.items())
    return Row("closed form, any sample spacing", named, "integrator, 1e-13", max(errors.values()), "at most", 1e-12, "m off")


def _default_error(rng: np.random.Generator, times: Array) -> float:
    values = np.concatenate([rng.normal(size=(4, 1)), rng.uniform(-0.3, 0.3, size=(WEIGHTS, 1))])
    scaled = values[:4] * np.array([[1.0], [DURATION], [DURATION**2], [1.0]])
    base, extra = MinimumJerk(scaled), Deviation.from_weights(values[4:])

    def force(p: float) -> float:
        at = np.array([p])
        y, v, a = (row[0, 0] for row in base.evaluate(at))
        return float(a + SYSTEM.alpha * v + SYSTEM.stiffness * (y - values[3, 0]) + extra.forcing(at)[0, 0])

    start = [values[0, 0], scaled[1, 0]]
    truth = _integrated(SYSTEM, values[3, 0], force, start, times / DURATION)
    return float(np.abs(compile_default(times, DURATION, WEIGHTS)(values)[0][:, 0] - truth).max())


def _textbook_error(rng: np.random.Generator, primitive: TextbookPrimitive, times: Array) -> float:
    values = rng.normal(size=(3 + primitive.basis.count, 1))

    def force(p: float) -> float:
        return float(primitive.gain * primitive.basis.evaluate(np.array([p]))[0] @ values[3:, 0])

    truth = _integrated(primitive.system, values[2, 0], force, [values[0, 0], values[1, 0] * DURATION], times / DURATION)
    return float(np.abs(primitive.compile(times, DURATION)(values)[0][:, 0] - truth).max())


def _integrated(
    system: TransformationSystem, goal: float, force: Callable[[float], float], start: list[float], phases: Array
) -> Array:
    def slope(p: float, state: Array) -> list[float]:
        return [state[1], system.stiffness * (goal - state[0]) - system.alpha * state[1] + force(p)]

    solution = solve_ivp(slope, (0.0, 1.0), start, "DOP853", phases, rtol=1e-13, atol=1e-15, max_step=0.01)
    return np.asarray(solution.y[0])


def _recurrence_error(rng: np.random.Generator, recurrence: Recurrence) -> float:
    values = rng.normal(size=(2 + recurrence.basis.count, 1))
    forces = recurrence.gain * recurrence.basis.evaluate(sample_phases()) @ values[2:, 0]
    y, z, step = np.longdouble(values[0, 0]), np.longdouble(0.0), np.longdouble(STEP)
    truth = []
    for force in forces:
        y, z = y + step * z, z + step * (recurrence.alpha * (recurrence.beta * (values[1, 0] - y) - z) + force)
        truth.append(float(y))
    return float(np.abs(compile_recurrence(recurrence)(values)[0][:, 0] - truth).max())


def _stepping_error() -> Row:
    """Positions of steps of random lengths, from a moving start and through a change of goal, against the closed forms."""
    rng = np.random.default_rng(1)
    values = np.concatenate([rng.normal(size=(4, 3)), rng.uniform(-0.3, 0.3, size=(WEIGHTS, 3))])
    shape, goal, worst = Deviation.from_weights(values[4:]), rng.normal(size=3), 0.0
    moving = SteppedPrimitive(values[0], values[3], DURATION, shape, values[1], values[2])
    times = np.concatenate([[0.0], np.cumsum(rng.uniform(1e-4, 5e-3, 400))])
    times = times[times < 0.6 * DURATION]
    expected = compile_default(times, DURATION, WEIGHTS)(values)[0]
    for dt, position in zip(np.diff(times), expected[1:], strict=True):
        worst = max(worst, float(np.abs(moving.step(dt) - position).max()))
    scale = np.array([[1.0], [DURATION], [DURATION**2]])
    old = MinimumJerk(np.concatenate([values[:3] * scale, values[3:4]]))
    present = [row[0] for row in old.evaluate(np.array([moving.phase]))]
    new = MinimumJerk(np.stack([*present, goal]), begin=moving.phase)
    moving.change_goal(goal)
    for _ in range(400):
        position, at = moving.step(2e-3), np.array([moving.phase])
        worst = max(worst, float(np.abs(position - new.evaluate(at)[0][0] - shape.evaluate(at)[0][0]).max()))
    return Row("stepping", f"{worst:.1e} m", "closed form, through a change of goal", worst, "at most", 1e-10, "m off")
