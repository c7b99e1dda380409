"""Convex bodies swept by joints whose positions are not known: points around everywhere that they could be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

ARC = math.radians(15.0)
"""Largest turn that one convex hull stands for [rad]; its outer side is then at most 0.9 % of the radius too large."""


@dataclass(frozen=True)
class JointSweep:
    """A joint anywhere between two positions.

    Attributes:
        T_object_joint: Its frame while all joints are at zero. Shape (4, 4).
        turns: True if it turns about its axis, false if it slides along it.
        axis: Unit vector in its frame.
        lower, upper: The positions; the same twice where it is known [m] or [rad].
    """

    T_object_joint: Array
    turns: bool
    axis: tuple[float, float, float]
    lower: float
    upper: float


def turn(axis: Array, angle: float) -> Array:
    """Rotation by an angle [rad] about a unit axis, after Rodrigues. Shape (3, 3)."""
    x, y, z = axis
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    matrix: Array = np.eye(3) + math.sin(angle) * cross + (1.0 - math.cos(angle)) * cross @ cross
    return matrix


def swept_points(points: Array, motions: Sequence[JointSweep]) -> list[Array]:
    """Point sets whose convex hulls together contain a convex body wherever its joints may be [m]. Shapes (n, 3).

    Args:
        points: Corners of the body in the object's frame while all joints are at zero [m]. Shape (n, 3).
        motions: The joints above it, the nearest first.
    """
    clouds = [points]
    for motion in motions:
        clouds = [moved for cloud in clouds for moved in _moved(cloud, motion)]
    return clouds


def _moved(points: Array, motion: JointSweep) -> list[Array]:
    T = motion.T_object_joint
    local = (points - T[:3, 3]) @ T[:3, :3]
    axis = np.array(motion.axis)
    if motion.turns:
        found = _turned(local, axis, motion.lower, motion.upper)
    else:
        ends = [local + axis * value for value in dict.fromkeys((motion.lower, motion.upper))]
        found = [np.concatenate(ends)]
    return [cloud @ T[:3, :3].T + T[:3, 3] for cloud in found]


def _turned(points: Array, axis: Array, lower: float, upper: float) -> list[Array]:
    """One cloud an arc: its two ends, and where the tangents at the ends meet, so that the hull contains the arc."""
    if upper == lower:
        return [points @ turn(axis, lower).T]
    count = max(1, math.ceil((upper - lower) / ARC))
    angles = np.linspace(lower, upper, count + 1)
    along = np.outer(points @ axis, axis)
    outside = along + (points - along) / math.cos((angles[1] - angles[0]) / 2)
    return [
        np.concatenate([points @ turn(axis, low).T, points @ turn(axis, high).T, outside @ turn(axis, (low + high) / 2).T])
        for low, high in pairwise(angles)
    ]
