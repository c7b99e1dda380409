"""The objects that are elsewhere now than they were before a motion."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lmp.meaning.directions import directions
from lmp.planners.model.words.quoted import quoted
from lmp.schema.scene import Scene

MOVED = 0.003
"""Distance from which an object counts as moved [m]."""


def moved_lines(before: Scene | None, now: Scene) -> Iterator[str]:
    """One line for each object that was moved, came or went since an earlier look; none if there is none."""
    if before is None:
        return
    robot = directions(now)
    for thing in now.objects:
        if thing.name not in before:
            yield f"Since the attempt began: {quoted(thing.name)} is new."
            continue
        old, new = before.get(thing.name).centre, thing.centre
        distance = float(np.linalg.norm(new - old))
        if distance > MOVED:
            was, here = (
                ", ".join(f"{value:.3f}" for value in place) for place in (robot.coordinates(old), robot.coordinates(new))
            )
            yield f"Since the attempt began: {quoted(thing.name)} went from ({was}) to ({here}), {distance:.3f} m."
    for thing in before.objects:
        if thing.name not in now:
            yield f"Since the attempt began: {quoted(thing.name)} is gone."
