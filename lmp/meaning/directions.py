"""The one table of directions: left, right, front, behind, above, ... of the robot's base, or of a named viewer.

A scene is in the world frame; what people and models say of it is in the robot's frame: its origin is the base, x is level
and points away from the robot, y to the robot's left, z up. Displacements, places, headings, bulges of a path and the
coordinates in tables and pictures are all said in that frame, so that the same words mean the same wherever the robot stands
and whichever way it faces. They are converted here and nowhere else.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lmp.errors import UnknownName
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene, Workspace

Array = NDArray[np.float64]

STEEP = 0.5
"""Level share of an axis below which the axis tells no heading [dimensionless]: steeper than 60 degrees."""

AXES = {
    "left": (0.0, 1.0, 0.0),
    "right": (0.0, -1.0, 0.0),
    "front": (-1.0, 0.0, 0.0),
    "behind": (1.0, 0.0, 0.0),
    "above": (0.0, 0.0, 1.0),
    "below": (0.0, 0.0, -1.0),
    "forward": (1.0, 0.0, 0.0),
    "backward": (-1.0, 0.0, 0.0),
    "up": (0.0, 0.0, 1.0),
    "down": (0.0, 0.0, -1.0),
}
"""Unit vectors in the viewer's frame: in front of an object is nearer to the viewer, behind it is farther away."""


@dataclass(frozen=True)
class Directions:
    """The directions of one viewer.

    Attributes:
        T_world_viewer: The viewer's frame: the origin is where the viewer is, x is level and points away from the viewer, y to
            the viewer's left, z up.
    """

    T_world_viewer: Pose

    def unit(self, direction: str) -> Array:
        """The unit vector of a direction in the world. Shape (3,).

        Raises:
            UnknownName: There is no such direction; names the nearest.
        """
        if direction not in AXES:
            raise UnknownName("direction", direction, AXES)
        return self.vector(*AXES[direction])

    def vector(self, x: float, y: float, z: float = 0.0) -> Array:
        """A displacement away from the viewer, to its left and up [m], in the world [m]. Shape (3,)."""
        turned: Array = self.T_world_viewer.rotation @ np.array([x, y, z])
        return turned

    def point(self, x: float, y: float, z: float = 0.0) -> Array:
        """A point of the viewer's frame [m] in the world [m]. Shape (3,)."""
        return self.T_world_viewer.apply(np.array([x, y, z]))

    def components(self, vector: Array) -> Array:
        """Parts of a displacement in the world that lead away from the viewer, to its left and up [m]. Shape (..., 3)."""
        said: Array = np.asarray(vector) @ self.T_world_viewer.rotation
        return said

    def coordinates(self, points: Array) -> Array:
        """Points of the world in the viewer's frame [m]. Shape (..., 3)."""
        return self.components(np.asarray(points) - np.array(self.T_world_viewer.position))

    @property
    def heading(self) -> float:
        """Heading of the viewer's x axis in the world [rad]."""
        return self.T_world_viewer.yaw

    def world_yaw(self, yaw: float) -> float:
        """The heading in the world of what heads to `yaw` in the viewer's frame, from -pi to pi [rad]."""
        return math.remainder(yaw + self.heading, 2 * math.pi) if self.heading else yaw

    def viewer_yaw(self, yaw: float) -> float:
        """The heading in the viewer's frame of what heads to `yaw` in the world, from -pi to pi [rad]."""
        return math.remainder(yaw - self.heading, 2 * math.pi) if self.heading else yaw


def directions(scene: Scene) -> Directions:
    """The directions of the scene's robot."""
    return seen_from(scene.T_world_base)


@lru_cache(maxsize=256)
def seen_from(T_world_viewer: Pose) -> Directions:
    """The directions of a viewer who stands there: of a person for "left, seen from me", of a robot for its own.

    Args:
        T_world_viewer: Where the viewer is; its x axis points to where it faces. Where that is steep, as of an arm on a wall,
            its z axis tells the heading: away from what it is mounted on.
    """
    rotation = T_world_viewer.rotation
    ahead = rotation[:2, 0] if math.hypot(*rotation[:2, 0]) >= STEEP else rotation[:2, 2]
    return Directions(Pose.from_yaw(T_world_viewer.position, math.atan2(ahead[1], ahead[0])))


def as_the_robot_sees(scene: Scene) -> Scene:
    """The same scene with the robot's frame as its world: for those who say and compare places all the time.

    A workspace that is turned against the robot becomes the smallest box along the robot's axes that holds it.
    """
    frame = directions(scene).T_world_viewer
    T_robot_world = frame.inverse()
    if np.array_equal(T_robot_world.matrix, np.eye(4)):
        return scene
    space = scene.workspace
    corners = T_robot_world.apply(np.column_stack([space.corners, np.full(4, space.floor)]))
    low, high = corners.min(axis=0), corners.max(axis=0)
    height = float(low[2]) + space.upper[2] - space.lower[2]
    workspace = Workspace(lower=(float(low[0]), float(low[1]), float(low[2])), upper=(float(high[0]), float(high[1]), height))
    objects = tuple(item.model_copy(update={"pose": T_robot_world @ item.pose}) for item in scene.objects)
    frames = tuple(
        camera.model_copy(update={"T_world_camera": T_robot_world @ camera.T_world_camera}) for camera in scene.frames
    )
    upright = scene.T_world_base.rotation[2, 2] > 1.0 - 1e-12
    base = Pose() if upright else T_robot_world @ scene.T_world_base  # exactly: words like "0 m" depend on it
    tool = None if scene.T_world_tool is None else T_robot_world @ scene.T_world_tool
    moved = {"objects": objects, "T_world_base": base, "T_world_tool": tool, "workspace": workspace, "frames": frames}
    return scene.model_copy(update=moved)
