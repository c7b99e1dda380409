"""The tool of a serial arm: its pose, its Jacobian and how it moves, for one posture or many.

The arm is two arrays: `links`, shape (dof + 1, 3, 4), the placement of each joint's frame in the frame before it, the
tool's last, with frames turned so that each joint moves about or along its z axis; and `prismatic`, shape (dof,), 1 where
a joint slides. In the kernels a Jacobian is transposed: one row a joint, linear then angular. Shape (dof, 6).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import FLAG, INTEGER, REAL, array, filled, inner, kernel
from lmp.primitives.kernels.gram import joint_gram, task_gram
from lmp.primitives.kernels.singular_value import smallest_singular_value

Array = NDArray[np.float64]
Integers = NDArray[np.int64]


@inner
def place_tool(links: Array, prismatic: Integers, q: Array, R: Array, p: Array, J: Array) -> None:
    """Orientation and place of the tool and, in `J`, axis (last three) and place (first three) of each joint."""
    xx, xy, xz, yx, yy, yz, zx, zy, zz = 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0
    px, py, pz = 0.0, 0.0, 0.0
    dof = len(prismatic)
    for joint in range(dof + 1):
        link = links[joint]
        a, b, c = link[0, 3], link[1, 3], link[2, 3]
        px, py, pz = px + xx * a + yx * b + zx * c, py + xy * a + yy * b + zy * c, pz + xz * a + yz * b + zz * c
        a, b, c = link[0, 0], link[1, 0], link[2, 0]
        ux, uy, uz = xx * a + yx * b + zx * c, xy * a + yy * b + zy * c, xz * a + yz * b + zz * c
        a, b, c = link[0, 1], link[1, 1], link[2, 1]
        vx, vy, vz = xx * a + yx * b + zx * c, xy * a + yy * b + zy * c, xz * a + yz * b + zz * c
        zx, zy, zz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
        if joint == dof:
            xx, xy, xz, yx, yy, yz = ux, uy, uz, vx, vy, vz
        elif prismatic[joint] == 0:
            s, c = math.sin(q[joint]), math.cos(q[joint])
            xx, xy, xz = c * ux + s * vx, c * uy + s * vy, c * uz + s * vz
            yx, yy, yz = c * vx - s * ux, c * vy - s * uy, c * vz - s * uz
        else:
            xx, xy, xz, yx, yy, yz = ux, uy, uz, vx, vy, vz
            px, py, pz = px + q[joint] * zx, py + q[joint] * zy, pz + q[joint] * zz
        if joint < dof:
            row = J[joint]
            row[0], row[1], row[2], row[3], row[4], row[5] = px, py, pz, zx, zy, zz
    R[0, 0], R[1, 0], R[2, 0], R[0, 1], R[1, 1], R[2, 1], R[0, 2], R[1, 2], R[2, 2] = xx, xy, xz, yx, yy, yz, zx, zy, zz
    p[0], p[1], p[2] = px, py, pz


@inner
def tool_state(links: Array, prismatic: Integers, q: Array, R: Array, p: Array, J: Array) -> None:
    """Orientation and place of the tool and its Jacobian in world axes. Shapes (dof,), (3, 3), (3,), (dof, 6)."""
    place_tool(links, prismatic, q, R, p, J)
    for joint in range(len(prismatic)):
        row = J[joint]
        zx, zy, zz = row[3], row[4], row[5]
        if prismatic[joint] == 0:
            x, y, z = p[0] - row[0], p[1] - row[1], p[2] - row[2]
            row[0], row[1], row[2] = zy * z - zz * y, zz * x - zx * z, zx * y - zy * x
        else:
            row[0], row[1], row[2] = zx, zy, zz
            row[3], row[4], row[5] = 0.0, 0.0, 0.0


@kernel(INTEGER, array(3), array(1, INTEGER), array(2), filled(3))
def tool_poses(links: Array, prismatic: Integers, qs: Array, poses: Array) -> int:
    """`T_world_tool` of many postures. Shapes (n, dof), (n, 4, 4)."""
    R, p, J = np.empty((3, 3)), np.empty(3), np.empty((len(prismatic), 6))
    for index in range(len(qs)):
        place_tool(links, prismatic, qs[index], R, p, J)
        pose = poses[index]
        for row in range(3):
            pose[row, 3] = p[row]
            pose[3, row] = 0.0
            for column in range(3):
                pose[row, column] = R[row, column]
        pose[3, 3] = 1.0
    return len(qs)


@kernel(INTEGER, array(3), array(1, INTEGER), array(2), filled(3), filled(2), filled(3))
def tool_jacobians(links: Array, prismatic: Integers, qs: Array, R: Array, p: Array, J: Array) -> int:
    """`tool_state` of many postures. Shapes (n, dof), (n, 3, 3), (n, 3), (n, dof, 6)."""
    for index in range(len(qs)):
        tool_state(links, prismatic, qs[index], R[index], p[index], J[index])
    return len(qs)


@kernel(INTEGER, array(3), array(1, INTEGER), array(2), array(2), FLAG, filled(2), filled(2), filled(1))
def tool_motions(
    links: Array, prismatic: Integers, qs: Array, rates: Array, singular: bool, p: Array, v: Array, values: Array
) -> int:
    """How the tool moves while the joints move.

    Args:
        links: The arm's links.
        prismatic: Which joints slide.
        qs: Joint positions. Shape (n, dof).
        rates: Joint velocities. Shape (n, dof).
        singular: Whether singular values are asked for.
        p: Filled with the place of the tool [m]. Shape (n, 3).
        v: Filled with its linear velocity [m/s]. Shape (n, 3).
        values: Filled with the smallest singular value of the Jacobian, if asked for. Shape (n,).
    """
    dof = len(prismatic)
    size = max(dof, 6)
    R, J, A, free = np.empty((3, 3)), np.empty((dof, 6)), np.empty((size, size)), np.zeros(dof, np.int64)
    for index in range(len(qs)):
        tool_state(links, prismatic, qs[index], R, p[index], J)
        for row in range(3):
            total = 0.0
            for joint in range(dof):
                total += J[joint, row] * rates[index, joint]
            v[index, row] = total
        if singular:
            values[index] = smallest_singular_value(J, free, A)
    return len(qs)


@inner
def _positive_definite(A: Array, size: int) -> bool:
    """Whether a symmetric matrix given by its lower triangle is positive definite, by its pivots; it is overwritten."""
    for k in range(size):
        pivot = A[k, k]
        if not pivot > 0.0:
            return False
        for row in range(k + 1, size):
            share = A[row, k] / pivot
            for column in range(k + 1, row + 1):
                A[row, column] -= share * A[column, k]
    return True


@kernel(INTEGER, array(3), array(1, INTEGER), array(2), REAL)
def first_singular(links: Array, prismatic: Integers, qs: Array, least: float) -> int:
    """The first posture at which a singular value of the Jacobian is not above a number, -1 if there is none.

    J J^T - least^2 I is positive definite exactly where all are above it: a third of the cost of the values themselves.
    Shape (n, dof).
    """
    dof = len(prismatic)
    size = max(dof, 6)
    R, p, J, A, free = np.empty((3, 3)), np.empty(3), np.empty((dof, 6)), np.empty((size, size)), np.zeros(dof, np.int64)
    for index in range(len(qs)):
        tool_state(links, prismatic, qs[index], R, p, J)
        if dof >= 6:
            task_gram(J, free, -least * least, A)
        else:
            joint_gram(J, free, -least * least, A)
        if not _positive_definite(A, min(dof, 6)):
            return index
    return -1
