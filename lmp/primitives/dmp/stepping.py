"""The default preset step by step: for goals that change, coupling terms and phases that stop, in motion.

Each step solves the transformation system exactly over its length (exponential and quadrature as in `dmp`), so that the
result does not depend on how the time is cut into steps.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault
from lmp.primitives.dmp.deviation import SYSTEM, Deviation
from lmp.primitives.dmp.dmp import NODE_WEIGHTS, NODES
from lmp.primitives.dmp.min_jerk import MinimumJerk

Array = NDArray[np.float64]

PANEL = 1.0 / 32.0
"""Longest stretch of phase that one quadrature covers; the forced responses need no shorter one either."""


class SteppedPrimitive:
    """A motion in progress.

    With a reference r(p) = baseline + deviation, a phase that runs at `rate` and a coupling c, it obeys

        y'' = alpha (beta (g - y) - y') + f(p) - (1 - rate^2) r''(p) - alpha (1 - rate) r'(p) + c

    which is the plain system at rate 1. The two terms with `rate` keep a slowed motion on its path; without them a
    stopped phase would drag the motion ahead of it.

    Args:
        start: Position at the beginning [m] or [rad]. Shape (dims,).
        goal: Position at the end. Shape (dims,).
        duration: Duration at rate 1 [s].
        deviation: The shape (see `deviation_of` and `Deviation.from_weights`); None is straight.
        velocity: Velocity at the beginning [1/s]; None is rest. Shape (dims,).
        acceleration: Acceleration at the beginning [1/s^2]; None is none. Shape (dims,).

    Attributes:
        phase: How far it is, 0 to 1.
        position, velocity, acceleration: The present command. Shape (dims,).

    Raises:
        SetupFault: If the duration is not positive or shapes disagree.
    """

    def __init__(
        self,
        start: Array,
        goal: Array,
        duration: float,
        deviation: Deviation | None = None,
        velocity: Array | None = None,
        acceleration: Array | None = None,
    ):
        if not (np.isfinite(duration) and duration > 0.0):
            raise SetupFault(f"A duration of {duration} s came; a motion lasts longer than 0 s.")
        start = _vector("start", start, None)
        still = np.zeros_like(start)
        rates = [still if value is None else _vector("rate", value, len(start)) for value in (velocity, acceleration)]
        rows = [start, rates[0] * duration, rates[1] * duration**2, _vector("goal", goal, len(start))]
        self._baseline = MinimumJerk(np.stack(rows))
        self._deviation = Deviation((), len(start)) if deviation is None else deviation
        if self._deviation.dims != len(start):
            raise SetupFault(f"The deviation has {self._deviation.dims} dimensions and the start {len(start)}.")
        self.duration, self.phase = duration, 0.0
        self._state = np.stack(rows[:2])
        self._slope = rows[2]

    @property
    def position(self) -> Array:
        return np.array(self._state[0])

    @property
    def velocity(self) -> Array:
        return np.array(self._state[1] / self.duration)

    @property
    def acceleration(self) -> Array:
        return np.array(self._slope / self.duration**2)

    @property
    def goal(self) -> Array:
        return self._baseline.goal

    def step(self, dt: float, coupling: Array | None = None, rate: float = 1.0) -> Array:
        """Go on by a time and return the position.

        Args:
            dt: Length of the step [s]; any length.
            coupling: Extra acceleration [1/s^2], constant over the step, such as an obstacle's. Shape (dims,).
            rate: Speed of the phase over its normal one, 0 (stopped) or more (see `phase_rate`).

        Raises:
            SetupFault: If dt is not positive, the rate is negative or a shape disagrees.
        """
        if not (np.isfinite(dt) and dt > 0.0 and np.isfinite(rate) and rate >= 0.0):
            raise SetupFault(f"dt {dt} s and rate {rate} came; dt > 0 and rate >= 0 have to hold.")
        dims = len(self.goal)
        push = np.zeros(dims) if coupling is None else _vector("coupling", coupling, dims) * self.duration**2
        for length, runs in self._parts(dt / self.duration, rate):
            self._advance(length, rate if runs else 0.0, push)
        forcing = self._forcing(np.array([self.phase]), rate)[0] + push
        self._slope = forcing - SYSTEM.stiffness * self._state[0] - SYSTEM.alpha * self._state[1]
        return self.position

    def change_goal(self, goal: Array) -> None:
        """Head for another goal; position, velocity and acceleration stay continuous, and the phase goes on.

        The baseline is rebuilt from where it is, with its velocity and acceleration, over the phase that remains; the
        deviation stays. What couplings have added decays as before.

        Raises:
            SetupFault: If the motion has ended (start a new one) or the shape is wrong.
        """
        if self.phase >= 1.0:
            raise SetupFault("The motion has ended; start a new primitive from its state for a new goal.")
        present = [row[0] for row in self._baseline.evaluate(np.array([self.phase]))]
        rows = np.stack([*present, _vector("goal", goal, len(self.goal))])
        self._baseline = MinimumJerk(rows, begin=self.phase)

    def _parts(self, length: float, rate: float) -> list[tuple[float, bool]]:
        """The step cut at the motion's end and into panels: lengths, and whether the phase still runs."""
        before = min(length, (1.0 - self.phase) / rate) if rate > 0.0 else length
        parts = []
        for stretch, runs in ((before, True), (length - before, False)):
            if stretch > 0.0:
                count = int(np.ceil(stretch * max(rate, 1.0) / PANEL))
                parts += [(stretch / count, runs)] * count
        return parts

    def _advance(self, length: float, rate: float, push: Array) -> None:
        nodes = length * NODES
        phases = np.minimum(self.phase + rate * nodes, 1.0)
        forcing = self._forcing(phases, rate) + push
        impulse = SYSTEM.transition(length - nodes)[:, :, 1] * (length * NODE_WEIGHTS)[:, None]
        self._state = SYSTEM.transition(np.array(length)) @ self._state + impulse.T @ forcing
        self.phase = min(self.phase + rate * length, 1.0)

    def _forcing(self, phases: Array, rate: float) -> Array:
        """Everything on the right-hand side but the state and the coupling. Shape (n,) to (n, dims)."""
        base = self._baseline.evaluate(phases)
        driven = base[2] + SYSTEM.alpha * base[1] + SYSTEM.stiffness * base[0] + self._deviation.forcing(phases)
        if rate == 1.0:
            return driven
        extra = self._deviation.evaluate(phases)
        slowed: Array = (1.0 - rate**2) * (base[2] + extra[2]) + SYSTEM.alpha * (1.0 - rate) * (base[1] + extra[1])
        return driven - slowed


def _vector(name: str, value: Array, dims: int | None) -> Array:
    vector = np.array(value, dtype=np.float64)
    if vector.ndim != 1 or (dims is not None and len(vector) != dims) or not np.isfinite(vector).all():
        wanted = "(dims,)" if dims is None else f"({dims},)"
        raise SetupFault(f"{name} {value!r} came; it has to be finite numbers of shape {wanted}.")
    return vector
