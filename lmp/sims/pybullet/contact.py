"""Contacts between bodies, what the fingers hold, and what the gripper feels, from the engine's contact points."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.schema.evidence import Touch
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


def touch(
    engine: Engine,
    names: Mapping[int, str],
    gripper: int,
    links: Mapping[int, str],
    fingers: tuple[int, ...],
    direction: Callable[[], NDArray[np.float64]],
) -> Touch:
    """Return what the gripper feels, from the engine's contact points of the last step.

    Only contacts of the gripper's body, and of what it grips, are asked for: that is what makes it cheap enough for every tick.

    Args:
        engine: The engine.
        names: Names of the bodies by the engine's numbers.
        gripper: Number of the body that the fingers belong to.
        links: Names of its links by number.
        fingers: Numbers of the finger links.
        direction: Tells the direction from finger to finger, world frame, unit length; asked only in contact. Shape (3,).
    """
    points = contacts_of(engine, names, gripper)
    if not points:
        return Touch()
    closing = direction()
    touched = {name: _fingers_on(points, name, fingers) for name in dict.fromkeys(point.second for point in points)}
    touched = {name: count for name, count in touched.items() if count}
    held = gripped(points, names[gripper], fingers, closing)
    # What all fingers touch from the side is in the grip, also in a tick in which one presses on it too little to count.
    sideways = [point for point in points if abs(float(point.normal @ closing)) >= GRIP_ANGLE_COSINE]
    grip = held | {name for name in touched if _fingers_on(sideways, name, fingers) == len(fingers)}
    numbers = {name: number for number, name in names.items()}
    outside = [
        *(
            (links.get(point.first_link, names[gripper]), point)
            for point in points
            if point.second not in grip or point.first_link not in fingers
        ),
        *(
            (name, point)
            for name in grip & numbers.keys()
            for point in contacts_of(engine, names, numbers[name])
            if point.second != names[gripper]
        ),
    ]
    forces: dict[tuple[str, str], float] = {}
    for part, point in outside:
        forces[part, point.second] = forces.get((part, point.second), 0.0) + point.force
    if not forces:
        return Touch(gripped=min(held, default=None), fingers=touched)
    (link, against), force = max(forces.items(), key=lambda entry: entry[1])
    return Touch(gripped=min(held, default=None), fingers=touched, force=force, link=link, against=against)


def _fingers_on(points: list[Contact], name: str, fingers: tuple[int, ...]) -> int:
    return len({point.first_link for point in points if point.second == name and point.first_link in fingers})
