"""Whether two bodies touch within a step in which all joints move straight: the step is halved until that is known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import inner
from lmp.primitives.kernels.motion_bounds import relative_way_bound
from lmp.primitives.kernels.placed_bodies import body_distance, body_gap, place_all

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

SLOTS = 20
"""Configurations that are kept while a step is halved; it is halved two times less at most [count]."""
FLOOR = 2e-4
"""Where bodies that move no farther than this could still touch, it is said that they do [m]."""


@inner
def sweep_step(
    start: Array,
    step: Array,
    open_pairs: Integers,
    pairs: Integers,
    common: Integers,
    parents: Integers,
    rotations: Array,
    translations: Array,
    axes: Array,
    prismatic: Integers,
    forms: Integers,
    sizes: Array,
    corners: Array,
    edges: Integers,
    owners: Integers,
    runs: Integers,
    pieces: Array,
    balls: Array,
    reaches: Array,
    R: Array,
    p: Array,
    placed: Array,
    outer: Array,
    pad: Array,
    marks: Integers,
    found: Array,
) -> float:
    """Looks for touches of some pairs within a step; returns how far apart the others stay at least [m].

    Ends of parts of the step wait on a stack, the nearest on top; each knows the pairs that are open in the part that
    ends there, and how far apart these are at its end.

    With:
        start: Joint values at the start [rad, m]. Shape (joints,).
        step: How far each moves. Shape (joints,).
        open_pairs: Which pairs to look at. Shape (k,).
        pairs: Bodies of all pairs, one of the robot first. Shape (pairs, 2).
        common: The joint from which the motion of both is seen. Shape (pairs,).
        parents, rotations, translations, axes, prismatic: See `JointTree`.
        forms, sizes, corners, edges: See `solids`.
        owners, runs, pieces, R, p, placed, outer: See `placed_bodies`; room for `SLOTS` configurations.
        balls, reaches: See `motion_bounds`.
        pad, marks: See `minkowski`.
        found: Part of the step at which each of them touches and their distance there, at most 0; (2, 0) where they
            do not. Shape (k, 2).
    """
    count = len(open_pairs)
    opened, distances, bounds = np.zeros((SLOTS, count), np.bool_), np.empty((SLOTS, count)), np.empty(count)
    parts, order, top, least = np.zeros(SLOTS), np.arange(SLOTS), 1, np.inf
    found[:, 0], found[:, 1], opened[1], parts[1] = 2.0, 0.0, True, 1.0
    aims = np.zeros((count, 3))
    for slot in range(2):
        place_all(
            slot,
            start + parts[slot] * step,
            parents,
            rotations,
            translations,
            axes,
            prismatic,
            owners,
            runs,
            pieces,
            R,
            p,
            placed,
            outer,
        )
    _bounds(0, 1, 1.0, step, open_pairs, opened[1], pairs, common, parents, owners, balls, reaches, R, p, bounds)
    for slot in range(2):
        _measure(
            slot,
            open_pairs,
            opened[1],
            bounds,
            pairs,
            owners,
            runs,
            placed,
            outer,
            forms,
            sizes,
            corners,
            edges,
            pad,
            marks,
            aims,
            distances[slot],
        )
    while top > 0:  # order[0] is where the part begins, order[top] where it ends.
        left, right = order[0], order[top]
        share = parts[right] - parts[left]
        _bounds(
            left, right, share, step, open_pairs, opened[right], pairs, common, parents, owners, balls, reaches, R, p, bounds
        )
        room, still = _close(distances[left], distances[right], bounds, top == SLOTS - 2, parts[left], opened[right], found)
        least = min(least, room)
        if not still:
            order[0], order[top] = right, left
            top -= 1
            continue
        middle = order[top + 1]
        parts[middle] = (parts[left] + parts[right]) / 2
        place_all(
            middle,
            start + parts[middle] * step,
            parents,
            rotations,
            translations,
            axes,
            prismatic,
            owners,
            runs,
            pieces,
            R,
            p,
            placed,
            outer,
        )
        _measure(
            middle,
            open_pairs,
            opened[right],
            bounds,
            pairs,
            owners,
            runs,
            placed,
            outer,
            forms,
            sizes,
            corners,
            edges,
            pad,
            marks,
            aims,
            distances[middle],
        )
        _note(parts[middle], distances[middle], opened[right], found)
        opened[middle] = opened[right]
        top += 1
    return least


@inner
def _bounds(
    start: int,
    end: int,
    share: float,
    step: Array,
    open_pairs: Integers,
    opened: Flags,
    pairs: Integers,
    common: Integers,
    parents: Integers,
    owners: Integers,
    balls: Array,
    reaches: Array,
    R: Array,
    p: Array,
    out: Array,
) -> None:
    """How much nearer than at both ends, added, the open pairs can come between."""
    for k in range(len(open_pairs)):
        if opened[k]:
            out[k] = 0.0
            for side in range(2):
                body, frame = pairs[open_pairs[k], side], common[open_pairs[k]]
                if body < len(owners):
                    out[k] += relative_way_bound(body, frame, share, step, start, end, parents, owners, balls, reaches, R, p)


@inner
def _measure(
    slot: int,
    open_pairs: Integers,
    opened: Flags,
    bounds: Array,
    pairs: Integers,
    owners: Integers,
    runs: Integers,
    placed: Array,
    outer: Array,
    forms: Integers,
    sizes: Array,
    corners: Array,
    edges: Integers,
    pad: Array,
    marks: Integers,
    aims: Array,
    out: Array,
) -> None:
    """Distances of the open pairs, as far as they matter."""
    for k in range(len(open_pairs)):
        if opened[k]:
            a, b = pairs[open_pairs[k], 0], pairs[open_pairs[k], 1]
            out[k] = body_gap(a, b, slot, SLOTS, len(owners), outer)
            if out[k] <= bounds[k]:
                out[k] = body_distance(
                    a,
                    b,
                    slot,
                    SLOTS,
                    bounds[k],
                    -np.inf,
                    len(owners),
                    runs,
                    placed,
                    outer,
                    forms,
                    sizes,
                    corners,
                    edges,
                    pad,
                    marks,
                    aims,
                    k,
                )


@inner
def _close(
    start: Array, end: Array, bounds: Array, deepest: bool, part: float, opened: Flags, found: Array
) -> tuple[float, bool]:
    """Closes the pairs that surely do not touch, that touched before, or that cannot be told apart any more.

    Returns the least distance of the first and whether a pair is left.
    """
    least, left = np.inf, False
    for k in range(len(opened)):
        if not opened[k]:
            continue
        room = (start[k] + end[k] - bounds[k]) / 2
        if found[k, 0] <= 1.0:
            opened[k] = False
        elif room > 0.0:
            least = min(least, room)
            opened[k] = False
        elif bounds[k] < FLOOR or deepest:
            found[k, 0], opened[k] = part, False
        else:
            left = True
    return least, left


@inner
def _note(part: float, distances: Array, opened: Flags, found: Array) -> None:
    """Notes and closes the pairs that touch in the middle of a part."""
    for k in range(len(opened)):
        if opened[k] and distances[k] <= 0.0:
            found[k, 0], found[k, 1], opened[k] = part, distances[k], False
