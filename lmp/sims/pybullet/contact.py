"""Contacts between bodies, and what the fingers hold, from the engine's contact points of the last step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.sims.pybullet.engine import Engine

TOUCH_GAP = 2e-4
"""Distance within which surfaces touch, even if no force flows between them just now [m]."""
GRIP_FORCE = 0.3
"""Least force of each finger on what it holds [N]."""
GRIP_ANGLE_COSINE = 0.7
"""Least share of a grip's normal along the closing direction: what lies on top of the fingers is not held."""


@dataclass(frozen=True)
class Contact:
    """One contact point.

    Attributes:
        first, second: Body names.
        first_link, second_link: Link indices; -1 is the base.
        normal: From second to first, world frame, unit length. Shape (3,).
        gap: Distance of the surfaces; negative where they overlap [m].
        force: Normal force [N].
    """

    first: str
    first_link: int
    second: str
    second_link: int
    normal: NDArray[np.float64]
    gap: float
    force: float


def contacts(engine: Engine, names: Mapping[int, str]) -> list[Contact]:
    """The contact points at which named bodies really touch: force flows, or the surfaces meet."""
    return [
        Contact(names[point[1]], point[3], names[point[2]], point[4], np.array(point[7]), point[8], point[9])
        for point in engine.getContactPoints()
        if point[1] in names and point[2] in names and point[1] != point[2] and (point[9] > 0.0 or point[8] <= TOUCH_GAP)
    ]


def contacts_of(engine: Engine, names: Mapping[int, str], uid: int) -> list[Contact]:
    """The contact points of one body with others, the body being the first of each; what has no name counts, too."""
    return [
        Contact(names[uid], point[3], names.get(point[2], f"body {point[2]}"), point[4], np.array(point[7]), point[8], point[9])
        for point in engine.getContactPoints(bodyA=uid)
        if point[2] != uid and (point[9] > 0.0 or point[8] <= TOUCH_GAP)
    ]


def touching(points: list[Contact], name: str) -> tuple[str, ...]:
    """Names of what a body touches, sorted."""
    others = {point.second if point.first == name else point.first for point in points if name in (point.first, point.second)}
    return tuple(sorted(others))


def gripped(points: list[Contact], gripper: str, fingers: tuple[int, ...], closing: NDArray[np.float64]) -> set[str]:
    """Names of the bodies that are squeezed between fingers.

    Args:
        points: All contact points.
        gripper: Name of the body that the fingers belong to.
        fingers: Their link indices.
        closing: Direction from finger to finger, world frame, unit length. Shape (3,).
    """
    presses: dict[str, NDArray[np.float64]] = {}
    for point in points:
        if gripper not in (point.first, point.second):
            continue
        is_first = point.first == gripper
        link, other = (point.first_link, point.second) if is_first else (point.second_link, point.first)
        # The normal is made to point from the finger to the object.
        along = float((-point.normal if is_first else point.normal) @ closing)
        if link in fingers and abs(along) >= GRIP_ANGLE_COSINE:
            sides = presses.setdefault(other, np.zeros(2))
            sides[int(along > 0)] += point.force * abs(along)
    return {name for name, sides in presses.items() if sides.min() >= GRIP_FORCE}
