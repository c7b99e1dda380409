"""The contacts that the gripper feels at a tick: what the fingers press on, and the largest force beside their grip."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from lmp.schema.evidence import Touch
from lmp.sims.pybullet.contact import GRIP_ANGLE_COSINE, Contact, contacts_of, gripped
from lmp.sims.pybullet.engine import Engine


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
