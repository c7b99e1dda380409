"""Judge if a filled task is possible at all where the objects stand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.lab.truth.predicates.displacements import DIRECTIONS
from lmp.lab.truth.truth_snapshot import Snapshot, Thing
from lmp.sims.planar import Polygon, convex_hull
from lmp.sims.scenes.footprint import free_distance

HAND = 0.06
"""Room that the hand needs behind a thing that it pushes [m]."""
MARGIN = 0.015
"""Free distance on both sides of a thing that is pushed or put down [m]."""
GAPS = np.arange(0.03, 0.121, 0.015)
"""Free distances at which a place beside a thing is looked for [m]."""
FINGER = 0.025
"""Free distance to both neighbours of a thing that is put between them [m]."""


def _inside(world: Snapshot, outline: Polygon) -> bool:
    space = world.scene.world_workspace
    low, high = np.array(space.lower)[:2] + MARGIN, np.array(space.upper)[:2] - MARGIN
    local = space.T_world_workspace.inverse().apply(np.column_stack([outline, np.zeros(len(outline))]))[:, :2]
    return bool((local >= low).all() and (local <= high).all())


def _free(world: Snapshot, outline: Polygon, ignored: set[str], margin: float) -> bool:
    return all(thing.name in ignored or free_distance(outline, thing.outline) >= margin for thing in world.things)


def free_path(world: Snapshot, thing: Thing, direction: str, distance: float) -> bool:
    """True if nothing stands in the way, the goal is inside the workspace, and there is room behind for the gripper."""
    way = world.along(*DIRECTIONS[direction])
    goal = thing.outline + distance * way
    swept = convex_hull(np.concatenate([goal, thing.outline - HAND * way]))
    return _inside(world, goal) and _inside(world, thing.outline - HAND * way) and _free(world, swept, {thing.name}, MARGIN)


def free_beside(world: Snapshot, thing: Thing, reference: Thing, direction: str) -> bool:
    """True if the object, turned as it is, would be free somewhere straight on that side of the reference."""
    way = world.along(*DIRECTIONS[direction])
    own = thing.outline - thing.middle[:2]
    reach = float((reference.outline @ way).max() - reference.middle[:2] @ way - (own @ way).min())
    places = [reference.middle[:2] + (reach + gap) * way for gap in GAPS]
    return any(_room(world, own + place, thing) for place in places)


def free_between(world: Snapshot, thing: Thing, first: Thing, second: Thing) -> bool:
    """True if the object would be free half way between two others, with room for the fingers."""
    middle = (_nearest(first.outline, second) + _nearest(second.outline, first)) / 2
    spread = float(np.hypot(*(thing.outline - thing.middle[:2]).T).max())
    apart = free_distance(first.outline, second.outline)
    own = thing.outline - thing.middle[:2] + middle
    return apart >= 2 * (spread + FINGER) and _room(world, own, thing)


def _room(world: Snapshot, outline: Polygon, thing: Thing) -> bool:
    low, high = world.scene.placement.radius
    away = world.from_base(outline.mean(axis=0))
    return low <= away <= high and _inside(world, outline) and _free(world, outline, {thing.name}, MARGIN)


def _nearest(outline: Polygon, other: Thing) -> NDArray[np.float64]:
    """The corner of an outline that is nearest to the middle of another thing. Shape (2,)."""
    corner: NDArray[np.float64] = outline[int(np.argmin(np.hypot(*(outline - other.middle[:2]).T)))]
    return corner
