"""Whether two bodies touch within a step in which all joints move straight: the step is halved until that is known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import inner
from lmp.primitives.kernels.flat_scene import bodies_of, motion_of, pairs_of, tree_of
from lmp.primitives.kernels.motion_bounds import relative_way_bound
from lmp.primitives.kernels.pair_distances import measure_pairs
from lmp.primitives.kernels.placed_bodies import place_all

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
    chosen: Integers,
    whole: Integers,
    reals: Array,
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
        chosen: Which pairs to look at. Shape (k,).
        whole, reals: See `flat_scene`.
        R, p, placed, outer: See `placed_bodies`; room for `SLOTS` configurations.
        pad, marks: See `minkowski`.
        found: Part of the step at which each of them touches and their distance there, at most 0; (2, 0) where they
            do not. Shape (k, 2).
    """
    count = len(chosen)
    opened, distances = np.zeros((SLOTS, count), np.bool_), np.empty((SLOTS, count))
    bounds, aims, now = np.empty(count), np.zeros((count, 3)), np.empty(len(start))
    parts, order, top, least = np.zeros(SLOTS), np.arange(SLOTS), 1, np.inf
    found[:, 0], found[:, 1], opened[1], parts[1] = 2.0, 0.0, True, 1.0
    for slot in range(2):
        _place(slot, parts[slot], start, step, now, whole, reals, R, p, placed, outer)
    _bounds(0, 1, 1.0, step, chosen, opened[1], whole, reals, R, p, bounds)
    for slot in range(2):
        measure_pairs(
            slot, SLOTS, chosen, opened[1], bounds, -np.inf, whole, reals, placed, outer, pad, marks, aims, distances[slot]
        )  # fmt: skip
    while top > 0:  # order[0] is where the part begins, order[top] where it ends.
        left, right, middle = order[0], order[top], order[top + 1]
        _bounds(left, right, parts[right] - parts[left], step, chosen, opened[right], whole, reals, R, p, bounds)
        room, still = _close(distances[left], distances[right], bounds, top == SLOTS - 2, parts[left], opened[right], found)
        least = min(least, room)
        if not still:
            order[0], order[top] = right, left
            top -= 1
            continue
        parts[middle] = (parts[left] + parts[right]) / 2
        _place(middle, parts[middle], start, step, now, whole, reals, R, p, placed, outer)
        open_now = opened[right]
        measure_pairs(
            middle, SLOTS, chosen, open_now, bounds, -np.inf, whole, reals, placed, outer, pad, marks, aims, distances[middle]
        )  # fmt: skip
        _note(parts[middle], distances[middle], open_now, found)
        opened[middle] = open_now
        top += 1
    return least


@inner
def _place(
    slot: int,
    part: float,
    start: Array,
    step: Array,
    now: Array,
    whole: Integers,
    reals: Array,
    R: Array,
    p: Array,
    placed: Array,
    outer: Array,
) -> None:
    """Places everything where it is after a part of the step."""
    for joint in range(len(start)):
        now[joint] = start[joint] + part * step[joint]
    place_all(slot, now, whole, reals, R, p, placed, outer)


@inner
def _bounds(
    start: int,
    end: int,
    share: float,
    step: Array,
    chosen: Integers,
    opened: Flags,
    whole: Integers,
    reals: Array,
    R: Array,
    p: Array,
    out: Array,
) -> None:
    """How much nearer than at both ends, added, the open pairs can come between."""
    parents, _, _, _, _ = tree_of(whole, reals)
    owners, _, _ = bodies_of(whole, reals)
    balls, reaches = motion_of(whole, reals)
    pairs, common = pairs_of(whole)
    for k in range(len(chosen)):
        if opened[k]:
            out[k] = 0.0
            for side in range(2):
                body, frame = pairs[chosen[k], side], common[chosen[k]]
                if body < len(owners):
                    out[k] += relative_way_bound(body, frame, share, step, start, end, parents, owners, balls, reaches, R, p)


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
