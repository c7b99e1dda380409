"""The carried object is torn out of the gripper and falls with some speed."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault
from lmp.lab.disturbances.occasion import Occasion
from lmp.lab.disturbances.riders import riders
from lmp.schema.pose import Pose
from lmp.schema.scene import SceneObject
from lmp.stages import Disturbable

WAYS = 8
"""Horizontal directions that are tried; the way down is one more."""
STEP, FARTHEST = 0.005, 0.15
"""How finely, and how far, the object is pulled until it is out of the fingers [m]."""
OUT, APART = 0.003, 0.002
"""Free distance to the robot, and to everything else, at which it is out [m]."""


def knock(occasion: Occasion, amount: float, rng: np.random.Generator) -> str:
    """Pulls what is held out of the gripper by the shortest way, and lets it fly off sideways with `amount` [m/s].

    Raises:
        SetupFault: Nothing is held, or there is no way out of the gripper.
    """
    world, item = occasion.world, occasion.held()
    others = [other for name, other in occasion.objects.items() if name != item.name]
    moving = riders(item, others, occasion.supports)
    first = occasion.heading + rng.uniform(-math.pi, math.pi)
    angles = first + 2 * math.pi * np.arange(WAYS) / WAYS
    ways = [np.array([math.cos(angle), math.sin(angle), 0.0]) for angle in angles] + [np.array([0.0, 0.0, -1.0])]
    ignored = {other.name for other in moving}
    found = [(distance, way) for way in ways if (distance := _way_out(world, item, way, ignored)) is not None]
    if not found:
        _put(world, item, np.zeros(3))
        raise SetupFault(f"There is no way for {item.name!r} out of the gripper.")
    distance, way = min(found, key=lambda entry: entry[0])
    for moved in (item, *moving):
        _put(world, moved, distance * way)
    angle = first if way[2] else math.atan2(way[1], way[0]) + rng.uniform(-math.pi / 4, math.pi / 4)
    for moved in (item, *moving):
        world.throw(moved.name, (amount * math.cos(angle), amount * math.sin(angle), 0.0))
    return f"{item.name} was torn out of the gripper with {amount:.2f} m/s."


def _way_out(world: Disturbable, item: SceneObject, way: NDArray[np.float64], ignored: set[str]) -> float | None:
    """Distance along a direction at which the object is free of the gripper and of all else [m]; None if it never is."""
    for distance in np.arange(0.0, FARTHEST, STEP):
        _put(world, item, distance * way)
        gaps = {name: gap for name, gap in world.gaps(item.name, within=2 * OUT).items() if name not in ignored}
        out = gaps.get("robot", math.inf) >= OUT
        if any(gap < APART for name, gap in gaps.items() if name != "robot"):
            if distance > 0.0 or out:
                return None
            continue
        if out:
            return float(distance)
    return None


def _put(world: Disturbable, item: SceneObject, offset: NDArray[np.float64]) -> None:
    x, y, z = (float(value) for value in np.array(item.pose.position) + offset)
    world.move_object(item.name, Pose(position=(x, y, z), quat_xyzw=item.pose.quat_xyzw))
