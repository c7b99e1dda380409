"""The Gram matrices of a transposed Jacobian, J J^T in task space and J^T J in joint space: lower triangles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import inner

Array = NDArray[np.float64]
Flags = NDArray[np.int64]


@inner
def task_gram(J: Array, held: Flags, weight: float, A: Array) -> None:
    """J J^T + w I over the joints that are not held. Shapes (dof, 6), (dof,), then (6, 6) or larger."""
    for row in range(6):
        for column in range(row):
            A[row, column] = 0.0
        A[row, row] = weight
    for joint in range(len(J)):
        if held[joint] == 0:  # One joint after the other: a sum for each element would wait for its own additions.
            for row in range(6):
                a = J[joint, row]
                for column in range(row + 1):
                    A[row, column] += a * J[joint, column]


@inner
def joint_gram(J: Array, held: Flags, weight: float, A: Array) -> None:
    """J^T J + w I, with nothing but w where a joint is held. Shapes (dof, 6), (dof,), then (dof, dof) or larger."""
    for joint in range(len(J)):
        for other in range(joint + 1):
            total = weight if joint == other else 0.0
            if held[joint] == 0 and held[other] == 0:
                for row in range(6):
                    total += J[joint, row] * J[other, row]
            A[joint, other] = total
