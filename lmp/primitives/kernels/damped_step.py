"""The damped least-squares step of a serial arm: the joint motion that makes up for an error of the tool.

step = J^T (J J^T + w I)^-1 error, or the same written in joint space, (J^T J + w I)^-1 J^T error, where fewer than six
joints are free: of the two the system that keeps its rank is solved (Wampler, IEEE T-SMC 16(1), 1986; Nakamura and
Hanafusa, ASME J. Dyn. Sys. 108(3), 1986).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import inner

Array = NDArray[np.float64]
Flags = NDArray[np.int64]


@inner
def damped_step(J: Array, held: Flags, error: Array, weight: float, A: Array, b: Array, step: Array) -> None:
    """The step of the joints that are not held; the others get 0.

    Args:
        J: Transposed Jacobian. Shape (dof, 6).
        held: 1 for joints that must not move. Shape (dof,).
        error: Shape (6,).
        weight: Damping w, above 0.
        A: Working memory. Shape (m, m), m = max(dof, 6).
        b: Working memory. Shape (m,).
        step: Filled with joint motion. Shape (dof,).
    """
    dof, free = len(J), 0
    for joint in range(dof):
        free += 1 - held[joint]
    tasks = free >= 6
    if tasks:
        _task_gram(J, held, error, weight, A, b)
    else:
        _joint_gram(J, held, error, weight, A, b)
    _solve(A, b, 6 if tasks else dof)
    for joint in range(dof):
        total = 0.0
        if not tasks:
            total = b[joint]
        elif held[joint] == 0:
            for row in range(6):
                total += J[joint, row] * b[row]
        step[joint] = total


@inner
def _task_gram(J: Array, held: Flags, error: Array, weight: float, A: Array, b: Array) -> None:
    """The lower triangle of J J^T + w I over the joints that are not held, and the error."""
    for row in range(6):
        b[row] = error[row]
        for column in range(row + 1):
            total = weight if row == column else 0.0
            for joint in range(len(J)):
                if held[joint] == 0:
                    total += J[joint, row] * J[joint, column]
            A[row, column] = total


@inner
def _joint_gram(J: Array, held: Flags, error: Array, weight: float, A: Array, b: Array) -> None:
    """The lower triangle of J^T J + w I and J^T error, with nothing but w where a joint is held."""
    for joint in range(len(J)):
        b[joint] = 0.0
        for other in range(joint + 1):
            A[joint, other] = weight if joint == other else 0.0
        if held[joint] == 0:
            for row in range(6):
                b[joint] += J[joint, row] * error[row]
            for other in range(joint + 1):
                if held[other] == 0:
                    for row in range(6):
                        A[joint, other] += J[joint, row] * J[other, row]


@inner
def _solve(A: Array, b: Array, size: int) -> None:
    """Cholesky's method in place, for a positive definite matrix given by its lower triangle."""
    for row in range(size):
        for column in range(row):
            total = A[row, column]
            for k in range(column):
                total -= A[row, k] * A[column, k]
            A[row, column] = total * A[column, column]
        total = A[row, row]
        for k in range(row):
            total -= A[row, k] * A[row, k]
        A[row, row] = 1.0 / math.sqrt(total)  # The reciprocal: divisions cost most here.
        total = b[row]
        for k in range(row):
            total -= A[row, k] * b[k]
        b[row] = total * A[row, row]
    for row in range(size - 1, -1, -1):
        total = b[row]
        for k in range(row + 1, size):
            total -= A[k, row] * b[k]
        b[row] = total * A[row, row]
