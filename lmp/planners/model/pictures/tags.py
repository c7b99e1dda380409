"""Places of the marks' discs: on what they name where that leaves it recognisable, else beside it with a line to it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.planners.model.pictures.sight import Sight

LARGEST_SHARE = 0.3
"""Largest share of what is seen of an object that its own disc may hide [dimensionless]."""
ANGLES, RINGS = 24, 14
"""Directions and distances at which a disc beside its object is tried [count]."""
HIDING, FARNESS = 3.0, 0.35
"""What a hidden pixel of an object costs, and what a pixel of distance from the object costs [dimensionless]."""

Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom [px]."""


@dataclass(frozen=True)
class Tag:
    """A mark: the disc with the number, and the pixel of the object that it names.

    Attributes:
        number: What it says.
        sight: The object, with the pixel that the mark points to.
        column, row: Middle of the disc [px].
    """

    number: int
    sight: Sight
    column: float
    row: float

    @property
    def beside(self) -> bool:
        """True if the disc lies beside the object and a line leads to it."""
        return (self.column, self.row) != (self.sight.column + 0.5, self.sight.row + 0.5)


def placed(
    found: Sequence[Sight],
    numbers: Mapping[str, int],
    hidden: NDArray[np.bool_],
    radius: float,
    taken: Sequence[Rectangle] = (),
) -> tuple[Tag, ...]:
    """A tag for each object that is seen, none over another.

    Args:
        found: What is seen.
        numbers: Number by name.
        hidden: Where a disc would hide an object. Shape (height, width).
        radius: Of a disc [px].
        taken: Where no disc may be.
    """
    tags: list[Tag] = []
    ordered = sorted(found, key=lambda sight: (not _roomy(sight, radius), numbers[sight.name]))
    sums = np.pad(hidden.astype(np.int64).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    for sight in ordered:
        column, row = sight.column + 0.5, sight.row + 0.5
        if not (_roomy(sight, radius) and _free(column, row, radius, tags, taken)):
            column, row = _beside(sight, sums, radius, tags, taken)
        tags.append(Tag(numbers[sight.name], sight, column, row))
    return tuple(sorted(tags, key=lambda tag: tag.number))


def _roomy(sight: Sight, radius: float) -> bool:
    return math.pi * radius**2 <= LARGEST_SHARE * sight.pixels


def _free(column: float, row: float, radius: float, tags: Sequence[Tag], taken: Sequence[Rectangle]) -> bool:
    apart = all(math.hypot(tag.column - column, tag.row - row) >= 2 * radius + 2 for tag in tags)
    return apart and not any(
        left - radius < column < right + radius and top - radius < row < bottom + radius for left, top, right, bottom in taken
    )


def _beside(
    sight: Sight, sums: NDArray[np.int64], radius: float, tags: Sequence[Tag], taken: Sequence[Rectangle]
) -> tuple[float, float]:
    """The cheapest place around the object; its own pixel where there is none, as in a picture smaller than a few discs."""
    height, width = sums.shape[0] - 1, sums.shape[1] - 1
    best, cheapest = (sight.column + 0.5, sight.row + 0.5), math.inf
    for ring in range(RINGS):
        distance = radius * (1.4 + 0.4 * ring)
        for step in range(ANGLES):
            angle = 2 * math.pi * step / ANGLES
            column = sight.column + 0.5 + distance * math.cos(angle)
            row = sight.row + 0.5 - distance * math.sin(angle)
            inside = radius + 1 <= column <= width - radius - 1 and radius + 1 <= row <= height - radius - 1
            if not inside or not _free(column, row, radius, tags, taken):
                continue
            cost = HIDING * _covered(sums, column, row, radius) / radius + FARNESS * distance
            if cost < cheapest - 1e-9:
                best, cheapest = (column, row), cost
    return best


def _covered(sums: NDArray[np.int64], column: float, row: float, radius: float) -> float:
    """Number of the objects' pixels that the square around a disc hides [px]."""
    top, bottom = (int(np.clip(value, 0, sums.shape[0] - 1)) for value in (row - radius, row + radius + 1))
    left, right = (int(np.clip(value, 0, sums.shape[1] - 1)) for value in (column - radius, column + radius + 1))
    return float(sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left])
