"""A new goal in motion: the next 50 poses rolled out, followed and checked, as the answer to one call.

2,000 re-targets of a Panda over a table with six boxes, one after the other. Each motion begins at rest with a random goal
and a bulge; after a random time under way it is given a random goal, in reach or not, free or not, at a wished duration or
the time that is left. The time is that of `ToolMotion.retarget`: from the present state to the answer, which holds all that
will be followed, or why it will not be (as numbers; its words are made when they are read). What is checked is written at
`retarget`: here the 50 poses, and beside it the same with the way between them swept as well, which is what it does unless
it is told not to. Wall time on a busy machine is mostly that of waiting: the time that the thread
computed is given beside it. No peer does this work.

The position row compares the tool's position along such motions, with three changes of the goal each, with the system's
differential equation, integrated by scipy's DOP853 (rtol 1e-13), whose forcing is rebuilt at each change from its own state.
"""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray
from peers.boxes_scene import boxes_scene
from scipy.integrate import solve_ivp
from scipy.spatial.transform import Rotation

from lmp.primitives.compiler.motion_state import Arm, MotionState
from lmp.primitives.dmp.bulges import deviation_of
from lmp.primitives.dmp.deviation import SYSTEM
from lmp.primitives.moving.answers import Followed
from lmp.primitives.moving.tool_motion import ToolMotion
from lmp.robots.robot_file import load_robot
from lmp.schema.motion import Bulge, Bulges
from rows.row import Row
from rows.stopwatch import words

Array = NDArray[np.float64]

TIMES = 2000
SHAPE = Bulges(bulges=(Bulge(direction="up", phase=0.5, amount=0.06),))


def measure() -> list[Row]:
    """Times of many re-targets, and the distance from the differential equation."""
    arm = Arm(load_robot("panda"), 1000.0)
    state, rng = MotionState.first(arm, boxes_scene(arm.robot)), np.random.default_rng(4)
    for swept in (True, False) * 10:
        timed(arm, state, rng, swept)  # Kernels are compiled, matrices are kept.
    taken = [timed(arm, state, rng, False) for _ in range(TIMES)]
    swept_too = np.array([timed(arm, state, rng, True)[0] for _ in range(TIMES)])
    wall, computed = (np.array([one[which] for one in taken]) for which in (0, 1))
    share = np.mean([one[2] for one in taken])
    error = max(distance_from_equation(arm, state, seed) for seed in range(8))
    return [
        Row(
            "a goal changed in motion, with 50 checked poses: 99 of 100 are answered within",
            f"{words(float(np.percentile(wall, 99)))} (median {words(float(np.median(wall)))}; "
            f"of computing {words(float(np.percentile(computed, 99)))}; {share:.0%} are followed; the way between the poses "
            f"swept as well: {words(float(np.percentile(swept_too, 99)))}, median {words(float(np.median(swept_too)))})",
            "none; a tick at 1 kHz is 1 ms",
            1e3 * float(np.percentile(wall, 99)),
            "at most",
            1.0,
            "ms",
        ),
        Row(
            "position of a tool whose goal changes three times",
            f"{error:.1e} m",
            "its differential equation, DOP853 at 1e-13",
            error,
            "at most",
            1e-12,
            "m",
        ),
    ]


def random_goal(rng: np.random.Generator) -> Array:
    """A tool pose over the table that points down, more or less. Shape (4, 4)."""
    T = np.eye(4)
    turn = Rotation.from_rotvec(rng.normal(scale=0.2, size=3)) * Rotation.from_euler("z", rng.uniform(-1.0, 1.0))
    T[:3, :3] = turn.as_matrix() @ np.diag([1.0, -1.0, -1.0])
    T[:3, 3] = rng.uniform((0.25, -0.45, 0.03), (0.7, 0.45, 0.5))
    return T


