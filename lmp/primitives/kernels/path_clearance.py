"""The least distances of pairs of bodies along a path, and which of them touch between its samples."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import FLAG, INTEGER, REAL, array, filled, inner, kernel
from lmp.primitives.kernels.minkowski import FACES, ROWS
from lmp.primitives.kernels.motion_bounds import MOTION, way_bound
from lmp.primitives.kernels.placed_bodies import BODIES, TREE, body_distance, body_gap, place_all, place_standing, rows_needed
from lmp.primitives.kernels.solids import SOLIDS
from lmp.primitives.kernels.swept_pairs import SLOTS, sweep_step

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

PAIRS = (array(2, INTEGER), array(1, INTEGER))
"""Types of pairs and common."""


@kernel(
    *(REAL, array(2), array(1, INTEGER), REAL, REAL, FLAG, filled(2), filled(2, INTEGER)),
    *(*PAIRS, *TREE, *SOLIDS, *BODIES, *MOTION),
)
def path_clearance(
    values: Array,
    counted: Integers,
    horizon: float,
    margin: float,
    swept: bool,
    distances: Array,
    samples: Integers,
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
) -> float:
    """Measures the counted pairs at the samples, and looks for touches between them.

    With:
        values: Joint values of each sample [rad, m]. Shape (n, joints).
        counted: Pairs that count. Shape (c,).
        horizon: Distances beyond this are not measured [m].
        margin: Distances below this are contacts [m].
        swept: Whether to look between the samples.
        pairs: Bodies of each pair, one of the robot first. Shape (pairs, 2).
        common: The joint from which the motion of both is seen. Shape (pairs,).
        parents, rotations, translations, axes, prismatic: See `JointTree`.
        forms, sizes, corners, edges: See `solids`.
        owners, runs, pieces: See `placed_bodies`.
        balls, reaches: See `motion_bounds`.
        distances: Least distance at the samples, the horizon at most; the distance of a touch between them [m].
            Shape (2, c).
        samples: Where the least is; where the margin is first undercut; the sample before a touch between samples; each
            -1 where there is none. Shape (3, c).

    Returns:
        A distance below which no counted pair comes at any time, if none comes too near [m].
    """
    slots, between = 2 if len(values) > 1 else 1, horizon
    distances[0], distances[1], samples[:] = horizon, 0.0, -1
    pad, marks = np.empty((ROWS, 4)), np.empty((FACES + 1, 5), np.int64)
    doubtful = np.zeros((len(values) if swept else 1, len(counted)), np.bool_)
    lows, ways, aims = np.empty((slots, len(counted))), np.zeros(len(runs)), np.zeros((len(counted), 3))
    R, p, placed, outer = _room(slots, owners, runs, pieces, len(parents))
    for row in range(len(values)):
        slot = row % slots
        place_all(
            slot, values[row], parents, rotations, translations, axes, prismatic, owners, runs, pieces, R, p, placed, outer
        )
        for k in range(len(counted)):
            a, b = pairs[counted[k], 0], pairs[counted[k], 1]
            low = body_gap(a, b, slot, slots, len(owners), outer)
            if low <= horizon:
                low = body_distance(
                    a,
                    b,
                    slot,
                    slots,
                    horizon,
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
            lows[slot, k] = low
            if low < distances[0, k]:
                distances[0, k], samples[0, k], between = low, row, min(between, low)
                if low < margin and samples[1, k] < 0:
                    samples[1, k] = row
        if swept and row > 0:
            step = values[row] - values[row - 1]
            for body in range(len(owners)):
                ways[body] = way_bound(body, step, 1 - slot, slot, parents, prismatic, owners, balls, reaches, R, p)
            between = min(between, _doubts(counted, pairs, lows, ways, doubtful[row - 1]))
    if swept:
        room = _look_between(
            values,
            doubtful,
            counted,
            pairs,
            common,
            parents,
            rotations,
            translations,
            axes,
            prismatic,
            forms,
            sizes,
            corners,
            edges,
            owners,
            runs,
            pieces,
            balls,
            reaches,
            pad,
            marks,
            distances,
            samples,
        )
        between = min(between, room)
    return between


@inner
def _room(slots: int, owners: Integers, runs: Integers, pieces: Array, joints: int) -> tuple[Array, Array, Array, Array]:
    """Room for some configurations, with what stands in its place."""
    rows, bodies = rows_needed(slots, owners, runs)
    placed, outer = np.empty((rows, 18)), np.empty((bodies, 6))
    place_standing(slots, owners, runs, pieces, placed, outer)
    return np.empty((slots, joints, 3, 3)), np.empty((slots, joints, 3)), placed, outer


@inner
def _doubts(counted: Integers, pairs: Integers, lows: Array, ways: Array, doubtful: Flags) -> float:
    """Which pairs could touch within a step; how far apart the others stay at least [m]."""
    least = np.inf
    for k in range(len(counted)):
        room = (lows[0, k] + lows[1, k] - ways[pairs[counted[k], 0]] - ways[pairs[counted[k], 1]]) / 2
        doubtful[k] = room <= 0.0
        if room > 0.0:
            least = min(least, room)
    return least


@inner
def _look_between(
    values: Array,
    doubtful: Flags,
    counted: Integers,
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
    pad: Array,
    marks: Integers,
    distances: Array,
    samples: Integers,
) -> float:
    """Looks at the doubtful steps of the pairs that do not come too near at any sample; returns the least room [m]."""
    least = np.inf
    columns, open_pairs = np.empty(len(counted), np.int64), np.empty(len(counted), np.int64)
    found = np.empty((len(counted), 2))
    for row in range(len(values) - 1):
        count = 0
        for k in range(len(counted)):
            if doubtful[row, k] and samples[1, k] < 0 and samples[2, k] < 0:
                columns[count], open_pairs[count] = k, counted[k]
                count += 1
        if count == 0:
            continue
        R, p, placed, outer = _room(SLOTS, owners, runs, pieces, len(parents))
        step = values[row + 1] - values[row]
        room = sweep_step(
            values[row],
            step,
            open_pairs[:count],
            pairs,
            common,
            parents,
            rotations,
            translations,
            axes,
            prismatic,
            forms,
            sizes,
            corners,
            edges,
            owners,
            runs,
            pieces,
            balls,
            reaches,
            R,
            p,
            placed,
            outer,
            pad,
            marks,
            found[:count],
        )
        least = min(least, room)
        for index in range(count):
            if found[index, 0] <= 1.0:
                samples[2, columns[index]], distances[1, columns[index]] = row, found[index, 1]
    return least
