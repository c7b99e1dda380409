"""Joint positions along tool paths, on one branch: the rules are those of `InverseKinematics.path`."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import INTEGER, array, filled, inner, kernel
from lmp.primitives.kernels.copying import copy_matrix, copy_vector
from lmp.primitives.kernels.damped_newton import CLOSE_POSITION, CLOSE_ROTATION
from lmp.primitives.kernels.damped_step import damped_step, decompose
from lmp.primitives.kernels.pose_error import half_way, is_within, pose_error
from lmp.primitives.kernels.serial_chain import tool_state

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

START_POSITION, START_ROTATION = 1e-4, 1e-3
"""How far the first waypoint may be from where the arm is [m], [rad]."""
REST_PULL = 12.0
"""How fast the free motion of the arm returns to what is nearest to the rest posture [1/m of tool path]."""
PULL_REACH = 0.125
"""Distance from there at which that pull saturates: the free motion is 1.5 rad/m of tool path at most [rad]."""
LIMIT_ZONE, LIMIT_PUSH = 0.5, 10.0
"""Joints this near to the end of their range [rad] are pushed back by at most this much [rad/m of tool path]."""
RADIAN_LENGTH = 0.3
"""Tool path that a turn by one radian counts as [m/rad]."""
LARGEST_STEP = 0.3
"""A joint step between (refined) waypoints beyond this is a jump [rad]."""
REFINEMENTS = 5
"""How often a stretch between two waypoints is halved before it counts as impossible [count]."""
DAMPING, LEAST_DAMPING = 1e-3, 1e-12
"""Damping by squared error, which vanishes with it: the step keeps Newton's speed and exists at a singularity, too."""
SETTLED = 1e-7
"""Squared error below which the matrix decomposed there serves the steps that follow, too: they gain four digits each."""
STEPS = 10
"""Newton steps to a waypoint [count]."""


@inner
def _free_motion(
    q: Array, ranges: Array, J: Array, way: float, solver: tuple[Array, bool, Array, Integers], free: Array
) -> None:
    """Joint motion towards rest and away from limits while the tool goes a way [m]; no more than its first order is free.

    What moves the tool is taken out of the pull first, so that a pose far from that of the rest posture does not weaken
    it. The step is an implicit one of Euler's: it never overshoots, however far the waypoints are apart.
    """
    A, in_task_space, task, held = solver
    dof = len(q)
    for row in range(6):
        total = 0.0
        for joint in range(dof):
            total += J[joint, row] * (ranges[2, joint] - q[joint])
        task[row] = total
    damped_step(J, held, A, in_task_space, task, task, free)
    far = 1.0
    for joint in range(dof):
        free[joint] = ranges[2, joint] - q[joint] - free[joint]
        far += free[joint] * free[joint] / (PULL_REACH * PULL_REACH)
    pull = REST_PULL * way / math.sqrt(far)
    pull /= 1.0 + pull
    for joint in range(dof):
        low = max(ranges[0, joint] + LIMIT_ZONE - q[joint], 0.0)
        high = max(q[joint] - ranges[1, joint] + LIMIT_ZONE, 0.0)
        push = LIMIT_PUSH / (LIMIT_ZONE * LIMIT_ZONE) * (low * low - high * high)
        free[joint] = pull * free[joint] + way * push


@inner
def _newton(
    links: Array,
    prismatic: Integers,
    ranges: Array,
    T_goal: Array,
    here: tuple[Array, Array, Array, Array],
    there: tuple[Array, Array, Array, Array],
    room: tuple[Array, Array, Array, Array, Array, Integers],
) -> bool:
    """Newton's method from a nearby posture; the free motion enters its first step only.

    An arm of fewer than six joints meets a pose only as exactly as its axes are where they should be: see `damped_newton`.

    Postures are joint positions, orientation, place and Jacobian of the tool: `here` is given, `there` is filled.
    """
    q, R, p, J = here
    q_new, R_new, p_new, J_new = there
    turn, error, A, b, step, held = room
    square = pose_error(R, p, T_goal, turn, error)
    turned = error[3] * error[3] + error[4] * error[4] + error[5] * error[5]
    way = math.sqrt(square + (RADIAN_LENGTH * RADIAN_LENGTH - 1.0) * turned)
    in_task_space = decompose(J, held, DAMPING * square + LEAST_DAMPING, A)
    _free_motion(q, ranges, J, way, (A, in_task_space, b, held), q_new)
    for joint in range(len(q)):
        for row in range(6):
            error[row] -= J[joint, row] * q_new[joint]
        q_new[joint] += q[joint]
    stale = False
    for count in range(STEPS):
        if stale:
            in_task_space = decompose(J_new, held, DAMPING * square + LEAST_DAMPING, A)
        stale = square > SETTLED
        damped_step(J_new if count else J, held, A, in_task_space, error, b, step)
        for joint in range(len(q)):
            q_new[joint] += step[joint]
        tool_state(links, prismatic, q_new, R_new, p_new, J_new)
        square = pose_error(R_new, p_new, T_goal, turn, error)
        if square < 1e-18:
            return True
        if not square < 10.0:
            return False
    return len(q) < 6 and is_within(error, CLOSE_POSITION, CLOSE_ROTATION)


