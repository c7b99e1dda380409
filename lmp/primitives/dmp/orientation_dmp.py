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
from lmp.primitives.kernels.orientation import orientations, vectors_between

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
        vectors, goals = turns_between(np.asarray(R_start)[None], np.asarray(R_goal)[None])
        self.R_goal: Array = np.array(goals[0])
        self.R_goal.setflags(write=False)
        quintic = np.zeros((4, 3))
        quintic[0] = vectors[0]
        self._vector = MinimumJerk(quintic)

    @property
    def begin(self) -> float:
        """The phase from which this path holds; 0 unless its goal was changed [dimensionless]."""
        return self._vector.begin

    @property
    def angle(self) -> float:
        """Angle by which the tool has to turn from the beginning to the goal [rad]."""
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
        rotations, velocities = self._rolled(phases, True)
        return rotations, velocities

    def rotations(self, phases: Array) -> Array:
        """`R_world_tool` alone. Shape (n,) to (n, 3, 3).

        Raises:
            SetupFault: If a phase lies outside [begin, 1].
        """
        return self._rolled(phases, False)[0]

    def angular_acceleration(self, phases: Array) -> Array:
        """Angular acceleration in the world frame with respect to phase [rad]. Shape (n,) to (n, 3)."""
        from lmp.primitives.dmp.rotation_vector import angular_acceleration  # A roll-out itself is a kernel's work.

        return angular_acceleration(*self._vector_at(phases))

    def with_goal(self, R_goal: Array, phase: float) -> OrientationPath:
        """The path from a phase on to another goal; orientation, angular velocity and acceleration stay continuous.

        Takes the logarithm about the new goal and transports the rates of e there.

        Raises:
            SetupFault: If the phase lies outside [begin, 1) or the goal is not a rotation.
        """
        if not self.begin <= phase < 1.0:
            raise SetupFault(f"A goal change at phase {phase} came; it has to lie in [{self.begin}, 1).")
        from lmp.primitives.dmp.rotation_vector import angular_acceleration, angular_velocity, exp_rotation, rates_of_vector

        changed = OrientationPath(R_goal, R_goal)
        e_old, rate_old, second_old = (row[0] for row in self._vector_at(np.array([phase])))
        velocity, acceleration = angular_velocity(e_old, rate_old), angular_acceleration(e_old, rate_old, second_old)
        e = turns_between((exp_rotation(e_old) @ self.R_goal)[None], changed.R_goal[None])[0][0]
        rate, second = rates_of_vector(e, velocity, acceleration)
        changed._vector = MinimumJerk(np.stack([e, rate, second, np.zeros(3)]), begin=phase)
        return changed

    def _rolled(self, phases: Array, with_velocities: bool) -> tuple[Array, Array]:
        p = self._inside(phases)
        rotations, velocities = np.empty((1, len(p), 3, 3)), np.empty((1, len(p) if with_velocities else 0, 3))
        quintics = self._vector.parameters[None]
        orientations(quintics, self._vector.begin, self.R_goal[None], p, with_velocities, rotations, velocities)
        return rotations[0], velocities[0]

    def _vector_at(self, phases: Array) -> tuple[Array, Array, Array]:
        return self._vector.evaluate(self._inside(phases))

    def _inside(self, phases: Array) -> Array:
        p = checked_phases(phases)
        if p.size and p.min() < self.begin:
            raise SetupFault(f"Phase {p.min()} came; this path begins at {self.begin}, where its goal was changed.")
        return p


TOLERANCE = 1e-5
"""Largest deviation of R R^T from the identity, in any entry, of what counts as a rotation."""


def turns_between(R_starts: Array, R_goals: Array) -> tuple[Array, Array]:
    """The shorter rotation vectors e with exp([e]) R_goal = R_start [rad], and the goals as contiguous floats.

    Args:
        R_starts: Shape (k, 3, 3).
        R_goals: Shape (k, 3, 3).

    Raises:
        SetupFault: If one of them is not a rotation, or their numbers differ.
    """
    starts, goals = _rotations("R_start", R_starts), _rotations("R_goal", R_goals)
    if len(starts) != len(goals):
        raise SetupFault(f"{len(starts)} starts and {len(goals)} goals came; each start needs its goal.")
    vectors = np.empty((len(starts), 3))
    fault = vectors_between(starts, goals, TOLERANCE, vectors)
    if fault >= 0:
        raise _no_rotation(*(("R_goal", goals[fault // 2]) if fault % 2 else ("R_start", starts[fault // 2])))
    return vectors, goals


def _rotations(name: str, rotations: Array) -> Array:
    rotations = np.ascontiguousarray(rotations, dtype=np.float64)
    if rotations.ndim != 3 or rotations.shape[1:] != (3, 3):
        raise _no_rotation(name, rotations)
    return rotations


def _no_rotation(name: str, rotation: Array) -> SetupFault:
    return SetupFault(f"{name} has to be a rotation matrix, (3, 3), orthonormal, determinant 1; got {rotation!r}.")
