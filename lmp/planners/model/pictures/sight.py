"""The pixels in which a picture shows an object, and one pixel that surely lies on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.schema.camera_frame import CameraFrame

FEWEST_PIXELS = 20
"""An object of which less is seen gets no mark [px]."""
DEEP = 0.6
"""How deep in its region a mark's pixel lies at least, as a share of the deepest [dimensionless]."""


@dataclass(frozen=True)
class Sight:
    """An object as a picture shows it.

    Attributes:
        name: The object.
        column, row: A pixel that lies on it, well inside, near the middle of what is seen.
        pixels: How much of it is seen [px].
    """

    name: str
    column: int
    row: int
    pixels: int


def sights(frame: CameraFrame, names: frozenset[str]) -> tuple[Sight, ...]:
    """The sights of the objects of these names, in the order of the frame's labels."""
    found = (_sight(frame, index, label) for index, label in enumerate(frame.labels) if label in names)
    return tuple(sight for sight in found if sight is not None)


def mask_of(frame: CameraFrame, names: frozenset[str]) -> NDArray[np.bool_]:
    """Mask of the pixels in which any of the objects is seen. Shape (height, width)."""
    indices = [index for index, label in enumerate(frame.labels) if label in names]
    return np.isin(frame.segmentation, indices)


def _sight(frame: CameraFrame, index: int, name: str) -> Sight | None:
    from scipy.ndimage import distance_transform_edt

    rows, columns = np.nonzero(frame.segmentation == index)
    if len(rows) < FEWEST_PIXELS:
        return None
    top, left = int(rows.min()), int(columns.min())
    # One free pixel around, so that the picture's edge counts as the region's.
    region = np.zeros((int(rows.max()) - top + 3, int(columns.max()) - left + 3), dtype=bool)
    region[rows - top + 1, columns - left + 1] = True
    depth = distance_transform_edt(region)[rows - top + 1, columns - left + 1]
    distance = np.hypot(rows - rows.mean(), columns - columns.mean())
    best = int(np.argmin(np.where(depth >= DEEP * depth.max(), distance, np.inf)))
    return Sight(name, int(columns[best]), int(rows[best]), len(rows))