@inner
def _taken(here: tuple[Array, Array, Array, Array], there: tuple[Array, Array, Array, Array]) -> bool:
    """Goes there if that is no jump."""
    q, R, p, J = here
    q_new, R_new, p_new, J_new = there
    for joint in range(len(q)):
        if not abs(q_new[joint] - q[joint]) <= LARGEST_STEP:
            return False
    copy_vector(q_new, q)
    copy_matrix(R_new, R)
    copy_vector(p_new, p)
    copy_matrix(J_new, J)
    return True


@inner
def _follow(
    links: Array,
    prismatic: Integers,
    ranges: Array,
    T_from: Array,
    T_to: Array,
    here: tuple[Array, Array, Array, Array],
    there: tuple[Array, Array, Array, Array],
    room: tuple[Array, Array, Array, Array, Array, Integers],
    goals: Array,
    splits: Integers,
) -> bool:
    """To the next waypoint, by halves where a step is too large; false where only a jump would lead there.

    `goals` is a stack of poses still to come, the last one first, each with how often the way to it may be halved.
    """
    splits[0], top = REFINEMENTS, 0
    origin = goals[len(goals) - 1]
    copy_matrix(T_to, goals[0])
    copy_matrix(T_from, origin)
    while top >= 0:
        if _newton(links, prismatic, ranges, goals[top], here, there, room) and _taken(here, there):
            copy_matrix(goals[top], origin)
            top -= 1
        elif splits[top] == 0:
            return False
        else:
            splits[top] -= 1
            splits[top + 1] = splits[top]
            half_way(origin, goals[top], room[0], goals[top + 1])
            top += 1
    return True


@inner
def _stands_at(here: tuple[Array, Array, Array, Array], T_world_tool: Array, turn: Array, error: Array) -> bool:
    """Whether the tool is at a pose, as nearly as the start of a path has to be."""
    pose_error(here[1], here[2], T_world_tool, turn, error)
    return is_within(error, START_POSITION, START_ROTATION)


@kernel(
    INTEGER,
    array(3),
    array(1, INTEGER),
    array(2),
    array(4),
    array(2),
    filled(3),
    filled(1, INTEGER),
)
def follow_paths(
    links: Array,
    prismatic: Integers,
    ranges: Array,
    T_world_tool: Array,
    q_start: Array,
    qs: Array,
    reached: Integers,
) -> int:
    """Joint positions along many tool paths; see `InverseKinematics.path`.

    Args:
        links: The arm's links; see `serial_chain`.
        prismatic: Which of its joints slide.
        ranges: Lower and upper ends of the joint ranges, rest posture [rad]. Shape (3, dof).
        T_world_tool: Waypoints. Shape (k, n, 4, 4).
        q_start: Joint positions at the first waypoints [rad]. Shape (k, dof).
        qs: Filled with joint positions; rows that were not reached repeat the last one that was. Shape (k, n, dof).
        reached: Filled with how many waypoints were reached, 0 where the path begins elsewhere [count]. Shape (k,).
    """
    k, n, dof = qs.shape
    here = (np.empty(dof), np.empty((3, 3)), np.empty(3), np.empty((dof, 6)))
    there = (np.empty(dof), np.empty((3, 3)), np.empty(3), np.empty((dof, 6)))
    size = max(dof, 6)
    held = np.zeros(dof, np.int64)
    room = (np.empty((3, 3)), np.empty(6), np.empty((size, size)), np.empty(6), np.empty(dof), held)
    goals, splits = np.empty((REFINEMENTS + 2, 4, 4)), np.empty(REFINEMENTS + 2, np.int64)
    for path in range(k):
        poses = T_world_tool[path]
        copy_vector(q_start[path], here[0])
        tool_state(links, prismatic, here[0], here[1], here[2], here[3])
        count = 0
        if _stands_at(here, poses[0], room[0], room[1]):
            count = 1
            copy_vector(here[0], qs[path, 0])
        while 0 < count < n and _follow(
            links, prismatic, ranges, poses[count - 1], poses[count], here, there, room, goals, splits
        ):
            copy_vector(here[0], qs[path, count])
            count += 1
        reached[path] = count
        for index in range(count, n):
            copy_vector(qs[path, count - 1] if count else q_start[path], qs[path, index])
    return len(qs)
