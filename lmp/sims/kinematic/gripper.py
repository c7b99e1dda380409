"""The gripper of the kinematic world: fingers that close at their speed, hold what is between them, and push what is beside."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, QhullError

from lmp.schema.robot import GripperDescription
from lmp.sims.kinematic.body import Body
from lmp.sims.planar import convex_hull, half_planes

_PAD_HALF_WIDTH = 0.008
"""Half width of a finger pad across the closing direction [m]."""

_TIP = 0.006
"""Reach of the finger tips beyond the tool point [m]."""

_FINGER_RADIUS = 0.01
"""Radius of a finger tip seen from above [m]."""

_FINGER = _FINGER_RADIUS * np.array([[np.cos(angle), np.sin(angle)] for angle in np.arange(16) * np.pi / 8])
"""Outline of a finger tip about its middle [m]."""

_NEAR = 0.1
"""Distance from the tool beyond which no finger reaches [m]."""


class Gripper:
    """Opening, target and what is held. A robot without a gripper has one without fingers: it touches nothing.

    Attributes:
        width: Present distance between the fingers [m].
        target: Commanded distance [m].
        held: The held body first, then what rides on it, each with its pose in the tool frame.
    """

    def __init__(self, description: GripperDescription | None):
        self.description = description
        self.width = self.target = 0.0 if description is None else description.max_width
        self.held: list[tuple[Body, NDArray[np.float64]]] = []

    def advance(self, seconds: float, between: tuple[float, float] | None) -> tuple[float, bool]:
        """Moves the fingers for a time.

        Args:
            seconds: The time [s].
            between: Where the object between them begins and ends along the closing direction [m]; None for nothing.

        Returns:
            How far they push that object along the closing direction [m], and whether they now hold it.
        """
        if self.held or self.description is None:
            return 0.0, False
        step, before = self.description.speed * seconds, self.width
        self.width = max(self.target, before - step) if self.target < before else min(self.target, before + step)
        if between is None or self.width >= before or max(map(abs, between)) > before / 2 + 1e-3:
            return 0.0, False
        low, high = between
        if high - low >= self.width:
            self.width = high - low
            return -(low + high) / 2, True
        return min(self.width / 2 - high, 0.0) + max(-self.width / 2 - low, 0.0), False


def between_fingers(
    parts: tuple[NDArray[np.float64], ...], T_world_tool: NDArray[np.float64], width: float
) -> tuple[float, float] | None:
    """Interval of an object between the pads, along the tool's y axis [m]; None if it is not between them.

    Lines from pad to pad are clipped by the half spaces of each convex piece.

    Args:
        parts: Corner points of each convex piece in the world [m]. Shapes (n, 3).
        T_world_tool: The tool. Shape (4, 4).
        width: Distance between the fingers [m].
    """
    rotation, position = T_world_tool[:3, :3], T_world_tool[:3, 3]
    lows, highs = [], []
    for part in parts:
        local = (part - position) @ rotation
        if (local.min(axis=0) > [_PAD_HALF_WIDTH, width / 2, _TIP]).any() or (
            local.max(axis=0) < [-_PAD_HALF_WIDTH, -width / 2, -0.01]
        ).any():
            continue
        try:
            equations = ConvexHull(local).equations
        except QhullError:
            continue
        for x in (-_PAD_HALF_WIDTH, 0.0, _PAD_HALF_WIDTH):
            for z in (-0.01, 0.0, 0.8 * _TIP):
                clipped = _clip(equations, x, z)
                if clipped is not None:
                    lows.append(clipped[0])
                    highs.append(clipped[1])
    if not lows or min(lows) > width / 2 or max(highs) < -width / 2:
        return None
    return min(lows), max(highs)


def _clip(equations: NDArray[np.float64], x: float, z: float) -> tuple[float, float] | None:
    """The stretch of the line (x, ., z) that lies inside all half spaces `n . p + d <= 0`."""
    rates = equations[:, 1]
    rest = equations[:, 0] * x + equations[:, 2] * z + equations[:, 3]
    if (rest[np.abs(rates) <= 1e-12] > 0).any():
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        bounds = -rest / rates
    low = bounds[rates < -1e-12].max(initial=-np.inf)
    high = bounds[rates > 1e-12].min(initial=np.inf)
    return (float(low), float(high)) if low < high else None


def push_displacement(
    body: Body, width: float, before: NDArray[np.float64], after: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """Displacement of a body by the finger tips: along their motion, by no more than it [m]. Shape (3,), None for not at all.

    Quasi-static and without turning: the finger moves the body just so far that they no longer overlap.

    Args:
        body: What may be in the way.
        width: Distance between the fingers [m].
        before: `T_world_tool` before the motion. Shape (4, 4).
        after: `T_world_tool` after it. Shape (4, 4).
    """
    motion = after[:2, 3] - before[:2, 3]
    length = float(np.hypot(*motion))
    tip = after[2, 3] - _TIP * abs(after[2, 2])
    if length < 1e-6 or tip > body.top or after[2, 3] < body.bottom:
        return None
    if (body.outline.min(axis=0) > after[:2, 3] + _NEAR).any() or (body.outline.max(axis=0) < after[:2, 3] - _NEAR).any():
        return None
    normals, offsets = half_planes(convex_hull((body.outline[:, None] + _FINGER).reshape(-1, 2)))
    direction, farthest = motion / length, 0.0
    for side in (-1.0, 1.0):
        finger = after[:2, 3] + side * (width / 2 + _FINGER_RADIUS) * after[:2, 1]
        room = offsets - normals @ finger
        rates = -normals @ direction
        if (room > 0).all() and (rates > 1e-9).any():
            farthest = max(farthest, float((room[rates > 1e-9] / rates[rates > 1e-9]).min()))
    return np.append(direction * min(farthest, length), 0.0) if farthest > 0.0 else None
