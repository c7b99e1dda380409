"""Bodies of convex pieces that move with the joints or stand: where they are, the boxes around them, how far apart.

Bodies are runs of pieces: first those of the robot and what it holds, each moved by one joint, then those that stand.

    owners   number of the joint that moves each body of the robot, 0 where none does. Shape (moving bodies,).
    runs     where the pieces of each body begin, and where the last ones end. Shape (bodies + 1,).
    pieces   rotation, row by row, and translation in the frame of the joint, then centre and half extents of the box
             around the piece in its own frame, then the lower and upper corner of a box along the world's axes around what
             stands [m]. Shape (pieces, 24).

Several configurations are kept at once, each in a slot; what stands is kept once, behind the last slot.

    R, p     all joints' frames [m]. Shapes (slots, joints, 3, 3), (slots, joints, 3).
    placed   rotation and translation of each piece in the world, then the lower and upper corner of the box around it
             along the world's axes [m]. Shape (slots * moving pieces + standing pieces, 18).
    outer    such boxes around bodies [m]. Shape (slots * moving bodies + standing bodies, 6).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import inner
from lmp.primitives.kernels.convex_distance import face_each_other, separation
from lmp.primitives.kernels.flat_scene import bodies_of, tree_of
from lmp.primitives.kernels.joint_tree import place_joints
from lmp.primitives.kernels.minkowski import DIRECTION

Array = NDArray[np.float64]
Integers = NDArray[np.int64]


@inner
def new_places(slots: int, whole: Integers, reals: Array) -> tuple[Array, Array, Array, Array]:
    """Room for some configurations, with what stands in its place: R, p, placed, outer."""
    owners, runs, pieces = bodies_of(whole, reals)
    joints, moving, robot, bodies = whole[0], runs[len(owners)], len(owners), len(runs) - 1
    placed = np.empty(((slots - 1) * moving + runs[bodies], 18))
    outer = np.empty(((slots - 1) * robot + bodies, 6))
    for piece in range(moving, runs[bodies]):
        row = (slots - 1) * moving + piece
        for column in range(12):
            placed[row, column] = pieces[piece, column]
        for column in range(12, 18):
            placed[row, column] = pieces[piece, column + 6]
    for body in range(robot, bodies):
        first = (slots - 1) * moving + runs[body]
        _outer_box((slots - 1) * robot + body, first, first + runs[body + 1] - runs[body], placed, outer)
    return np.empty((slots, joints, 3, 3)), np.empty((slots, joints, 3)), placed, outer


@inner
def place_all(
    slot: int,
    values: Array,
    whole: Integers,
    reals: Array,
    R: Array,
    p: Array,
    placed: Array,
    outer: Array,
) -> None:
    """Puts the robot, and what it holds, where the joints' values have it [rad, m]. Shape (joints,)."""
    parents, rotations, translations, axes, prismatic = tree_of(whole, reals)
    owners, runs, pieces = bodies_of(whole, reals)
    place_joints(values, parents, rotations, translations, axes, prismatic, R[slot], p[slot])
    moving = runs[len(owners)]
    for body in range(len(owners)):
        first = slot * moving + runs[body]
        for piece in range(runs[body], runs[body + 1]):
            _place(slot * moving + piece, piece, slot, owners[body], pieces, R, p, placed)
            _box(slot * moving + piece, piece, pieces, placed)
        _outer_box(slot * len(owners) + body, first, first + runs[body + 1] - runs[body], placed, outer)


@inner
def _place(row: int, piece: int, slot: int, joint: int, pieces: Array, R: Array, p: Array, placed: Array) -> None:
    x, y, z = pieces[piece, 9], pieces[piece, 10], pieces[piece, 11]
    for i in range(3):
        a, b, c = R[slot, joint, i, 0], R[slot, joint, i, 1], R[slot, joint, i, 2]
        for k in range(3):
            placed[row, 3 * i + k] = a * pieces[piece, k] + b * pieces[piece, 3 + k] + c * pieces[piece, 6 + k]
        placed[row, 9 + i] = p[slot, joint, i] + a * x + b * y + c * z


@inner
def _box(row: int, piece: int, pieces: Array, placed: Array) -> None:
    x, y, z = pieces[piece, 12], pieces[piece, 13], pieces[piece, 14]
    u, v, w = pieces[piece, 15], pieces[piece, 16], pieces[piece, 17]
    for i in range(3):
        a, b, c = placed[row, 3 * i], placed[row, 3 * i + 1], placed[row, 3 * i + 2]
        middle, half = placed[row, 9 + i] + a * x + b * y + c * z, abs(a) * u + abs(b) * v + abs(c) * w
        placed[row, 12 + i], placed[row, 15 + i] = middle - half, middle + half


@inner
def _outer_box(target: int, first: int, end: int, placed: Array, outer: Array) -> None:
    for axis in range(3):
        lower, upper = placed[first, 12 + axis], placed[first, 15 + axis]
        for row in range(first + 1, end):
            lower, upper = min(lower, placed[row, 12 + axis]), max(upper, placed[row, 15 + axis])
        outer[target, axis], outer[target, 3 + axis] = lower, upper


@inner
def box_gap(one: Array, a: int, first: int, other: Array, b: int, second: int) -> float:
    """Distance of two boxes, 0 where they overlap [m]; each six columns of a row from a first one on."""
    square = 0.0
    for axis in range(3):
        apart = max(one[a, first + axis] - other[b, second + 3 + axis], other[b, second + axis] - one[a, first + 3 + axis])
        if apart > 0.0:
            square += apart * apart
    return math.sqrt(square)


