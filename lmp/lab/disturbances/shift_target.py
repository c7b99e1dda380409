"""The object that is wanted is moved to another place on what it stands on."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault
from lmp.lab.disturbances.occasion import UP, Occasion
from lmp.lab.disturbances.riders import riders, underside
from lmp.schema.pose import Pose
from lmp.schema.scene import SceneObject
from lmp.sims.scenes.engines import scene_of
from lmp.sims.scenes.footprint import free_distance, outline
from lmp.stages import Disturbable

TRIES = 3000
"""Places that are drawn before giving up."""
SPREAD = 0.5
"""The distance is drawn from this share of the amount to one and a half times it [dimensionless]."""
ROOM = (0.035, 0.02, 0.01)
"""Free distances to everything else that are tried in turn [m]: first room for a finger, in a full scene less."""
DROP = 1e-3
"""Height from which a moved object is let go [m]."""


def shift_target(occasion: Occasion, amount: float, rng: np.random.Generator) -> str:
    """Moves the object, and what stands on or in it, by about `amount` to a free place on the same furniture within reach.

    Raises:
        SetupFault: It is in the gripper, or there is no free place.
    """
    world, item = occasion.world, occasion.target_object()
    if item.held:
        raise SetupFault(f"{item.name!r} is in the gripper and cannot be moved away.")
    others = [other for name, other in occasion.objects.items() if name != item.name]
    moving = riders(item, others, occasion.supports)
    standing = [outline(other.shape, other.pose) for other in others if other not in moving]
    own = outline(item.shape, item.pose)
    least, most = amount * SPREAD, amount * (2.0 - SPREAD)
    support = occasion.support_under(item.centre[None, :2], underside(item) + 2 * DROP)
    if support is None:
        raise SetupFault(f"{item.name!r} is over no furniture on which it could be moved.")
    ground = float(support.extent(UP))
    walls = occasion.bodies_at(ground + 2 * DROP, ground + item.extent(UP) - underside(item))
    standing += [outline(wall.shape, wall.pose) for wall in walls]
    for room in ROOM:
        for _ in range(TRIES):
            distance, direction = rng.uniform(least, most), occasion.heading + rng.uniform(-math.pi, math.pi)
            shift = distance * np.array([math.cos(direction), math.sin(direction)])
            new = own + shift
            carried = within_reach(world, new) and all(support.over(point) >= 0.0 for point in new)
            if carried and all(free_distance(new, other) >= room for other in standing):
                _move(world, item, moving, shift, ground)
                there = occasion.said(np.array(item.pose.position)[:2] + shift)
                return f"{item.name} was moved {distance * 100:.1f} cm, to ({there}) m."
    raise SetupFault(f"There is no free place {least * 100:.0f} to {most * 100:.0f} cm from {item.name!r} to move it to.")


def within_reach(world: Disturbable, points: NDArray[np.float64]) -> bool:
    """True if an outline lies in the workspace, its middle as far from the robot as the scene puts objects. Shape (n, 2)."""
    space, base = world.scene().workspace, np.array(world.robot.description.base.position[:2])
    low, high = scene_of(world.spec).placement.radius
    away = float(np.hypot(*((points.min(axis=0) + points.max(axis=0)) / 2 - base)))
    local = space.coordinates(np.column_stack([points, np.zeros(len(points))]))[:, :2]
    inside = (local >= np.array(space.lower[:2])).all() and (local <= np.array(space.upper[:2])).all()
    return bool(inside and low <= away <= high)


def _move(world: Disturbable, item: SceneObject, moving: list[SceneObject], shift: NDArray[np.float64], height: float) -> None:
    """Puts all down at a height [m] as they stood on one another."""
    offset = np.append(shift, height + DROP - underside(item))
    for moved in (item, *moving):
        x, y, z = (float(value) for value in np.array(moved.pose.position) + offset)
        world.move_object(moved.name, Pose(position=(x, y, z), quat_xyzw=moved.pose.quat_xyzw))
    world.settle(0.5)
