"""The default preset step by step: for goals that change, coupling terms and phases that stop, in motion.

Each step is exact whatever its length: what couplings have added to the reference decays by the system's exponential, and
the reference itself is its closed form (see `lmp.primitives.kernels.stepping`).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault
from lmp.primitives.dmp.checked_vector import checked_vector
from lmp.primitives.dmp.deviation import FREQUENCY, Deviation
from lmp.primitives.dmp.min_jerk import MinimumJerk
from lmp.primitives.kernels.stepping import STATE_ROWS, advance, foretell

Array = NDArray[np.float64]


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
        if not (math.isfinite(duration) and duration > 0.0):
            raise SetupFault(f"A duration of {duration} s came; a motion lasts longer than 0 s.")
        start = checked_vector("start", start)
        self._none = np.zeros_like(start)
        still = (self._none if value is None else value for value in (velocity, acceleration))
        rates = [checked_vector("rate", value, len(start)) for value in still]
        rows = np.stack([start, rates[0] * duration, rates[1] * duration**2, checked_vector("goal", goal, len(start))])
        deviation = Deviation((), len(start)) if deviation is None else deviation
        if deviation.dims != len(start):
            raise SetupFault(f"The deviation has {deviation.dims} dimensions and the start {len(start)}.")
        self.duration, self.phase = float(duration), 0.0
        self._state: Array = np.zeros((STATE_ROWS, len(start)))
        self._state[:6] = start, *rates, *rows[:3]
        weights, counts, borders = deviation.driven
        self._motion = np.concatenate([rows, weights, borders.reshape(-1, len(start))])
        self._constants = self._motion, counts, FREQUENCY, self.duration
        self._advance = advance.direct
        self._head_for(MinimumJerk(rows))

    @property
    def position(self) -> Array:
        position: Array = self._state[0].copy()
        return position

    @property
    def velocity(self) -> Array:
        velocity: Array = self._state[1].copy()
        return velocity

    @property
    def acceleration(self) -> Array:
        acceleration: Array = self._state[2].copy()
        return acceleration

    @property
    def command(self) -> Array:
        """Position, velocity and acceleration as rows: all three at the cost of one. Shape (3, dims)."""
        command: Array = self._state[:3].copy()
        return command

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
        try:
            fine = 0.0 < dt < math.inf and 0.0 <= rate < math.inf
        except (TypeError, ValueError):
            fine = False
        if not fine:
            raise SetupFault(f"dt {dt!r} s and rate {rate!r} came; numbers with dt > 0 and rate >= 0 are needed.")
        push = self._none if coupling is None else checked_vector("coupling", coupling, len(self._none))
        self.phase = self._advance(*self._constants, self._begin, self._state, self.phase, dt, rate, push)
        position: Array = self._state[0].copy()
        return position

    def ahead(self, spans: Array) -> tuple[Array, Array, Array]:
        """State after spans of time from now, if nothing pushes it and the phase runs at its normal speed.

        Args:
            spans: Not negative [s]. Shape (n,).

        Returns:
            Positions, velocities [1/s] and accelerations [1/s^2]. Shape (n, dims) each.

        Raises:
            SetupFault: If the spans are not a list of numbers from 0 on.
        """
        spans = np.ascontiguousarray(spans, dtype=np.float64)
        if spans.ndim != 1 or (spans.size and not (spans.min() >= 0.0 and spans.max() < math.inf)):
            raise SetupFault(f"Spans {spans!r} came; they have to be seconds from 0 on, of shape (n,).")
        rows = np.empty((len(spans), 3, len(self._none)))
        foretell(*self._constants, self._begin, self._state, self.phase, spans, rows)
        return rows[:, 0], rows[:, 1], rows[:, 2]

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
        rows = np.stack([*present, checked_vector("goal", goal, len(self._none))])
        self._head_for(MinimumJerk(rows, begin=self.phase))

    def _head_for(self, baseline: MinimumJerk) -> None:
        self._baseline, self._begin = baseline, float(baseline.begin)
        self._motion[:4] = baseline.parameters
