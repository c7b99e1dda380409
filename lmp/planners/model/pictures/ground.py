"""The plane that objects stand on, and what of it a picture shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.meaning.directions import Directions, directions
from lmp.schema.camera_frame import CameraFrame
from lmp.schema.scene import Scene

SURFACE_GAP = 0.01
"""How far from the plane the seen surface may be where the plane counts as seen [m]."""


@dataclass(frozen=True)
class Ground:
    """A horizontal rectangle along the robot's forward and left.

    Attributes:
        name: Of the furniture whose top it is; None for the floor of the workspace.
        height: Of the plane in the world [m].
        lower, upper: Its corners, x and y in the robot's frame [m].
        robot: The robot's frame.
    """

    name: str | None
    height: float
    lower: tuple[float, float]
    upper: tuple[float, float]
    robot: Directions

    def points(self, flat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points of the plane, given in the robot's frame, in the world. Shape (..., 2) to (..., 3)."""
        frame = self.robot.T_world_viewer
        heights = np.full((*flat.shape[:-1], 1), self.height - frame.position[2])
        return frame.apply(np.concatenate([flat, heights], axis=-1))

    def contains(self, point: NDArray[np.float64]) -> bool:
        """True if a point of the world is over the rectangle. Shape (3,)."""
        x, y, _ = self.robot.coordinates(point)
        return bool(self.lower[0] <= x <= self.upper[0] and self.lower[1] <= y <= self.upper[1])


def ground_of(scene: Scene) -> Ground:
    """The largest top of the scene's furniture; the floor of the workspace where it has none."""
    robot = directions(scene)
    support = max(scene.supports, key=lambda thing: thing.size[0] * thing.size[1], default=None)
    if support is None:
        corners = np.column_stack([scene.workspace.corners, np.full(4, scene.workspace.floor)])
        flat = robot.coordinates(corners)[:, :2]
        (x0, y0), (x1, y1) = (tuple(float(v) for v in corner) for corner in (flat.min(axis=0), flat.max(axis=0)))
        return Ground(None, scene.workspace.floor, (x0, y0), (x1, y1), robot)
    origin = np.array(robot.T_world_viewer.position)
    forward, left = robot.unit("forward"), robot.unit("left")
    x0, y0 = (float(-support.extent(-axis) - axis @ origin) for axis in (forward, left))
    x1, y1 = (float(support.extent(axis) - axis @ origin) for axis in (forward, left))
    return Ground(support.name, float(support.extent(robot.unit("up"))), (x0, y0), (x1, y1), robot)


def seen_plane(frame: CameraFrame, points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """True where a picture shows these points, with nothing in front of them. Shape (..., 3) to (...)."""
    height, width = frame.depth.shape
    pixels = frame.project(points)
    inside = np.isfinite(pixels).all(axis=-1)
    column, row = (np.floor(np.where(inside, pixels[..., axis], -1)) for axis in (0, 1))
    inside &= (column >= 0) & (column < width) & (row >= 0) & (row < height)
    distance = frame.T_world_camera.inverse().apply(points)[..., 2]
    seen = frame.depth[np.where(inside, row, 0).astype(int), np.where(inside, column, 0).astype(int)]
    shown: NDArray[np.bool_] = inside & (np.abs(seen - distance) <= SURFACE_GAP)
    return shown
