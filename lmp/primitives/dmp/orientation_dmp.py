"""Orientation as a movement primitive on a rotation vector: R(p) = exp([e(p)]) R_goal.

e lives in the world frame; e(0) is the shorter of the two vectors, and e = 0 at the goal, where it arrives with minimum
jerk (the default preset's zero shape; Koutras and Doulgeri, CoRL 2019, use the same vector). Superposition does not hold:
rotations do not add.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault
from lmp.primitives.dmp.min_jerk import MinimumJerk
from lmp.primitives.dmp.phase import checked_phases
from lmp.primitives.dmp.rotation_vector import (
    angular_acceleration,
    angular_velocity,
    checked_rotation,
    exp_rotation,
    log_rotation,
    rates_of_vector,
)

Array = NDArray[np.float64]


class OrientationPath:
    """Orientation from start to goal as a function of the phase, at rest at both ends.

    Args:
        R_start: `R_world_tool` at the start. Shape (3, 3).
        R_goal: `R_world_tool` at the goal. Shape (3, 3).

    Raises:
        SetupFault: If one of them is not a rotation.
    """

    def __init__(self, R_start: Array, R_goal: Array):
        start, self.R_goal = checked_rotation("R_start", R_start), checked_rotation("R_goal", R_goal)
        still = np.zeros(3)
        self._vector = MinimumJerk(np.stack([log_rotation(start @ self.R_goal.T), still, still, still]))

    @property
    def begin(self) -> float:
        """The phase from which this path holds; 0 unless its goal was changed [dimensionless]."""
        return self._vector.begin

    @property
    def angle(self) -> float:
        """How far the tool has to turn from the beginning to the goal [rad]."""
        return float(np.linalg.norm(self._vector.parameters[0]))

    def evaluate(self, phases: Array) -> tuple[Array, Array]:
        """`R_world_tool` and the angular velocity in the world frame with respect to phase [rad].

        Args:
            phases: In [begin, 1]. Shape (n,).

        Returns:
            Rotations and angular velocities. Shapes (n, 3, 3) and (n, 3).

        Raises:
            SetupFault: If a phase lies outside [begin, 1].
        """
        e, rate, _ = self._vector_at(phases)
        return exp_rotation(e) @ self.R_goal, angular_velocity(e, rate)

    def angular_acceleration(self, phases: Array) -> Array:
        """Angular acceleration in the world frame with respect to phase [rad]. Shape (n,) to (n, 3)."""
        return angular_acceleration(*self._vector_at(phases))

    def with_goal(self, R_goal: Array, phase: float) -> OrientationPath:
        """The path from a phase on to another goal; orientation, angular velocity and acceleration stay continuous.

        Takes the logarithm about the new goal and transports the rates of e there.

        Raises:
            SetupFault: If the phase lies outside [begin, 1) or the goal is not a rotation.
        """
        if not self.begin <= phase < 1.0:
            raise SetupFault(f"A goal change at phase {phase} came; it has to lie in [{self.begin}, 1).")
        goal = checked_rotation("R_goal", R_goal)
        e_old, rate_old, second_old = (row[0] for row in self._vector_at(np.array([phase])))
        velocity, acceleration = angular_velocity(e_old, rate_old), angular_acceleration(e_old, rate_old, second_old)
        e = log_rotation(exp_rotation(e_old) @ self.R_goal @ goal.T)
        rate, second = rates_of_vector(e, velocity, acceleration)
        changed = OrientationPath(goal, goal)
        changed._vector = MinimumJerk(np.stack([e, rate, second, np.zeros(3)]), begin=phase)
        return changed

    def _vector_at(self, phases: Array) -> tuple[Array, Array, Array]:
        p = checked_phases(phases)
        if p.size and p.min() < self.begin:
            raise SetupFault(f"Phase {p.min()} came; this path begins at {self.begin}, where its goal was changed.")
        return self._vector.evaluate(p)
