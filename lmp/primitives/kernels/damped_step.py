"""The damped least-squares step of a serial arm: the joint motion that makes up for an error of the tool.

step = J^T (J J^T + w I)^-1 error, or the same written in joint space, (J^T J + w I)^-1 J^T error, where fewer than six
joints are free: of the two the system that keeps its rank is solved (Wampler, IEEE T-SMC 16(1), 1986; Nakamura and
Hanafusa, ASME J. Dyn. Sys. 108(3), 1986).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import inner
from lmp.primitives.kernels.gram import joint_gram, task_gram

Array = NDArray[np.float64]
Flags = NDArray[np.int64]


@inner
def decompose(J: Array, held: Flags, weight: float, A: Array) -> bool:
    """Prepares `damped_step`: the system's matrix, decomposed as L D L^T; true if it is the one in task space.

    Args:
        J: Transposed Jacobian. Shape (dof, 6).
        held: 1 for joints that must not move. Shape (dof,).
        weight: Damping w, above 0.
        A: Filled: D on the diagonal, as reciprocals, L^T above it. Shape (m, m), m = max(dof, 6).
    """
    free = 0
    for joint in range(len(J)):
        free += 1 - held[joint]
    if free >= 6:
        task_gram(J, held, weight, A)
        _eliminate(A, 6)
        return True
    joint_gram(J, held, weight, A)
    _eliminate(A, len(J))
    return False


@inner
def damped_step(J: Array, held: Flags, A: Array, in_task_space: bool, error: Array, b: Array, step: Array) -> None:
    """The step of the joints that are not held; the others get 0.

    Args:
        J: Transposed Jacobian. Shape (dof, 6).
        held: 1 for joints that must not move. Shape (dof,).
        A: As `decompose` filled it.
        in_task_space: What `decompose` returned.
        error: Shape (6,).
        b: Working memory. Shape (6,).
        step: Filled with joint motion. Shape (dof,).
    """
    if in_task_space:
        for row in range(6):
            b[row] = error[row]
        _substitute(A, b, 6)
        to_joints(J, held, b, step)
    else:
        to_joints(J, held, error, step)
        _substitute(A, step, len(J))


@inner
def to_joints(J: Array, held: Flags, task: Array, joints: Array) -> None:
    """J^T times a vector in task space, 0 for joints that are held. Shapes (dof, 6), (dof,), (6,), (dof,)."""
    for joint in range(len(J)):
        total = 0.0
        if held[joint] == 0:
            for row in range(6):
                total += J[joint, row] * task[row]
        joints[joint] = total


@inner
def _eliminate(A: Array, size: int) -> None:
    """L D L^T of a positive definite matrix given by its lower triangle.

    Without square roots, and column by column: what costs here is waiting for the last result.
    """
    for k in range(size):
        d = 1.0 / A[k, k]
        A[k, k] = d
        for row in range(k + 1, size):
            factor = A[row, k] * d
            A[k, row] = factor
            for column in range(k + 1, row + 1):
                A[row, column] -= factor * A[column, k]


@inner
def _substitute(A: Array, b: Array, size: int) -> None:
    """Solves L D L^T x = b in place."""
    for k in range(size):
        y = b[k]
        for row in range(k + 1, size):
            b[row] -= A[k, row] * y
        b[k] = y * A[k, k]
    for row in range(size - 2, -1, -1):
        total = b[row]
        for k in range(row + 1, size):
            total -= A[row, k] * b[k]
        b[row] = total
