"""Distances of chosen pairs of bodies in one configuration."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import inner
from lmp.primitives.kernels.flat_scene import bodies_of, pairs_of, solids_of
from lmp.primitives.kernels.placed_bodies import body_distance, body_gap

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@inner
def measure_pairs(
    slot: int,
    slots: int,
    chosen: Integers,
    opened: Flags,
    limits: Array,
    near: float,
    whole: Integers,
    reals: Array,
    placed: Array,
    outer: Array,
    pad: Array,
    marks: Integers,
    aims: Array,
    out: Array,
) -> None:
    """Signed distances of the chosen pairs that are open [m].

    With:
        slot, slots: In which configuration, of how many that are kept.
        chosen: Numbers of the pairs. Shape (k,).
        opened: Which of them are asked for. Shape (k,).
        limits: Distances beyond these need not be exact; what is answered is then beyond, and none too great [m].
        near: It ends with the first pair that is nearer than this, -inf for none [m].
        whole, reals: See `flat_scene`.
        placed, outer, aims: See `placed_bodies`.
        pad, marks: See `minkowski`.
        out: The distances; of other pairs what was there before. Shape (k,).
    """
    forms, sizes, corners, edges = solids_of(whole, reals)
    owners, runs, pieces = bodies_of(whole, reals)
    pairs, _ = pairs_of(whole)
    robot = len(owners)
    for k in range(len(chosen)):
        if not opened[k]:
            continue
        a, b = pairs[chosen[k], 0], pairs[chosen[k], 1]
        distance = body_gap(a, b, slot, slots, robot, outer)
        if distance <= limits[k]:
            # fmt: off
            distance = body_distance(
                a, b, slot, slots, limits[k], near, robot, runs, pieces, placed, outer,
                forms, sizes, corners, edges, pad, marks, aims, k,
            )
            # fmt: on
        out[k] = distance
        if distance < near:
            return
