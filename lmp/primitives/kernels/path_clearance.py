"""The least distances of pairs of bodies along a path, and which of them touch between its samples."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import FLAG, INTEGER, REAL, array, filled, inner, kernel
from lmp.primitives.kernels.flat_scene import FLAT_SCENE, bodies_of, motion_of, pairs_of, tree_of
from lmp.primitives.kernels.minkowski import FACES, ROWS
from lmp.primitives.kernels.motion_bounds import way_bound
from lmp.primitives.kernels.pair_distances import measure_pairs
from lmp.primitives.kernels.placed_bodies import new_places, place_all
from lmp.primitives.kernels.swept_pairs import SLOTS, sweep_step

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@kernel(REAL, array(2), array(1, INTEGER), REAL, REAL, FLAG, FLAG, filled(2), filled(2, INTEGER), filled(1), *FLAT_SCENE)
def path_clearance(
    values: Array,
    counted: Integers,
    horizon: float,
    margin: float,
    swept: bool,
    hasty: bool,
    distances: Array,
    samples: Integers,
    least: Array,
    whole: Integers,
    reals: Array,
) -> float:
    """Measures the counted pairs at the samples, and looks for touches between them.

    Args:
        values: Joint values of each sample [rad, m]. Shape (n, joints).
        counted: Pairs that count. Shape (c,).
        horizon: Distances beyond this are not measured [m].
        margin: Distances below this are contacts [m].
        swept: Whether to look between the samples.
        hasty: Whether to leave each sample after the first contact; only without looking between the samples.
        distances: Least at the samples, the horizon at most; that of a touch between them [m]. Shape (2, c).
        samples: Where the least is; where the margin is first undercut; the sample before a touch between samples; -1
            where there is none. Shape (3, c).
        least: Least distance at each sample, the horizon at most; any below the margin where hasty [m]. Shape (n,).
        whole: See `flat_scene`.
        reals: See `flat_scene`.

    Returns:
        A distance below which no counted pair comes at any time, if none comes too near [m].
    """
    slots, count, near = 2 if swept else 1, len(counted), margin if hasty else -np.inf
    distances[0], distances[1], samples[:], between = horizon, 0.0, -1, horizon
    pad, marks = np.empty((ROWS, 4)), np.empty((FACES + 1, 5), np.int64)
    doubtful, every, limits = (
        np.zeros((len(values) if swept else 0, count), np.bool_),
        np.ones(count, np.bool_),
        np.empty(count),
    )
    lows, aims = np.empty((slots, count)), np.zeros((count, 3))
    limits[:] = horizon
    now, step = np.empty(values.shape[1]), np.empty(values.shape[1])
    R, p, placed, outer = new_places(slots, whole, reals)
    for row in range(len(values)):
        slot = row % slots
        for joint in range(len(now)):
            now[joint], step[joint] = values[row, joint], values[row, joint] - values[max(row - 1, 0), joint]
        place_all(slot, now, whole, reals, R, p, placed, outer)
        lows[slot] = horizon
        measure_pairs(
            slot, slots, counted, every, limits, near, whole, reals, placed, outer, pad, marks, aims, lows[slot]
        )  # fmt: skip
        least[row] = _note(row, horizon, margin, lows[slot], distances, samples)
        between = min(between, least[row])
        if swept and row > 0:
            between = min(between, _doubts(counted, step, 1 - slot, slot, whole, reals, R, p, lows, doubtful[row - 1]))
    if swept:
        between = min(between, _look_between(values, doubtful, counted, whole, reals, pad, marks, distances, samples))
    return between


@inner
def _note(row: int, horizon: float, margin: float, lows: Array, distances: Array, samples: Integers) -> float:
    """Notes what is nearer at a sample than before; returns the sample's least distance [m]."""
    least = horizon
    for k in range(len(lows)):
        if lows[k] < distances[0, k]:
            distances[0, k], samples[0, k] = lows[k], row
            if lows[k] < margin and samples[1, k] < 0:
                samples[1, k] = row
        least = min(least, lows[k])
    return least


@inner
def _doubts(
    counted: Integers,
    step: Array,
    start: int,
    end: int,
    whole: Integers,
    reals: Array,
    R: Array,
    p: Array,
    lows: Array,
    doubtful: Flags,
) -> float:
    """Which pairs could touch within a step; how far apart the others stay at least [m]."""
    parents, _, _, _, prismatic = tree_of(whole, reals)
    owners, runs, _ = bodies_of(whole, reals)
    balls, reaches = motion_of(whole, reals)
    pairs, _ = pairs_of(whole)
    ways, least = np.zeros(len(runs)), np.inf
    for body in range(len(owners)):
        ways[body] = way_bound(body, step, start, end, parents, prismatic, owners, balls, reaches, R, p)
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
    whole: Integers,
    reals: Array,
    pad: Array,
    marks: Integers,
    distances: Array,
    samples: Integers,
) -> float:
    """Looks at the doubtful steps of the pairs that do not come too near at any sample; returns the least room [m]."""
    least, ready = np.inf, False
    columns, chosen = np.empty(len(counted), np.int64), np.empty(len(counted), np.int64)
    found = np.empty((len(counted), 2))
    start, step = np.empty(values.shape[1]), np.empty(values.shape[1])
    R, p, placed, outer = new_places(1, whole, reals)
    for row in range(len(values) - 1):
        count = 0
        for k in range(len(counted)):
            if doubtful[row, k] and samples[1, k] < 0 and samples[2, k] < 0:
                columns[count], chosen[count] = k, counted[k]
                count += 1
        if count == 0:
            continue
        if not ready:
            R, p, placed, outer = new_places(SLOTS, whole, reals)
            ready = True
        for joint in range(len(start)):
            start[joint], step[joint] = values[row, joint], values[row + 1, joint] - values[row, joint]
        room = sweep_step(start, step, chosen[:count], whole, reals, R, p, placed, outer, pad, marks, found[:count])
        least = min(least, room)
        for index in range(count):
            if found[index, 0] <= 1.0:
                samples[2, columns[index]], distances[1, columns[index]] = row, found[index, 1]
    return least
