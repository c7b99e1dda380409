"""Where the joints of a tree are: each one's placement in its parent's frame, then its own turn or slide.

The arrays are those of `lmp.primitives.arm.joint_tree.JointTree`; joint 0 is the world, parents stand before children.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import INTEGER, array, filled, inner, kernel

Array = NDArray[np.float64]
Integers = NDArray[np.int64]


@inner
def product(A: Array, B: Array, out: Array) -> None:
    """The product of two matrices of shape (3, 3), written into a third that is neither of them."""
    for row in range(3):
        a, b, c = A[row, 0], A[row, 1], A[row, 2]
        for column in range(3):
            out[row, column] = a * B[0, column] + b * B[1, column] + c * B[2, column]


@inner
def turn_about(R: Array, axis: Array, angle: float) -> None:
    """A rotation matrix is turned about an axis of its own frame, of length 1, in place: R exp(angle [axis])."""
    s, c = math.sin(angle), math.cos(angle)
    x, y, z = axis[0], axis[1], axis[2]
    for row in range(3):
        a, b, d = R[row, 0], R[row, 1], R[row, 2]
        along = (1.0 - c) * (a * x + b * y + d * z)
        R[row, 0] = c * a + s * (b * z - d * y) + along * x
        R[row, 1] = c * b + s * (d * x - a * z) + along * y
        R[row, 2] = c * d + s * (a * y - b * x) + along * z


@inner
def place_joint(
    joint: int,
    value: float,
    parents: Integers,
    rotations: Array,
    translations: Array,
    axes: Array,
    prismatic: Integers,
    R: Array,
    p: Array,
) -> None:
    """One joint's orientation `R[joint]` and place `p[joint]` in the world, from its parent's; `value` in rad or m."""
    parent = parents[joint]
    above, placed, axis = R[parent], R[joint], axes[joint]
    product(above, rotations[joint], placed)
    x, y, z = translations[joint, 0], translations[joint, 1], translations[joint, 2]
    for row in range(3):
        p[joint, row] = p[parent, row] + above[row, 0] * x + above[row, 1] * y + above[row, 2] * z
    if prismatic[joint] == 0:
        turn_about(placed, axis, value)
    else:
        for row in range(3):
            p[joint, row] += value * (placed[row, 0] * axis[0] + placed[row, 1] * axis[1] + placed[row, 2] * axis[2])


@inner
def place_joints(
    values: Array,
    parents: Integers,
    rotations: Array,
    translations: Array,
    axes: Array,
    prismatic: Integers,
    R: Array,
    p: Array,
) -> None:
    """All joints for one configuration. Shapes (n,), then as in `JointTree`, results (n, 3, 3) and (n, 3)."""
    for row in range(3):
        p[0, row] = 0.0
        for column in range(3):
            R[0, row, column] = 1.0 if row == column else 0.0
    for joint in range(1, len(parents)):
        place_joint(joint, values[joint], parents, rotations, translations, axes, prismatic, R, p)


@kernel(INTEGER, array(2), array(1, INTEGER), array(3), array(2), array(2), array(1, INTEGER), filled(4), filled(3))
def joint_placements(
    values: Array,
    parents: Integers,
    rotations: Array,
    translations: Array,
    axes: Array,
    prismatic: Integers,
    R: Array,
    p: Array,
) -> int:
    """All joints for many configurations. Shapes (k, n), then as in `JointTree`, results (k, n, 3, 3) and (k, n, 3)."""
    for row in range(len(values)):
        place_joints(values[row], parents, rotations, translations, axes, prismatic, R[row], p[row])
    return len(values)
