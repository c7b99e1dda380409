"""A tool on its way: position and rotation vector in closed form, and both rebuilt from the present state for another goal.

The position is a quintic plus a forced motion, the orientation exp([e]) R_goal with e a quintic to zero.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import FLAG, INTEGER, REAL, array, filled, inner, kernel
from lmp.primitives.kernels.forced_motion import forced_state
from lmp.primitives.kernels.orientation import is_rotation, turned, turning
from lmp.primitives.kernels.quintic import quintic_at
from lmp.primitives.kernels.rotation_vector import rotation_vector
from lmp.primitives.kernels.turning_rates import rates_of_turning, turning_change

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

FORCED = (array(2), array(1, INTEGER), array(3), REAL)
"""Types of weights, counts, borders and frequency of a forced motion."""


@kernel(INTEGER, array(3), REAL, *FORCED, array(2), REAL, array(1), filled(3), filled(3))
def tool_curve(
    quintics: Array,
    begin: float,
    weights: Array,
    counts: Integers,
    borders: Array,
    frequency: float,
    R_goal: Array,
    span: float,
    phases: Array,
    poses: Array,
    states: Array,
) -> int:
    """Poses and rates of the tool at many phases.

    Args:
        quintics: Of the position and of the rotation vector, each as in `quintic_at`. Shape (2, 4, 3).
        begin: Phase at which these start.
        weights: The forced motion that is added to the position, as the next three in `forced_motion`.
        counts: See there.
        borders: See there.
        frequency: See there.
        R_goal: Orientation at the end. Shape (3, 3).
        span: Time that a phase of 1 takes [s].
        phases: In [begin, 1]. Shape (n,).
        poses: Filled with `T_world_tool`. Shape (n, 4, 4).
        states: Filled with position, velocity, acceleration, then angular velocity, angular acceleration, all in time and
            in world axes [m, rad, s]. Shape (n, 5, 3).
    """
    vector, R, out, added, work = np.empty((3, 3)), np.empty((3, 3)), np.empty((3, 3)), np.zeros((3, 3)), np.empty((2, 3))
    for index in range(len(phases)):
        quintic_at(quintics[0], begin, phases[index], out)
        quintic_at(quintics[1], begin, phases[index], vector)
        if len(counts) > 0:
            forced_state(weights, counts, borders, frequency, phases[index], work, added)
        for axis in range(3):
            vector[1, axis] /= span
            vector[2, axis] /= span * span
        turned(vector[0], R_goal, R)
        pose, state = poses[index], states[index]
        for row in range(3):
            state[0, row] = out[0, row] + added[0, row]
            state[1, row] = (out[1, row] + added[1, row]) / span
            state[2, row] = (out[2, row] + added[2, row]) / (span * span)
            pose[row, 3], pose[3, row] = state[0, row], 0.0
            for column in range(3):
                pose[row, column] = R[row, column]
        pose[3, 3] = 1.0
        turning(vector[0], vector[1], state[3])
        turning_change(vector[0], vector[1], vector[2], state[4])
    return len(phases)


@kernel(FLAG, array(2), array(2), array(2), REAL, REAL, *FORCED, REAL, filled(3))
def redirected(
    R_present: Array,
    state: Array,
    T_world_goal: Array,
    span: float,
    begin: float,
    weights: Array,
    counts: Integers,
    borders: Array,
    frequency: float,
    tolerance: float,
    quintics: Array,
) -> bool:
    """The quintics that lead from the present state to a goal; false if the goal is no rotation to the tolerance.

    Args:
        R_present: Orientation now. Shape (3, 3).
        state: The rest of the present state, as in `tool_curve`. Shape (5, 3).
        T_world_goal: Shape (4, 4).
        span: Time that a phase of 1 takes from now on [s].
        begin: The present phase.
        weights: The forced motion that stays, as the next three in `forced_motion`.
        counts: See there.
        borders: See there.
        frequency: See there.
        tolerance: Largest error of R R^T in any entry.
        quintics: Filled. Shape (2, 4, 3).
    """
    goal, between = np.empty((3, 3)), np.empty((3, 3))
    for row in range(3):
        for column in range(3):
            goal[row, column] = T_world_goal[row, column]
    if not is_rotation(goal, tolerance):
        return False
    shape = np.zeros((3, 3))
    if len(counts) > 0:
        forced_state(weights, counts, borders, frequency, begin, np.empty((2, 3)), shape)
    for axis in range(3):
        quintics[0, 0, axis] = state[0, axis] - shape[0, axis]
        quintics[0, 1, axis] = state[1, axis] * span - shape[1, axis]
        quintics[0, 2, axis] = state[2, axis] * span * span - shape[2, axis]
        quintics[0, 3, axis], quintics[1, 3, axis] = T_world_goal[axis, 3], 0.0
    for i in range(3):
        for j in range(3):
            between[i, j] = R_present[i, 0] * goal[j, 0] + R_present[i, 1] * goal[j, 1] + R_present[i, 2] * goal[j, 2]
    rotation_vector(between, quintics[1, 0])
    rates_of_turning(quintics[1, 0], state[3], state[4], quintics[1, 1], quintics[1, 2])
    _in_phase(quintics[1], span)
    return True


@inner
def _in_phase(quintic: Array, span: float) -> None:
    """Rates in time become rates with respect to phase. Shape (4, 3)."""
    for axis in range(3):
        quintic[1, axis] *= span
        quintic[2, axis] *= span * span
