"""Where to push what is in the way and cannot be taken: a short straight way that is free, off where later steps put things."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lmp.meaning.conditions import MovedBy
from lmp.planners.scripted.free_way import slides_freely
from lmp.planners.scripted.situation import Place2, Situation
from lmp.planners.scripted.stopover import taken_by
from lmp.planners.scripted.tasks import Task

DISTANCES = (0.12, 0.18, 0.07)
"""How far something is pushed out of the way [m]."""
TOLERANCE = 0.04
"""How far from there it may end [m]."""
_WAYS = ((0.0, 1.0), (0.0, -1.0), (1.0, 0.0), (-1.0, 0.0))


def push_aside(situation: Situation, name: str, later: Iterable[Task], in_vain: Sequence[Place2]) -> MovedBy | None:
    """The push that leaves the places of later tasks free and was not tried `in_vain` [m]; None if there is none.

    What lies in or on something else is not pushed: it would be pushed against a wall, or down.
    """
    if situation.parent.get(name) != situation.table:
        return None
    taken = taken_by(situation, name, later)
    x, y = situation.place[name]
    z = float(situation.scene.get(name).centre[2])
    for distance in DISTANCES:
        for along in _WAYS:
            dx, dy = distance * along[0], distance * along[1]
            known = any(abs(dx - other[0]) + abs(dy - other[1]) < 1e-6 for other in in_vain)
            if known or slides_freely(situation, name, along, distance)[0] < distance - 1e-6:
                continue
            if all(_clear(situation, name, (x + dx, y + dy), middle, half) for middle, half in taken):
                return MovedBy(object=name, origin=(x, y, z), dx=dx, dy=dy, tolerance=TOLERANCE)
    return None


def _clear(situation: Situation, name: str, place: Place2, middle: Place2, half: Place2) -> bool:
    own = situation.half[name]
    return any(abs(place[axis] - middle[axis]) > own[axis] + half[axis] for axis in (0, 1))
