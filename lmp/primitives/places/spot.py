"""Spots where an object might be put: its standing poses, grids of spots, and where it comes to rest."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

from lmp.primitives.places.footprints import Prism, corners, near, outline, prisms
from lmp.primitives.places.surfaces import Surface, flat_outline, grounds
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene, SceneObject
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


SHRINK = 0.002
"""Outlines that overlap by less than this pass each other [m]."""


def settled(thing: SceneObject, scene: Scene) -> SceneObject:
    """The object lowered until it meets something; it does not tip or roll."""
    own = outline(thing)
    height = min((top.height for top in grounds(scene)), default=scene.workspace.floor)
    for other in scene.objects:
        if other.name != thing.name:
            tops = [p.top for space, p in near(own, prisms(other), 0.0) if space < -SHRINK and p.top <= own.bottom + SHRINK]
            height = max([height, *tops])
    x, y, z = thing.pose.position
    pose = thing.pose.model_copy(update={"position": (x, y, z + height - own.bottom)})
    return thing.model_copy(update={"pose": pose})


TIGHT = 0.006
"""Free distance to neighbours that is asked for where room for the fingers is not [m]."""
WALL_GAP = 0.002
"""Least distance to the walls of a container [m]."""


@dataclass(frozen=True)
class Spot:
    """A spot for the middle of an object's outline, or for the side of it that faces something.

    Attributes:
        position: [m]. Shape (2,).
        away: Unit direction in which the whole outline lies beyond `position`; None puts its middle there. Shape (2,).
        height: Where the lowest point of the object comes to rest [m].
        surface: What it stands on.
        label: In words.
        clearance: Free distance that is asked for [m].
        margin: Least distance of its outline from the edge of the surface [m].
        carriers: Names of what is below and thus not in the way.
    """

    position: Array
    height: float
    surface: Surface
    label: str
    clearance: float = TIGHT
    margin: float = WALL_GAP
    carriers: tuple[str, ...] = ()
    away: Array | None = None

    def middle(self, way: Standing) -> Array:
        """Place of the middle of the outline: an object that is turned keeps its distance [m]. Shape (2,)."""
        return self.position if self.away is None else self.position + way.reach(-self.away) * self.away


def grid(surface: Surface, step: float, forward: Array) -> list[Array]:
    """Points of an area, `step` apart, symmetric about its middle [m].

    Args:
        surface: The area.
        step: Distance of neighbours [m].
        forward: The direction along which the rows run, in the world. Shape (2,), unit length.
    """
    turn = np.array([forward, [-forward[1], forward[0]]])
    outline = surface.area.polygon @ turn.T
    low, high = outline.min(axis=0), outline.max(axis=0)
    axes = [
        (a + b) / 2 + step * np.arange(-math.floor((b - a) / 2 / step), math.floor((b - a) / 2 / step) + 1)
        for a, b in zip(low, high, strict=True)
    ]
    points = [np.array([x, y]) @ turn for x in axes[0] for y in axes[1]]
    return [point for point in points if surface.area.depth(point) > 0]


def spot_on(surface: Surface, position: Array, label: str, away: Array | None = None) -> Spot:
    """A spot on a surface at the usual distances."""
    return Spot(position, surface.height, surface, label, carriers=(surface.owner,), away=away)
