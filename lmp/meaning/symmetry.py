"""The heading of an object, and the turns about the vertical after which it looks the same.

Nobody can tell such headings apart by looking.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lmp.schema.pose import Pose
from lmp.schema.scene import SceneObject
from lmp.schema.shape import Sphere

Array = NDArray[np.float64]

EQUAL = 1e-3
"""Extents that differ by less are equal [m]."""
AZIMUTHS = 2 * math.pi * np.arange(24) / 24
ELEVATIONS = (0.0, 0.5, -0.5, 1.1, -1.1)
FOLDS = (8, 6, 5, 4, 3, 2)
"""Parts of a whole turn that are tried, the most first [count]."""


STEEP = math.cos(math.radians(30))
"""Upright share of an axis from which on it tells no heading [dimensionless]."""


def heading_of(item: SceneObject) -> float:
    """Heading of an object's x axis in the world; where that is upright, of its y axis less a quarter turn [rad]."""
    rotation = item.pose.rotation
    axis, ahead = (0, 0.0) if abs(rotation[2, 0]) < STEEP else (1, math.pi / 2)
    return math.remainder(math.atan2(rotation[1, axis], rotation[0, axis]) - ahead, 2 * math.pi)


def period(item: SceneObject) -> float:
    """The least turn about the vertical after which the object looks the same [rad]; 0 where any does.

    Its extents in many directions are compared with those after the turn, of its solid pieces and of its hollows.
    """
    # Where it is, and which way it faces, make no difference: so an object that stands is measured once.
    ahead = Pose.from_yaw((0.0, 0.0, 0.0), -heading_of(item)) @ item.pose
    quat = tuple(round(part, 9) for part in ahead.quat_xyzw)
    pose = Pose.model_validate({"quat_xyzw": quat if quat[3] >= 0.0 else tuple(-part for part in quat)})
    return _period(item.model_copy(update={"pose": pose, "touching": None, "held_by": None}))


@lru_cache(maxsize=256)
def _period(item: SceneObject) -> float:
    if isinstance(item.shape, Sphere):
        return 0.0
    # Five and seven parts of a turn are no multiples of the sampled directions, so that what passes both is round.
    if not item.handles and all(_same(item, 2 * math.pi / fold) for fold in (5, 7)):
        return 0.0
    found = (fold for fold in FOLDS if not item.handles and _same(item, 2 * math.pi / fold))
    return 2 * math.pi / next(found, 1)


def _same(item: SceneObject, turn: float) -> bool:
    """True if every extent from the middle is that after the turn, and so is every hollow."""
    rotation = np.array([[math.cos(turn), -math.sin(turn), 0.0], [math.sin(turn), math.cos(turn), 0.0], [0.0, 0.0, 1.0]])
    middle = _steiner(item)
    for elevation in ELEVATIONS:
        for azimuth in AZIMUTHS:
            level = math.cos(elevation)
            direction = np.array([level * math.cos(azimuth), level * math.sin(azimuth), math.sin(elevation)])
            turned = rotation @ direction
            here, there = item.extent(direction) - middle @ direction, item.extent(turned) - middle @ turned
            if abs(here - there) > EQUAL:
                return False
    return all(_looks_same(item, rotation, middle, index) for index in range(len(item.hollows)))


def _looks_same(
    item: SceneObject, rotation: np.ndarray[tuple[int, int], np.dtype[np.float64]], middle: object, index: int
) -> bool:
    """True if a hollow lies on one of the object's hollows after the turn."""
    cavity, frame = item.hollows[index]
    place = middle + rotation @ (np.array(frame.position) - middle)
    for other, there in item.hollows:
        near = float(np.linalg.norm(place - np.array(there.position))) < EQUAL
        relative = there.rotation.T @ rotation @ frame.rotation
        quarter = abs(abs(relative[0, 1]) - 1.0) < 1e-3
        straight = abs(abs(relative[0, 0]) - 1.0) < 1e-3
        sizes = (other.half_x, other.half_y) if not quarter else (other.half_y, other.half_x)
        alike = max(abs(cavity.half_x - sizes[0]), abs(cavity.half_y - sizes[1])) < EQUAL
        if near and alike and (cavity.round or quarter or straight):
            return True
    return False


def _steiner(item: SceneObject) -> Array:
    """A middle that turns with the object: the mean of its extents, each along its own direction [m]. Shape (3,)."""
    directions = [np.array([math.cos(azimuth), math.sin(azimuth), 0.0]) for azimuth in AZIMUTHS]
    total = sum((item.extent(direction) * direction for direction in directions), np.zeros(3))
    middle: Array = 2 * total / len(directions)
    return middle
