"""Object that pixels show: by the segmentation where there is one, else by where their points are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.visual.surface_distance import surface_distances
from lmp.schema.camera_frame import CameraFrame
from lmp.schema.scene import Scene

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

CLOSE = 0.02
"""A point this near to an object's surface shows that object, where no segmentation says so [m]."""
UNKNOWN = "nothing that is known"
"""What is shown where nothing of the scene is."""


def shown(frame: CameraFrame, rows: Indices, columns: Indices, points: Array, scene: Scene) -> tuple[str, ...]:
    """Names of what pixels show, such as objects, the robot, or `UNKNOWN`. Shapes (n,), (n,), (n, 3)."""
    if segmented(frame):
        names = np.array([*frame.labels, UNKNOWN], dtype=object)
        labels = frame.segmentation[rows, columns].astype(int)
        known = (labels >= 0) & (labels < len(frame.labels))
        return tuple(str(name) for name in names[np.where(known, labels, len(frame.labels))])
    if not scene.objects:
        return (UNKNOWN,) * len(points)
    distances = np.array([surface_distances(thing, points) for thing in scene.objects])
    nearest = distances.argmin(axis=0)
    near = distances.min(axis=0) <= CLOSE
    return tuple(scene.objects[index].name if close else UNKNOWN for index, close in zip(nearest, near, strict=True))


def segmented(frame: CameraFrame) -> bool:
    """True if the picture says which pixels belong to what."""
    return bool(frame.labels) and frame.segmentation.shape == frame.depth.shape and bool((frame.segmentation >= 0).any())
