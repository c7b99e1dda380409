"""A motion whose goal changes, beside the system's differential equation integrated numerically."""

import numpy as np
import pytest
from moving_arm import UP, arm, state
from panda_arm import down
from scipy.integrate import solve_ivp

from lmp.primitives.dmp.bulges import deviation_of
from lmp.primitives.dmp.deviation import SYSTEM
from lmp.primitives.moving.answers import Followed
from lmp.primitives.moving.tool_motion import ToolMotion

GOALS = (down(0.5, 0.2, 0.25), down(0.55, 0.05, 0.3), down(0.45, -0.2, 0.22, 0.4), down(0.4, -0.05, 0.35))


def powers(p: float, order: int) -> np.ndarray:
    """The powers of a phase up to the fifth, or a derivative of them. Shape (6,)."""
    return np.array([np.polyval(np.polyder(np.eye(6)[5 - power], order), p) for power in range(6)])


class Equation:
    """y'' = alpha (beta (g - y) - y') + f over the phase, f the forcing of the quintic and of the shape; state y, y', d, d'.

    d is what the shape adds, integrated by itself, so that a new quintic can begin at y - d.
    """

    def __init__(self, position: np.ndarray):
        self.state, self.phase, self.span = np.concatenate([position, np.zeros(9)]), 0.0, 1.0
        self.goal, self.quintic, self.shape = position, np.outer(np.eye(6)[0], position), deviation_of(UP)

    def slope(self, p: float, state: np.ndarray) -> np.ndarray:
        y, first, d, d_first = state.reshape(4, 3)
        base, base_first, base_second = (powers(p, order) @ self.quintic for order in range(3))
        pushed = self.shape.forcing(np.array([p]))[0]
        forcing = base_second + SYSTEM.alpha * base_first + SYSTEM.stiffness * (base - self.goal) + pushed
        second = SYSTEM.alpha * (SYSTEM.beta * (self.goal - y) - first) + forcing
        return np.concatenate([first, second, d_first, pushed - SYSTEM.alpha * d_first - SYSTEM.stiffness * d])

    def head_for(self, goal: np.ndarray, duration: float) -> None:
        rates, span = self.slope(self.phase, self.state), duration / (1.0 - self.phase)
        scale = span / self.span
        self.state[3:6] *= scale
        start = [self.state[:3] - self.state[6:9], self.state[3:6] - rates[6:9], rates[3:6] * scale**2 - rates[9:]]
        rows = np.array([powers(at, order) for at in (self.phase, 1.0) for order in range(3)])
        self.quintic = np.linalg.solve(rows, np.array([*start, goal, np.zeros(3), np.zeros(3)]))
        self.goal, self.span = goal, span

    def go_on(self, dt: float) -> None:
        end = self.phase + dt / self.span
        found = solve_ivp(self.slope, (self.phase, end), self.state, "DOP853", rtol=1e-13, atol=1e-15)
        self.state, self.phase = found.y[:, -1], end


@pytest.mark.parametrize("seed", [0, 1])
def test_position_velocity_and_acceleration_are_those_of_the_equation(seed):
    motion, rng = ToolMotion(arm(), state()), np.random.default_rng(seed)
    equation = Equation(motion.tool.rates[0])
    for change, goal in enumerate(GOALS):
        answer = motion.retarget(goal, rng.uniform(1.0, 1.6), UP if change == 0 else None)
        assert isinstance(answer, Followed), str(answer)
        equation.head_for(goal[:3, 3], answer.duration)
        for _ in range(3):
            dt = rng.uniform(0.01, 0.12)
            motion.step(dt)
            equation.go_on(dt)
            slope = equation.slope(equation.phase, equation.state)
            assert np.abs(motion.tool.rates[0] - equation.state[:3]).max() <= 1e-12
            assert np.abs(motion.tool.rates[1] - slope[:3] / equation.span).max() <= 1e-11
            assert np.abs(motion.tool.rates[2] - slope[3:6] / equation.span**2).max() <= 1e-10
