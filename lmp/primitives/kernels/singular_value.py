"""The smallest singular value of a Jacobian: how far an arm is from losing a direction of motion.

From the Gram matrix: Householder's tridiagonal form, then Laguerre's iteration from 0 upwards, which for a polynomial with
real roots only comes to the smallest from below, cubically (Parlett, The Symmetric Eigenvalue Problem, 1998). The Gram
matrix squares what is small, so values below a thousandth of the largest come from one-sided Jacobi rotations instead
(Hestenes, 1958), which keep small singular values to full relative accuracy.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import inner
from lmp.primitives.kernels.gram import joint_gram, task_gram

Array = NDArray[np.float64]
Flags = NDArray[np.int64]

SMALL = 1e-6
"""Ratio of smallest to summed eigenvalues of the Gram matrix below which it is not good enough."""
SWEEPS = 30


@inner
def smallest_singular_value(J: Array, free: Flags, A: Array) -> float:
    """The least of the min(dof, 6) singular values of a Jacobian.

    Args:
        J: Transposed Jacobian. Shape (dof, 6).
        free: Zeros. Shape (dof,).
        A: Working memory. Shape (m, m), m = max(dof, 6).
    """
    size = min(len(J), 6)
    if len(J) >= 6:
        task_gram(J, free, 0.0, A)
    else:
        joint_gram(J, free, 0.0, A)
    trace = 0.0
    for row in range(size):
        trace += A[row, row]
    _tridiagonal(A, size)
    value = _smallest_eigenvalue(A, size)
    return math.sqrt(value) if value > SMALL * trace else _by_rotations(J)


@inner
def _tridiagonal(A: Array, size: int) -> None:
    """Householder reductions of a symmetric matrix given by its lower triangle; diagonal and subdiagonal count after."""
    for k in range(size - 2):
        rest = 0.0
        for row in range(k + 2, size):
            rest += A[row, k] * A[row, k]
        if rest <= 0.0:
            continue
        alpha = -math.copysign(math.sqrt(rest + A[k + 1, k] * A[k + 1, k]), A[k + 1, k])
        head = A[k + 1, k] - alpha
        scale = 2.0 / (rest + head * head)
        A[k + 1, k] = head  # Column k below the diagonal now holds the reflection's vector, row k will hold its image.
        along = 0.0
        for row in range(k + 1, size):
            total = 0.0
            for column in range(k + 1, row + 1):
                total += A[row, column] * A[column, k]
            for column in range(row + 1, size):
                total += A[column, row] * A[column, k]
            A[k, row] = scale * total
            along += A[k, row] * A[row, k]
        along *= 0.5 * scale
        for row in range(k + 1, size):
            A[k, row] -= along * A[row, k]
        for row in range(k + 1, size):
            for column in range(k + 1, row + 1):
                A[row, column] -= A[row, k] * A[k, column] + A[k, row] * A[column, k]
        A[k + 1, k] = alpha


@inner
def _smallest_eigenvalue(A: Array, size: int) -> float:
    """Of a positive semidefinite tridiagonal matrix; 0 where rounding has made it indefinite."""
    x = 0.0
    for _ in range(40):
        p0, p1, p2 = 1.0, 0.0, 0.0  # The characteristic polynomial with two derivatives, grown minor by minor.
        o0, o1, o2 = 0.0, 0.0, 0.0
        for k in range(size):
            d = A[k, k] - x
            b = A[k, k - 1] * A[k, k - 1] if k else 0.0
            p0, p1, p2, o0, o1, o2 = d * p0 - b * o0, d * p1 - p0 - b * o1, d * p2 - 2.0 * p1 - b * o2, p0, p1, p2
        if p0 <= 0.0:
            return x
        first = -p1 / p0
        second = first * first - p2 / p0
        step = size / (first + math.sqrt(max((size - 1) * (size * second - first * first), 0.0)))
        x += step
        if step <= 1e-14 * x:
            return x
    return x


@inner
def _by_rotations(J: Array) -> float:
    """Rows, or columns if they are fewer, are turned in pairs until all are at right angles; the shortest is as long."""
    size, length = min(len(J), 6), max(len(J), 6)
    V = np.empty((size, length))
    for row in range(size):
        for column in range(length):
            V[row, column] = J[column, row] if len(J) >= 6 else J[row, column]
    for _ in range(SWEEPS):
        turned = False
        for a in range(size - 1):
            for b in range(a + 1, size):
                turned = _turned(V[a], V[b]) or turned
        if not turned:
            break
    shortest = np.inf
    for row in range(size):
        square = 0.0
        for k in range(length):
            square += V[row, k] * V[row, k]
        shortest = min(shortest, square)
    return math.sqrt(shortest)


@inner
def _turned(one: Array, other: Array) -> bool:
    """Turns two vectors in their plane so that they are at right angles; false where they already are."""
    aa, bb, ab = 0.0, 0.0, 0.0
    for k in range(len(one)):
        aa += one[k] * one[k]
        bb += other[k] * other[k]
        ab += one[k] * other[k]
    if abs(ab) <= 1e-15 * math.sqrt(aa * bb):
        return False
    zeta = (bb - aa) / (2.0 * ab)
    t = math.copysign(1.0, zeta) / (abs(zeta) + math.sqrt(1.0 + zeta * zeta))
    c = 1.0 / math.sqrt(1.0 + t * t)
    for k in range(len(one)):
        x, y = one[k], other[k]
        one[k], other[k] = c * (x - t * y), c * (t * x + y)
    return True
