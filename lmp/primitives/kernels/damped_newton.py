"""Damped least squares towards poses, inside joint ranges: sturdy, from any seed.

Levenberg-Marquardt on the squared error in m and rad; joints at the end of their range whose step points outward are held
for that step. Damping follows the error (Sugihara, IEEE T-RO 27(5), 2011), so that it vanishes at the goal.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import INTEGER, array, filled, inner, kernel
from lmp.primitives.kernels.copying import copy_matrix, copy_vector
from lmp.primitives.kernels.damped_step import damped_step, decompose
from lmp.primitives.kernels.pose_error import is_within, pose_error
from lmp.primitives.kernels.serial_chain import tool_state
from lmp.primitives.kernels.singular_value import smallest_singular_value

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

ITERATIONS = 100
GOOD = 1e-20
"""Squared error at which nothing is left to do."""
CLOSE_POSITION, CLOSE_ROTATION = 1e-4, 2e-3
"""How near a posture has to bring the tool to count as one that reaches the pose [m], [rad].

Six joints get to rounding or not at all. Fewer meet a pose only as exactly as their axes are square to each other, which
files that write pi as 3.14 or 1.5708 are to 2 mrad at best.
"""


@inner
def _held_step(
    q: Array, J: Array, error: Array, weight: float, ranges: Array, room: tuple[Array, Array, Array, Array], held: Integers
) -> None:
    """The damped step, at most 0.5 rad, with the joints that must be held for it; `room[2]` becomes the step."""
    A, b, step, _ = room
    for joint in range(len(q)):
        held[joint] = 0
    for _ in range(len(q)):
        damped_step(J, held, A, decompose(J, held, weight, A), error, b, step)
        longest = 1e-12
        for joint in range(len(q)):
            longest = max(longest, abs(step[joint]))
        shorter = min(1.0, 0.5 / longest)
        more = False
        for joint in range(len(q)):
            step[joint] *= shorter
            low = q[joint] <= ranges[0, joint] and step[joint] < 0.0
            high = q[joint] >= ranges[1, joint] and step[joint] > 0.0
            if (low or high) and held[joint] == 0:
                held[joint] = 1
                more = True
        if not more:
            return


@inner
def _approach(
    links: Array,
    prismatic: Integers,
    ranges: Array,
    T_world_goal: Array,
    here: tuple[Array, Array, Array, Array],
    there: tuple[Array, Array, Array, Array],
    room: tuple[Array, Array, Array, Array],
    errors: Array,
    held: Integers,
) -> None:
    """From a seed in `here` to the posture in the range that comes nearest; its error becomes `errors[0]`."""
    q, R, p, J = here
    q_new, R_new, p_new, J_new = there
    turn, error, error_new = room[3], errors[0], errors[1]
    for joint in range(len(q)):
        q[joint] = min(max(q[joint], ranges[0, joint]), ranges[1, joint])
    tool_state(links, prismatic, q, R, p, J)
    square = pose_error(R, p, T_world_goal, turn, error)
    damping = 1e-3
    for joint in range(len(q)):
        held[joint] = 0
    for _ in range(ITERATIONS):
        if square < GOOD:
            return
        _held_step(q, J, error, damping * square + 1e-12, ranges, room, held)
        for joint in range(len(q)):
            q_new[joint] = min(max(q[joint] + room[2][joint], ranges[0, joint]), ranges[1, joint])
        tool_state(links, prismatic, q_new, R_new, p_new, J_new)
        square_new = pose_error(R_new, p_new, T_world_goal, turn, error_new)
        if square_new < square:
            gained = 1.0 - square_new / square
            copy_vector(q_new, q)
            copy_matrix(J_new, J)
            copy_vector(error_new, error)
            square = square_new
            damping = max(damping / 4, 1e-6)
            if gained < 1e-7:
                return
        else:
            damping *= 6
            if damping > 1e6:
                return


@kernel(
    INTEGER,
    array(3),
    array(1, INTEGER),
    array(2),
    array(3),
    array(3),
    INTEGER,
    filled(1, INTEGER),
    filled(3),
    filled(3),
    filled(3, INTEGER),
    filled(2),
)
def approach_poses(
    links: Array,
    prismatic: Integers,
    ranges: Array,
    T_world_tool: Array,
    seeds: Array,
    always: int,
    tried: Integers,
    qs: Array,
    errors: Array,
    held: Integers,
    values: Array,
) -> int:
    """The nearest postures to many poses, each from several seeds.

    Args:
        links: The arm's links; see `serial_chain`.
        prismatic: Which of its joints slide.
        ranges: Lower and upper ends of the joint ranges [rad]. Shape (2 or more, dof).
        T_world_tool: Poses. Shape (k, 4, 4).
        seeds: For each pose [rad]. Shape (k, s, dof).
        always: Seeds that are used in any case; those after them only as long as none has reached the pose [count].
        tried: Filled with how many seeds were used [count]. Shape (k,).
        qs: Filled with postures [rad]. Shape (k, s, dof).
        errors: Filled with what is missing in world axes: position, rotation vector [m, rad]. Shape (k, s, 6).
        held: Filled with 1 for joints that stand at the end of their range and would have to go on. Shape (k, s, dof).
        values: Filled with the smallest singular values of the Jacobian. Shape (k, s).
    """
    k, s, dof = seeds.shape
    here = (np.empty(dof), np.empty((3, 3)), np.empty(3), np.empty((dof, 6)))
    there = (np.empty(dof), np.empty((3, 3)), np.empty(3), np.empty((dof, 6)))
    size = max(dof, 6)
    room = (np.empty((size, size)), np.empty(size), np.empty(dof), np.empty((3, 3)))
    found, free = np.empty((2, 6)), np.zeros(dof, np.int64)
    for pose in range(k):
        reached, count = False, 0
        while count < s and not (reached and count >= always):
            copy_vector(seeds[pose, count], here[0])
            _approach(links, prismatic, ranges, T_world_tool[pose], here, there, room, found, held[pose, count])
            copy_vector(here[0], qs[pose, count])
            copy_vector(found[0], errors[pose, count])
            values[pose, count] = smallest_singular_value(here[3], free, room[0])
            reached = reached or is_within(found[0], CLOSE_POSITION, CLOSE_ROTATION)
            count += 1
        tried[pose] = count
    return len(qs)
