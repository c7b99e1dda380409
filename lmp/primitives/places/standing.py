"""Standing poses of an object: levelled, turned by a yaw, seen from its base."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

from lmp.primitives.places.footprints import Prism, corners
from lmp.primitives.places.surfaces import flat_outline
from lmp.schema.pose import Pose
from lmp.schema.scene import SceneObject
from lmp.schema.shape import Sphere, solid_parts

Array = NDArray[np.float64]

LEVELLED = math.radians(25)
"""Largest slope that is taken for a slip in the gripper and levelled out [rad]."""


@dataclass(frozen=True)
class Standing:
    """An object in an orientation, with its centre over the origin and its lowest point at height 0.

    Attributes:
        turn: Yaw by which it is turned from where it is now [rad].
        outline: Seen from above.
        base: Outline of what touches the ground; None for a point or an edge.
        T_place_object: Pose of its frame. Shape (4, 4).
    """

    turn: float
    outline: Prism
    base: Prism | None
    T_place_object: Array

    def pose(self, spot: Array, height: float) -> Array:
        """`T_world_object` with the middle of its outline over a spot and its lowest point at a height. Shape (4, 4)."""
        T_world_object = self.T_place_object.copy()
        T_world_object[:3, 3] += (spot[0], spot[1], height)
        return T_world_object

    def reach(self, direction: Array) -> float:
        """Reach of its outline from the middle [m]. Shape (2,), unit length."""
        return float((self.outline.polygon @ direction).max())


def standing(thing: SceneObject, turn: float) -> Standing:
    """The object levelled and turned by a yaw [rad] from where it is now."""
    c, s = math.cos(turn), math.sin(turn)
    rotation = np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]]) @ levelled(thing)
    T = np.eye(4)
    T[:3, :3] = rotation
    points = np.concatenate([corners(part, T) for part in solid_parts(thing.shape)])
    flat = points[:, :2]
    middle, bottom = thing.model_copy(update={"pose": Pose.from_matrix(T)}).centre[:2], float(points[:, 2].min())
    height = float(points[:, 2].max()) - bottom
    T[:3, 3] = (-middle[0], -middle[1], -bottom)
    outline = Prism(thing.name, flat[ConvexHull(flat).vertices] - middle, 0.0, height)
    base = flat_outline(points, bottom)
    return Standing(turn, outline, None if base is None else Prism(thing.name, base - middle, 0.0, 0.0), T)


def levelled(thing: SceneObject) -> Array:
    """The object's rotation, turned the least so that its most vertical axis is vertical. Shape (3, 3).

    Balls, and objects that lean by more than a slip in the gripper, stay as they are.
    """
    rotation = thing.pose.rotation
    axis = int(np.argmax(np.abs(rotation[2])))
    sign = math.copysign(1.0, rotation[2, axis])
    up = sign * rotation[:, axis]
    slope = math.acos(min(1.0, float(up[2])))
    if isinstance(thing.shape, Sphere) or slope < 1e-9 or slope > LEVELLED:
        return rotation
    tilt_axis = np.cross(up, [0.0, 0.0, 1.0]) / math.sin(slope)
    K = np.array([[0.0, -tilt_axis[2], tilt_axis[1]], [tilt_axis[2], 0.0, -tilt_axis[0]], [-tilt_axis[1], tilt_axis[0], 0.0]])
    result: Array = (np.eye(3) + math.sin(slope) * K + (1 - math.cos(slope)) * K @ K) @ rotation
    return result
