"""Free places on the ground: who stands at one, the nearest to a request, and how far an object slides before the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from lmp.meaning.directions import directions
from lmp.primitives.places.footprints import Outlines, Prism, near, outline, prisms
from lmp.primitives.places.spot import TIGHT, WALL_GAP
from lmp.primitives.places.spots import ROOM
from lmp.primitives.places.standing import standing
from lmp.primitives.places.surfaces import Surface, ground
from lmp.schema.scene import Scene, SceneObject

Array = NDArray[np.float64]
Place = tuple[float, float]

STEP = 0.01
"""Distance of the places that are tried [m]."""
SLIDE_STEP = 0.005
"""Distance of the places that are tried along a slide [m]."""
BENEATH = 0.002
"""How far an object may reach over the ground and still be under what is put there, such as a sheet [m]."""


def occupants(thing: SceneObject, place: Place, scene: Scene, room: float = TIGHT, ignore: Sequence[str] = ()) -> list[str]:
    """Names of what is nearer than `room` [m] to an object with its middle over a place of the ground; the nearest first."""
    there = standing(thing, 0.0).outline.moved(np.array(place))
    hits = near(there, _obstacles(thing, there, scene, ignore), room)
    return list(dict.fromkeys(prism.owner for _, prism in sorted(hits, key=lambda hit: hit[0])))


def is_free(thing: SceneObject, place: Place, scene: Scene, room: float = ROOM, ignore: Sequence[str] = ()) -> bool:
    """True if the object could stand with its middle at a place of the ground, with so much free room around it [m]."""
    inside = len(_inside(ground(scene, np.array(place)), standing(thing, 0.0).outline, np.array([place]))) > 0
    return inside and not occupants(thing, place, scene, room, ignore)


def free_places(
    thing: SceneObject,
    requested: Place,
    scene: Scene,
    where: Callable[[Array], bool] | None = None,
    rooms: Sequence[float] = (ROOM, TIGHT),
) -> Iterator[Place]:
    """Places of the ground where the object could stand as it is turned now, the nearest to the requested place first.

    Those with most free room [m] around come before the others, and `where` says which part of the ground will do.
    """
    surface, upright = ground(scene, np.array(requested)), standing(thing, 0.0).outline
    obstacles = Outlines(_obstacles(thing, upright.moved(np.array(requested)), scene, ()))
    points = _inside(surface, upright, np.concatenate([[requested], _grid(surface, directions(scene).unit("forward")[:2])]))
    points = points[[where is None or where(point) for point in points]] if len(points) else points
    order = np.lexsort((*points.T[::-1], np.round(np.hypot(*(points - requested).T), 9)))
    for room in rooms:
        for point in points[order]:
            if not near(upright.moved(point), obstacles, room):
                yield round(float(point[0]), 4), round(float(point[1]), 4)


def free_slide(thing: SceneObject, along: Place, upto: float, scene: Scene, room: float) -> tuple[float, str]:
    """Distance that an object can slide along a unit vector [m], up to a limit, and what ends it; "" where nothing does.

    It keeps `room` [m] from what it comes nearer to. What it is near already does not hold it where it goes away from it.
    """
    own, surface = outline(thing), ground(scene, thing.centre)
    obstacles = Outlines(
        p for p in _obstacles(thing, own, scene, ()) if p.top > own.bottom + BENEATH and p.bottom < own.top - BENEATH
    )
    before = {id(prism): space for space, prism in near(own, obstacles, room)}
    outside = min(surface.area.depth(corner) for corner in own.polygon)
    distance = 0.0
    while distance < upto - 1e-9:
        moved = own.moved(np.array(along) * (distance + SLIDE_STEP))
        depth = min(surface.area.depth(corner) for corner in moved.polygon)
        if depth < min(0.0, outside) - 1e-9:
            return distance, "the edge of the workspace"
        blocked = [prism for space, prism in near(moved, obstacles, room) if space < before.get(id(prism), room) - 1e-9]
        if blocked:
            return distance, blocked[0].owner
        distance += SLIDE_STEP
    return distance, ""


def _obstacles(thing: SceneObject, there: Prism, scene: Scene, ignore: Sequence[str]) -> list[Prism]:
    """Prisms that rise from the ground within the height of the object; what hangs in the gripper does not."""
    surface = ground(scene, there.centre)
    others = (other for other in scene.objects if other.name not in (thing.name, surface.owner, *ignore) and not other.held)
    high = surface.height + there.top - there.bottom
    return [
        prism for other in others for prism in prisms(other) if prism.top > surface.height + BENEATH and prism.bottom < high
    ]


def _grid(surface: Surface, forward: Array) -> Array:
    """Points of the box around a surface, in rows along a direction of the world [m]. Shape (n, 2)."""
    turn = np.array([forward, [-forward[1], forward[0]]])
    own = surface.area.polygon @ turn.T
    low, high = own.min(axis=0), own.max(axis=0)
    axes = [np.arange(start + STEP / 2, end, STEP) for start, end in zip(low, high, strict=True)]
    points: Array = np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, 2) @ turn
    return points


def _inside(surface: Surface, upright: Prism, points: Array) -> Array:
    """The points at which the outline is all on the surface [m]. Shape (n, 2) to (m, 2)."""
    reach = (upright.polygon @ surface.area.normals.T).max(axis=0)
    slack = (surface.area.polygon * surface.area.normals).sum(axis=1) - reach - points @ surface.area.normals.T
    inside: Array = points[slack.min(axis=1) >= WALL_GAP]
    return inside
