"""A path's shape, as bulges or as weights, turned into a deviation."""

from __future__ import annotations

from functools import lru_cache
from typing import assert_never, get_args

import numpy as np
from numpy.typing import NDArray

from lmp.errors import PlannerFault, SetupFault
from lmp.meaning.directions import AXES as DIRECTIONS
from lmp.primitives.dmp.deviation import COUNT, Deviation, end_conditions, metric_root, response_matrices
from lmp.primitives.dmp.lmp_2602_02839 import COUNT as PUBLISHED_COUNT
from lmp.primitives.dmp.lmp_2602_02839 import NAME as PUBLISHED
from lmp.schema.motion import Bulge, Bulges, Direction, Weights

Array = NDArray[np.float64]

AXES = {direction: np.array(DIRECTIONS[direction]) for direction in get_args(Direction)}
"""The directions of bulges, along which they lie in the robot's frame."""

EARLIEST, LATEST = 0.15, 0.8
"""Phases between which a bulge is of one sign with a single peak; outside, an exact one would swing back."""


class BadShape(PlannerFault):
    """A path shape that no path has.

    Attributes:
        complaint: What is wrong with it, in words.
    """

    def __init__(self, complaint: str):
        self.complaint = complaint
        super().__init__(complaint)


def shape_complaint(shape: Bulges | Weights | None) -> str | None:
    """Say in one sentence what is wrong with a shape; None if a path can have it.

    Raises:
        SetupFault: It is no shape.
    """
    match shape:
        case None:
            return None
        case Bulges():
            outside = [bulge.phase for bulge in shape.bulges if not EARLIEST <= bulge.phase <= LATEST]
            return f"Bulges at phase {outside} came; the phase has to lie in [{EARLIEST}, {LATEST}]." if outside else None
        case Weights():
            counts = len(shape.x), len(shape.y), len(shape.z)
            if len(set(counts)) > 1:
                return "Weights x, y, z have {}, {} and {} entries; all three rows need the same number.".format(*counts)
            if shape.preset == PUBLISHED and counts[0] != PUBLISHED_COUNT:
                return f"{counts[0]} weights a row came; the preset {PUBLISHED} has {PUBLISHED_COUNT}."
            return None
        case _:
            raise SetupFault(f"A path's shape {shape!r:.80} came; it has to be Bulges, Weights or None.")


def deviation_of(shape: Bulges | Weights | None) -> Deviation:
    """The part of a tool path that its shape adds to the straight line, along forward, left and up [m].

    Raises:
        BadShape: If no path has the shape (see `shape_complaint`).
        SetupFault: If it is no shape.
    """
    complaint = shape_complaint(shape)
    if complaint is not None:
        raise BadShape(complaint)
    match shape:
        case None:
            return Deviation((), 3)
        case Bulges():
            return Deviation((sum_of_bulges(shape.bulges),), 3)
        case Weights() if shape.preset != "default":
            raise BadShape(
                f"Weights of the preset {shape.preset} came, where only a deviation of the default preset can be used."
            )
        case Weights():
            return Deviation.from_weights(np.array([shape.x, shape.y, shape.z]).T)
    assert_never(shape)


def sum_of_bulges(bulges: tuple[Bulge, ...]) -> Array:
    """Coefficients along x, y, z of bulges together. Shape (COUNT, 3).

    Each bulge alone is exact: `amount` is the largest deviation, of one sign, reached at its phase. Bulges along
    different axes stay exact. Bulges along one axis add up: the deviation at a bulge's phase is then its amount plus
    what the others have there (and minus, for opposite directions).
    """
    total = np.zeros((COUNT, 3))
    for bulge in bulges:
        total += unit_bulge(bulge.phase)[:, None] * (bulge.amount * AXES[bulge.direction])
    return total


@lru_cache(maxsize=1024)
def unit_bulge(phase: float) -> Array:
    """Coefficients of the smoothest deviation that is 1 at the phase, stationary there, and nothing at the ends.

    Least squared acceleration makes it rise to its one peak and fall from it without swinging back, for phases in
    [0.15, 0.8]. Shape (COUNT,).
    """
    coefficients: Array = unit_bulges(np.array([phase]))[0]
    coefficients.setflags(write=False)
    return coefficients


def unit_bulges(phases: Array) -> Array:
    """The unit bulges of many phases at once. Shape (m,) to (m, COUNT).

    As `smoothest` with the end conditions, which are the same for all, and two more: the value and the slope at the phase.
    In coefficients whose length is the squared acceleration's integral, the end conditions are four fixed directions.
    """
    inverse, ends, basis, back = _ends()
    rows = response_matrices(phases, COUNT)[:2].transpose(1, 0, 2)  # The value and the slope. Shape (m, 2, COUNT).
    reduced = rows @ inverse
    free = reduced - (reduced @ basis) @ basis.T
    free -= (free @ basis) @ basis.T
    gram = free @ free.transpose(0, 2, 1)
    coefficients = np.zeros((len(rows), COUNT))
    for _ in range(2):  # The second pass takes away the rounding of the first.
        change = -(coefficients @ ends.T) @ back
        missing = np.array([1.0, 0.0]) - (rows @ coefficients[:, :, None])[:, :, 0] - (reduced @ change[:, :, None])[:, :, 0]
        change += (np.linalg.solve(gram, missing[:, :, None]).transpose(0, 2, 1) @ free)[:, 0]
        coefficients += change @ inverse.T
    return coefficients


@lru_cache(maxsize=1)
def _ends() -> tuple[Array, Array, Array, Array]:
    """Matrices that all bulges share: the inverse of the metric's root, the end conditions, and these in reduced coefficients.

    The last two: an orthonormal basis of them, shape (COUNT, 4), and the smallest coefficients that give each of them the
    value 1 and the others none, shape (4, COUNT).
    """
    ends = end_conditions(COUNT)
    inverse = np.asarray(np.linalg.inv(metric_root()), dtype=np.float64)
    factors = np.linalg.qr((ends @ inverse).T)
    basis = np.asarray(factors.Q, dtype=np.float64)
    back: Array = np.linalg.solve(factors.R, basis.T)
    return inverse, ends, basis, back
