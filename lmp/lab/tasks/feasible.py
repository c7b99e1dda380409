"""Judge if a filled task is possible at all where the objects stand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.lab.truth.predicates.displacements import DIRECTIONS
from lmp.lab.truth.truth_snapshot import Snapshot, TrueObject
from lmp.sims.planar import Polygon, convex_hull
from lmp.sims.scenes.footprint import free_distance

GRIPPER = 0.06
"""Room that the gripper needs behind an object that it pushes [m]."""
MARGIN = 0.015
"""Free distance on both sides of an object that is pushed or put down [m]."""
GAPS = np.arange(0.03, 0.121, 0.015)
"""Free distances at which a place beside an object is looked for [m]."""
FINGER = 0.025
"""Free distance to both neighbours of an object that is put between them [m]."""


def _inside(world: Snapshot, outline: Polygon) -> bool:
    space = world.scene.world_workspace
    low, high = np.array(space.lower)[:2] + MARGIN, np.array(space.upper)[:2] - MARGIN
    local = space.T_world_workspace.inverse().apply(np.column_stack([outline, np.zeros(len(outline))]))[:, :2]
    return bool((local >= low).all() and (local <= high).all())


def _free(world: Snapshot, outline: Polygon, ignored: set[str], margin: float) -> bool:
    return all(item.name in ignored or free_distance(outline, item.outline) >= margin for item in world.objects)


def free_path(world: Snapshot, item: TrueObject, direction: str, distance: float) -> bool:
    """True if nothing stands in the way, the goal is inside the workspace, and there is room behind for the gripper."""
    way = world.along(*DIRECTIONS[direction])
    goal = item.outline + distance * way
    swept = convex_hull(np.concatenate([goal, item.outline - GRIPPER * way]))
    return _inside(world, goal) and _inside(world, item.outline - GRIPPER * way) and _free(world, swept, {item.name}, MARGIN)


def free_beside(world: Snapshot, item: TrueObject, reference: TrueObject, direction: str) -> bool:
    """True if the object, turned as it is, would be free somewhere straight on that side of the reference."""
    way = world.along(*DIRECTIONS[direction])
    own = item.outline - item.middle[:2]
    reach = float((reference.outline @ way).max() - reference.middle[:2] @ way - (own @ way).min())
    places = [reference.middle[:2] + (reach + gap) * way for gap in GAPS]
    return any(_room(world, own + place, item) for place in places)


def free_between(world: Snapshot, item: TrueObject, first: TrueObject, second: TrueObject) -> bool:
    """True if the object would be free half way between two others, with room for the fingers."""
    middle = (_nearest(first.outline, second) + _nearest(second.outline, first)) / 2
    spread = float(np.hypot(*(item.outline - item.middle[:2]).T).max())
    apart = free_distance(first.outline, second.outline)
    own = item.outline - item.middle[:2] + middle
    return apart >= 2 * (spread + FINGER) and _room(world, own, item)


def _room(world: Snapshot, outline: Polygon, item: TrueObject) -> bool:
    low, high = world.scene.placement.radius
    away = world.from_base(outline.mean(axis=0))
    return low <= away <= high and _inside(world, outline) and _free(world, outline, {item.name}, MARGIN)


def _nearest(outline: Polygon, other: TrueObject) -> NDArray[np.float64]:
    """The corner of an outline that is nearest to the middle of another object. Shape (2,)."""
    corner: NDArray[np.float64] = outline[int(np.argmin(np.hypot(*(outline - other.middle[:2]).T)))]
    return corner
