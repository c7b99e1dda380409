"""Whether a state that is asked for holds so clearly already that nobody would expect anything to move."""

from __future__ import annotations

import numpy as np

from lmp.meaning.relations import holds
from lmp.planners.scripted.situation import Situation
from lmp.planners.scripted.spatial import free_distance
from lmp.schema.condition import Behind, Between, Condition, InFrontOf, LeftOf, NextTo, RightOf
from lmp.schema.scene import Scene

SIDE_GAP = 0.12
"""Largest free distance at which a thing clearly is beside another [m]."""
SIDE_SLOPE = 0.5
"""Largest way to the side, as a share of the way along the direction, at which the side is clear [dimensionless]."""
NEIGHBOUR_GAP = 0.05
"""Largest free distance of things that clearly are next to each other [m]."""
MIDDLE = 0.2
"""Largest distance from the middle between two things, as a share of their distance [dimensionless]."""
OFF_LINE = 0.03
"""Largest distance from the line between two things [m]."""
_ALONG = {LeftOf: (0.0, 1.0), RightOf: (0.0, -1.0), InFrontOf: (-1.0, 0.0), Behind: (1.0, 0.0)}


def room_beside(condition: Condition, situation: Situation) -> bool:
    """Whether the place right beside the reference is in the workspace; true for conditions of other kinds."""
    if not isinstance(condition, LeftOf | RightOf | InFrontOf | Behind):
        return True
    place = situation.beside(condition.object, condition.reference, _ALONG[type(condition)])
    low, high = situation.scene.workspace.lower, situation.scene.workspace.upper
    half = situation.half[condition.object]
    return all(low[axis] <= place[axis] - half[axis] and place[axis] + half[axis] <= high[axis] for axis in (0, 1))


def clearly_holds(condition: Condition, scene: Scene) -> bool:
    """Whether a condition holds with a margin; stricter than `holds`, never looser.

    After a motion `holds` decides. Before any, a thing that is just within its bounds (far off to one side, say) would
    surprise a person who asked for it to be put there, so it is moved.

    Raises:
        UnknownName: The condition names an object that the scene does not have.
    """
    if not holds(condition, scene).holds:
        return False
    match condition:
        case LeftOf() | RightOf() | InFrontOf() | Behind():
            along = np.array([*_ALONG[type(condition)], 0.0])
            thing, reference = scene.get(condition.object), scene.get(condition.reference)
            gap = -thing.extent(-along) - reference.extent(along)
            offset = thing.centre - reference.centre
            sideways = abs(float(offset[0] * along[1] - offset[1] * along[0]))
            return bool(gap <= SIDE_GAP and sideways <= SIDE_SLOPE * float(offset @ along))
        case NextTo(object=name, reference=reference_name):
            return free_distance(scene.get(name), scene.get(reference_name)) <= NEIGHBOUR_GAP
        case Between(object=name, first=first, second=second):
            start, line = scene.get(first).centre[:2], (scene.get(second).centre - scene.get(first).centre)[:2]
            offset_2d, length = scene.get(name).centre[:2] - start, float(np.linalg.norm(line))
            share = float(offset_2d @ line) / length**2
            off_line = abs(float(offset_2d[0] * line[1] - offset_2d[1] * line[0])) / length
            return abs(share - 0.5) <= MIDDLE and off_line <= OFF_LINE
        case _:
            return True
