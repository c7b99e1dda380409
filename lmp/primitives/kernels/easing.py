"""Postures along a path, changed so that the free motion of the arm goes on as it was and dies away from there.

Inverse kinematics moves a redundant arm freely by a rule of its own. An arm under way may move otherwise; the difference
is kept to what does not move the tool, fades as the quintic does that begins with a rate and ends at rest, and what it
still does to the tool is taken out by a step of Newton's at each pose.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import INTEGER, REAL, array, filled, inner, kernel
from lmp.primitives.kernels.damped_step import damped_step, decompose
from lmp.primitives.kernels.pose_error import pose_error
from lmp.primitives.kernels.serial_chain import tool_state

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

LEAST_DAMPING = 1e-12


@inner
def _free_part(J: Array, held: Integers, A: Array, in_task_space: bool, task: Array, step: Array, motion: Array) -> None:
    """Takes out of a motion of the joints what moves the tool. Shape (dof,)."""
    for row in range(6):
        total = 0.0
        for joint in range(len(J)):
            total += J[joint, row] * motion[joint]
        task[row] = total
    damped_step(J, held, A, in_task_space, task, task, step)
    for joint in range(len(J)):
        motion[joint] -= step[joint]


@kernel(INTEGER, array(3), array(1, INTEGER), array(3), REAL, REAL, array(2), filled(2))
def eased_in(
    links: Array, prismatic: Integers, T_world_tool: Array, interval: float, length: float, start: Array, qs: Array
) -> int:
    """Gives postures along a path, evenly spaced in time, the velocity and acceleration with which the joints begin.

    Args:
        links: The arm's links; see `serial_chain`.
        prismatic: Which of its joints slide.
        T_world_tool: Poses; the first is where the arm is. Shape (n, 4, 4), n >= 5.
        interval: Time between two of them [s].
        length: Time after which nothing is changed any more [s].
        start: Velocity and acceleration at the first pose [rad/s], [rad/s^2]; the tool's are those of the path. Shape (2, dof).
        qs: Postures; changed from the second on [rad]. Shape (n, dof).

    Returns:
        How many were changed.
    """
    n, dof = qs.shape
    size = max(dof, 6)
    rates, held = np.empty((2, dof)), np.zeros(dof, np.int64)
    R, turn, p, J, q = np.empty((3, 3)), np.empty((3, 3)), np.empty(3), np.empty((dof, 6)), np.empty(dof)
    A, error, task, step = np.empty((size, size)), np.empty(6), np.empty(6), np.empty(dof)
    for joint in range(dof):
        a, b, c, d, e = qs[0, joint], qs[1, joint], qs[2, joint], qs[3, joint], qs[4, joint]
        rates[0, joint] = start[0, joint] - (48.0 * b - 25.0 * a - 36.0 * c + 16.0 * d - 3.0 * e) / (12.0 * interval)
        bend = (35.0 * a - 104.0 * b + 114.0 * c - 56.0 * d + 11.0 * e) / (12.0 * interval * interval)
        rates[1, joint] = start[1, joint] - bend
    index = 1
    while index < n and index * interval < length:
        u = index * interval / length
        speed = length * u * (1.0 + u * u * (u * (8.0 - 3.0 * u) - 6.0))
        change = length * length * u * u * (0.5 + u * (u * (1.5 - 0.5 * u) - 1.5))
        for joint in range(dof):
            q[joint] = qs[index, joint] + speed * rates[0, joint] + change * rates[1, joint]
        tool_state(links, prismatic, q, R, p, J)
        pose_error(R, p, T_world_tool[index], turn, error)
        in_task_space = decompose(J, held, LEAST_DAMPING, A)
        _free_part(J, held, A, in_task_space, task, step, rates[0])
        _free_part(J, held, A, in_task_space, task, step, rates[1])
        damped_step(J, held, A, in_task_space, error, task, step)
        for joint in range(dof):
            qs[index, joint] = q[joint] + step[joint]
        index += 1
    return index - 1
