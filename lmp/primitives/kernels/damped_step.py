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
def damped_step(J: Array, held: Flags, error: Array, weight: float, A: Array, b: Array, step: Array) -> None:
    """The step of the joints that are not held; the others get 0.

    Args:
        J: Transposed Jacobian. Shape (dof, 6).
        held: 1 for joints that must not move. Shape (dof,).
        error: Shape (6,).
        weight: Damping w, above 0.
        A: Working memory. Shape (m, m), m = max(dof, 6).
        b: Working memory. Shape (6,) or longer.
        step: Filled with joint motion. Shape (dof,).
    """
    dof, free = len(J), 0
    for joint in range(dof):
        free += 1 - held[joint]
    if free >= 6:
        task_gram(J, held, weight, A)
        for row in range(6):
            b[row] = error[row]
        solve(A, b, 6)
        for joint in range(dof):
            total = 0.0
            if held[joint] == 0:
                for row in range(6):
                    total += J[joint, row] * b[row]
            step[joint] = total
        return
    joint_gram(J, held, weight, A)
    for joint in range(dof):
        total = 0.0
        if held[joint] == 0:
            for row in range(6):
                total += J[joint, row] * error[row]
        step[joint] = total
    solve(A, step, dof)


@inner
def solve(A: Array, b: Array, size: int) -> None:
    """Solves A x = b in place by the decomposition L D L^T, for a positive definite matrix given by its lower triangle.

    The upper triangle becomes L^T; without square roots and column by column, since waiting for the last result is what
    costs here.
    """
    for k in range(size):
        d, y = 1.0 / A[k, k], b[k]
        for row in range(k + 1, size):
            factor = A[row, k] * d
            for column in range(k + 1, row + 1):
                A[row, column] -= factor * A[column, k]
            b[row] -= factor * y
            A[k, row] = factor
        b[k] = y * d
    for row in range(size - 2, -1, -1):
        total = b[row]
        for k in range(row + 1, size):
            total -= A[row, k] * b[k]
        b[row] = total
