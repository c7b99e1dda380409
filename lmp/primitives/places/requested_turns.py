"""The turns that bring an object to a requested heading, with those that look the same."""

from __future__ import annotations

import math

import numpy as np

from lmp.meaning.symmetry import heading_of, period
from lmp.primitives.places.spot import levelled
from lmp.schema.pose import Pose
from lmp.schema.scene import SceneObject

TOLERANCE = math.radians(5)
"""How far off the requested heading an object may stand where it cannot stand exactly so [rad]."""


def turns_to(thing: SceneObject, yaw: float, alike: bool) -> list[float]:
    """Yaws to turn an object by so that its x axis heads to `yaw` in the world [rad], the least first.

    With `alike`, turns after which it looks the same count as well: a block turned by a quarter looks as before, so that the
    gripper may take the way that it can. Where the x axis is upright, the y axis counts, a quarter farther on.
    """
    T_world_level = np.eye(4)
    T_world_level[:3, :3], T_world_level[:3, 3] = levelled(thing), thing.pose.position
    level = thing.model_copy(update={"pose": Pose.from_matrix(T_world_level)})
    least = period(level) if alike else 2 * math.pi
    if least == 0.0:
        return [0.0, math.pi / 4, -math.pi / 4, math.pi / 2, -math.pi / 2]
    off, steps = yaw - heading_of(level), range(round(2 * math.pi / least))
    exact = sorted((math.remainder(off + step * least, 2 * math.pi) for step in steps), key=abs)
    return [*exact, *(turn + sign * TOLERANCE for turn in exact for sign in (1.0, -1.0))]
