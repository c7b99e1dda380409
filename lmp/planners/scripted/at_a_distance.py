"""A place at a distance from something: "put it 10 cm away from the mug" says where, "move it 10 cm away" how far."""

from __future__ import annotations

import math

from lmp.meaning.conditions import At
from lmp.planners.scripted.goals import Goal
from lmp.planners.scripted.refused import Refused
from lmp.planners.scripted.situation import Place2, Situation
from lmp.planners.scripted.spatial import ROBOT
from lmp.schema.condition import Condition

_PUTTING = frozenset({"put", "place", "set", "lay", "position", "deposit"})
"""Verbs that say where a thing is to be in the end, whatever the way."""
_DIRECTIONS = tuple(2.0 * math.pi * i / 16 for i in range(16))


def is_at_a_distance(goal: Goal, verb: str) -> bool:
    """Whether a goal away from something is a place rather than a way."""
    return goal.relation == "away_from" and goal.distance > 0.0 and verb in _PUTTING and goal.references[0] != ROBOT


def at_a_distance(goal: Goal, name: str, situation: Situation) -> tuple[tuple[Condition, ...], str]:
    """The free place with that much room between the two that is nearest to where the thing is now.

    Raises:
        Refused: There is none on the table.
    """
    reference, here = goal.references[0], situation.place[name]
    places = [_beside(situation, name, reference, direction, goal.distance) for direction in _DIRECTIONS]
    free = [place for place in places if situation.inside_workspace(place) and situation.is_free(name, place, (reference,))]
    if not free:
        raise Refused(
            "infeasible",
            f'"{goal.words}": on no side of {reference} is such a place free and within reach.',
            "Say another distance, or a side.",
            [reference],
        )
    x, y = min(free, key=lambda place: math.dist(place, here))
    return (At(object=name, x=x, y=y),), f"{goal.distance:g} m free between the two"


def _beside(situation: Situation, name: str, reference: str, direction: float, room: float) -> Place2:
    """Where the middle of the thing is if it lies in a direction [rad] with so much room between the two outlines [m]."""
    along = (math.cos(direction), math.sin(direction))
    reach = [situation.half[reference][axis] + situation.half[name][axis] for axis in (0, 1)]

    def free(length: float) -> float:
        return math.hypot(*(max(abs(length * along[axis]) - reach[axis], 0.0) for axis in (0, 1)))

    low, high = 0.0, room + math.hypot(*reach)
    for _ in range(40):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if free(middle) < room else (low, middle)
    x, y = situation.place[reference]
    return x + high * along[0], y + high * along[1]