def timed(arm: Arm, state: MotionState, rng: np.random.Generator, swept: bool) -> tuple[float, float, bool]:
    """Wall time and time of computing of one re-target [s], and whether it is followed."""
    motion = ToolMotion(arm, state, swept=swept)
    while not isinstance(motion.retarget(random_goal(rng), 1.0, SHAPE), Followed):
        pass
    motion.step(rng.uniform(0.1, 0.8) * motion.left)
    goal, duration = random_goal(rng), None if rng.random() < 0.5 else float(rng.uniform(0.5, 2.0))
    wall, computed = time.perf_counter(), time.thread_time()
    answer = motion.retarget(goal, duration)
    return time.perf_counter() - wall, time.thread_time() - computed, isinstance(answer, Followed)


def distance_from_equation(arm: Arm, state: MotionState, seed: int) -> float:
    """Largest distance of a tool's positions from the differential equation's [m]."""
    motion, rng, worst = ToolMotion(arm, state), np.random.default_rng(seed), 0.0
    solution = Solution(motion.tool.T_world_tool[:3, 3])
    for change in range(4):
        goal = random_goal(rng)
        while not isinstance(answer := motion.retarget(goal, 1.5, SHAPE if change == 0 else None), Followed):
            goal = random_goal(rng)
        solution.head_for(goal[:3, 3], answer.duration)
        for _ in range(3):
            dt = float(rng.uniform(0.02, 0.12))
            motion.step(dt)
            solution.go_on(dt)
            worst = max(worst, float(np.abs(motion.tool.rates[0] - solution.position).max()))
    return worst


class Solution:
    """The system's differential equation under the baseline's forcing and the shape's, integrated numerically."""

    def __init__(self, position: Array):
        self.state, self.phase, self.duration = np.concatenate([position, np.zeros(9)]), 0.0, 1.0
        self.goal, self.powers, self.deviation = position, np.outer(np.eye(6)[0], position), deviation_of(SHAPE)

    @property
    def position(self) -> Array:
        """Where it is [m]. Shape (3,)."""
        return self.state[:3]

    def head_for(self, goal: Array, duration: float) -> None:
        """Another goal, a time from now [s]: the baseline becomes the quintic from the present state, less the shape's."""
        rates, old = self._slope(self.phase, self.state), self.duration
        self.duration = duration / (1.0 - self.phase)
        scale = self.duration / old
        y, first, second = self.state[:3], self.state[3:6] * scale, rates[3:6] * scale**2
        self.state = np.concatenate([y, first, self.state[6:]])
        start = [y - self.state[6:9], first - self.state[9:12], second - rates[9:12]]
        rows = [_powers(at, order) for at in (self.phase, 1.0) for order in range(3)]
        self.goal = goal
        self.powers = np.linalg.solve(np.array(rows), np.array([*start, goal, np.zeros(3), np.zeros(3)]))

    def go_on(self, dt: float) -> None:
        """Integrates over a time [s]."""
        end = self.phase + dt / self.duration
        found = solve_ivp(self._slope, (self.phase, end), self.state, "DOP853", rtol=1e-13, atol=1e-15)
        self.state, self.phase = found.y[:, -1], end

    def _slope(self, p: float, state: Array) -> Array:
        y, first, shape, shape_first = state.reshape(4, 3)
        base, base_first, base_second = (_powers(p, order) @ self.powers for order in range(3))
        pushed = self.deviation.forcing(np.array([p]))[0]
        forcing = base_second + SYSTEM.alpha * base_first + SYSTEM.stiffness * (base - self.goal) + pushed
        second = SYSTEM.alpha * (SYSTEM.beta * (self.goal - y) - first) + forcing
        shape_second = pushed - SYSTEM.alpha * shape_first - SYSTEM.stiffness * shape
        return np.concatenate([first, second, shape_first, shape_second])


def _powers(p: float, order: int) -> Array:
    """The powers of a phase up to the fifth, or a derivative of them. Shape (6,)."""
    row: Array = np.array([np.polyval(np.polyder(np.eye(6)[5 - power], order), p) for power in range(6)])
    return row
