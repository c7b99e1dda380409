"""The plane that things stand on, and what of it a picture shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.schema.camera_frame import CameraFrame
from lmp.schema.scene import Scene

SURFACE_GAP = 0.01
"""How far from the plane the seen surface may be where the plane counts as seen [m]."""


@dataclass(frozen=True)
class Ground:
    """A horizontal rectangle.

    Attributes:
        height: Of the plane [m].
        lower, upper: Its corners, x and y [m].
    """

    height: float
    lower: tuple[float, float]
    upper: tuple[float, float]

    def points(self, flat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points of the plane in the world. Shape (..., 2) to (..., 3)."""
        return np.concatenate([flat, np.full((*flat.shape[:-1], 1), self.height)], axis=-1)


def ground_of(scene: Scene) -> Ground:
    """The top of the scene's first table; the floor of the workspace where it has none."""
    table = next((thing for thing in scene.objects if thing.category == "table"), None)
    if table is None:
        (x0, y0, z), (x1, y1, _) = scene.workspace.lower, scene.workspace.upper
        return Ground(z, (x0, y0), (x1, y1))
    lower, upper = (tuple(float(value) for value in corner) for corner in table.bounds)
    return Ground(upper[2], (lower[0], lower[1]), (upper[0], upper[1]))


def seen_plane(frame: CameraFrame, points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether a picture shows these points, with nothing in front of them. Shape (..., 3) to (...)."""
    height, width = frame.depth.shape
    pixels = frame.project(points)
    inside = np.isfinite(pixels).all(axis=-1)
    column, row = (np.floor(np.where(inside, pixels[..., axis], -1)) for axis in (0, 1))
    inside &= (column >= 0) & (column < width) & (row >= 0) & (row < height)
    distance = frame.T_world_camera.inverse().apply(points)[..., 2]
    seen = frame.depth[np.where(inside, row, 0).astype(int), np.where(inside, column, 0).astype(int)]
    shown: NDArray[np.bool_] = inside & (np.abs(seen - distance) <= SURFACE_GAP)
    return shown
