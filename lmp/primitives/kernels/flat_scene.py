"""A robot among things as two flat arrays, since each array that Python hands to a kernel costs time at every call.

    whole    how many joints, pieces, corners, edges, bodies of the robot, bodies and pairs there are; then parents and
             prismatic (`joint_tree`), forms and edges (`solids`), owners and runs (`placed_bodies`), pairs and common.
    reals    rotations, translations and axes (`joint_tree`), sizes and corners (`solids`), pieces (`placed_bodies`), balls
             and reaches (`motion_bounds`).

Pairs are of bodies, the first of them the robot's; common is the lowest joint above both, from which their motion is seen.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import INTEGER, array, inner

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

COUNTS = 7
FLAT_SCENE = (array(1, INTEGER), array(1))
"""Types of whole and reals."""


@inner
def tree_of(whole: Integers, reals: Array) -> tuple[Integers, Array, Array, Array, Integers]:
    """Parents, rotations, translations, axes, prismatic."""
    joints = whole[0]
    return (
        whole[COUNTS : COUNTS + joints],
        reals[: 9 * joints].reshape(joints, 3, 3),
        reals[9 * joints : 12 * joints].reshape(joints, 3),
        reals[12 * joints : 15 * joints].reshape(joints, 3),
        whole[COUNTS + joints : COUNTS + 2 * joints],
    )


@inner
def solids_of(whole: Integers, reals: Array) -> tuple[Integers, Array, Array, Integers]:
    """Forms, sizes, corners, edges."""
    pieces, corners = whole[1], whole[2]
    first, start = COUNTS + 2 * whole[0], 15 * whole[0]
    middle = start + 4 * pieces
    return (
        whole[first : first + 3 * pieces].reshape(pieces, 3),
        reals[start:middle].reshape(pieces, 4),
        reals[middle : middle + 3 * corners].reshape(corners, 3),
        whole[first + 3 * pieces : first + 3 * pieces + whole[3]],
    )


@inner
def bodies_of(whole: Integers, reals: Array) -> tuple[Integers, Integers, Array]:
    """Owners, runs, pieces."""
    pieces, robot = whole[1], whole[4]
    first, start = COUNTS + 2 * whole[0] + 3 * pieces + whole[3], 15 * whole[0] + 4 * pieces + 3 * whole[2]
    return (
        whole[first : first + robot],
        whole[first + robot : first + robot + whole[5] + 1],
        reals[start : start + 24 * pieces].reshape(pieces, 24),
    )


@inner
def motion_of(whole: Integers, reals: Array) -> tuple[Array, Array]:
    """Balls, reaches."""
    joints, pieces, robot = whole[0], whole[1], whole[4]
    start = 15 * joints + 28 * pieces + 3 * whole[2]
    middle = start + 4 * robot
    return reals[start:middle].reshape(robot, 4), reals[middle : middle + robot * joints].reshape(robot, joints)


@inner
def pairs_of(whole: Integers) -> tuple[Integers, Integers]:
    """Pairs, common."""
    count = whole[6]
    first = COUNTS + 2 * whole[0] + 3 * whole[1] + whole[3] + whole[4] + whole[5] + 1
    middle = first + 2 * count
    return whole[first:middle].reshape(count, 2), whole[middle : middle + count]