@inner
def body_gap(a: int, b: int, slot: int, slots: int, robot: int, outer: Array) -> float:
    """Distance of the boxes around two bodies, 0 where they overlap [m]; arguments as for `body_distance`."""
    return box_gap(outer, slot * robot + a, 0, outer, (slot if b < robot else slots - 1) * robot + b, 0)


@inner
def body_distance(
    a: int,
    b: int,
    slot: int,
    slots: int,
    limit: float,
    near: float,
    robot: int,
    runs: Integers,
    pieces: Array,
    placed: Array,
    outer: Array,
    forms: Integers,
    sizes: Array,
    corners: Array,
    edges: Integers,
    pad: Array,
    marks: Integers,
    aims: Array,
    aim: int,
) -> float:
    """Signed distance of two bodies whose boxes are near each other [m].

    With:
        a, b: Which two; the first moves with the robot.
        slot, slots: In which configuration, of how many that are kept.
        limit: Distances beyond need not be exact; the answer is then beyond as well, and none too great [m].
        near: Distances below need not be exact either; -inf where the depth counts [m].
        robot: How many bodies move with the robot.
        runs, pieces, placed, outer: See above.
        forms, sizes, corners, edges: See `solids`.
        pad, marks: See `minkowski`.
        aims, aim: Row for the direction in which the last search ended, where both are one piece; zero before the first.
    """
    moving = runs[robot]
    box_b = (slot if b < robot else slots - 1) * robot + b
    rows_a, rows_b = slot * moving, (slot if b < robot else slots - 1) * moving
    least = np.inf
    single = runs[a + 1] - runs[a] == 1 and runs[b + 1] - runs[b] == 1
    for one in range(runs[a], runs[a + 1]):
        gap = box_gap(placed, rows_a + one, 12, outer, box_b, 0)
        if gap > min(limit, least):
            least = min(least, gap)
            continue
        for other in range(runs[b], runs[b + 1]):
            gap = box_gap(placed, rows_a + one, 12, placed, rows_b + other, 12)
            if gap <= min(limit, least):
                face_each_other(placed, rows_a + one, placed, rows_b + other, pad, marks)
                gap = _sides_gap(one, other, pieces, pad)
                if gap <= min(limit, least):
                    if not single or (aims[aim, 0] == 0.0 and aims[aim, 1] == 0.0 and aims[aim, 2] == 0.0):
                        _aim(rows_a + one, rows_b + other, placed, pad)
                    else:
                        pad[DIRECTION, 0], pad[DIRECTION, 1], pad[DIRECTION, 2] = aims[aim, 0], aims[aim, 1], aims[aim, 2]
                    gap = separation(one, other, min(limit, least), near, forms, sizes, corners, edges, pad, marks)
                    aims[aim, 0], aims[aim, 1], aims[aim, 2] = pad[DIRECTION, 0], pad[DIRECTION, 1], pad[DIRECTION, 2]
            least = min(least, gap)
            if least < near:
                return least
    return least


@inner
def _sides_gap(a: int, b: int, pieces: Array, pad: Array) -> float:
    """How far apart the pieces' own boxes are across one of their sides, below 0 where they are not [m].

    Each side's plane that parts the boxes proves that distance; the turned boxes fit more closely than those along the
    world's axes.
    """
    gap = -np.inf
    x, y, z = pieces[b, 12], pieces[b, 13], pieces[b, 14]
    u, v, w = pad[0, 3] - pieces[a, 12], pad[1, 3] - pieces[a, 13], pad[2, 3] - pieces[a, 14]
    u += pad[0, 0] * x + pad[0, 1] * y + pad[0, 2] * z
    v += pad[1, 0] * x + pad[1, 1] * y + pad[1, 2] * z
    w += pad[2, 0] * x + pad[2, 1] * y + pad[2, 2] * z
    for i in range(3):
        along = u if i == 0 else (v if i == 1 else w)
        reach = abs(pad[i, 0]) * pieces[b, 15] + abs(pad[i, 1]) * pieces[b, 16] + abs(pad[i, 2]) * pieces[b, 17]
        gap = max(gap, abs(along) - pieces[a, 15 + i] - reach)
        along = pad[0, i] * u + pad[1, i] * v + pad[2, i] * w
        reach = abs(pad[0, i]) * pieces[a, 15] + abs(pad[1, i]) * pieces[a, 16] + abs(pad[2, i]) * pieces[a, 17]
        gap = max(gap, abs(along) - pieces[b, 15 + i] - reach)
    return gap


@inner
def _aim(a: int, b: int, placed: Array, pad: Array) -> None:
    """The search for the distance begins across the gap between the boxes, or from middle to middle."""
    x, y, z = _offset(a, b, 0, placed), _offset(a, b, 1, placed), _offset(a, b, 2, placed)
    if x == 0.0 and y == 0.0 and z == 0.0:
        x = placed[a, 12] + placed[a, 15] - placed[b, 12] - placed[b, 15]
        y = placed[a, 13] + placed[a, 16] - placed[b, 13] - placed[b, 16]
        z = placed[a, 14] + placed[a, 17] - placed[b, 14] - placed[b, 17]
    for axis in range(3):
        pad[DIRECTION, axis] = placed[a, axis] * x + placed[a, 3 + axis] * y + placed[a, 6 + axis] * z


@inner
def _offset(a: int, b: int, axis: int, placed: Array) -> float:
    """From the second box to the first along an axis, 0 where they overlap in it [m]."""
    one, other = placed[a, 12 + axis] - placed[b, 15 + axis], placed[b, 12 + axis] - placed[a, 15 + axis]
    offset: float = max(one, 0.0) - max(other, 0.0)
    return offset
