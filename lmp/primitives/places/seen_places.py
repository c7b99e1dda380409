"""Places that are pointed at in a picture: what stands there, and the spots on or in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import SkipValidation

from lmp.meaning.directions import directions
from lmp.primitives.places.looking import Looking
from lmp.primitives.places.spot import TIGHT, WALL_GAP, Spot, spot_on
from lmp.primitives.places.spots import ROOM, spots_in, spots_nearest, spots_on
from lmp.primitives.places.standing import Standing
from lmp.primitives.places.surfaces import Surface, floor_of, ground, top_of
from lmp.primitives.visual.lifting import Seen, lifted, lifted_box, not_seen
from lmp.primitives.visual.shown import UNKNOWN
from lmp.schema.base import Name
from lmp.schema.condition import TARGETS, Target
from lmp.schema.places import Places
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.verdict import Violation
from lmp.schema.visual import PixelBox, PixelPoint

Array = NDArray[np.float64]
Spots = Iterator[Spot] | Violation

ON_TOP = 0.005
"""A point this near to the height of a top is on it, not on its side [m]."""
CELL = 0.01
"""Distance of the spots that are tried in a box on furniture [m]."""
ON_GROUND = 0.02
"""A point this near to the ground is on it, in scenes without furniture [m]."""


@TARGETS.register
class PointTarget(PixelPoint, Target):
    """At the surface that a pixel shows: at that point of the table or a flat top, or in the container that is seen there.

    In a container it comes as near to the point as there is room. A pixel on the side of an object stands for the middle of its
    top.
    """

    kind: Literal["point"] = "point"

    @property
    def words(self) -> str:
        """The pixel."""
        return f"at column {self.column:.0f}, row {self.row:.0f} of {self.camera}"

    def meant(self, thing: SceneObject, scene: Scene) -> Target | Violation:
        """The place that the picture shows there."""
        return _shown(thing, lifted(self, scene), scene, exact=True)


@TARGETS.register
class BoxTarget(PixelBox, Target):
    """In a box of a picture: in or on the object that fills most of it, else in the middle of the free table in it."""

    kind: Literal["box"] = "box"

    @property
    def words(self) -> str:
        """The box."""
        return f"in the box {self.left:.0f}, {self.top:.0f} to {self.right:.0f}, {self.bottom:.0f} of {self.camera}"

    def meant(self, thing: SceneObject, scene: Scene) -> Target | Violation:
        """The place that the picture shows there."""
        return _shown(thing, lifted_box(self, scene), scene, exact=False)


class _ShownPlace(Target):
    """A place that a picture shows, once it is known what is there.

    Attributes:
        owner: What the object is to stand on or in; None for ground that is no object.
        look: The spots there, best first, for an object that would stand in some way.
    """

    kind: str = "shown"
    owner: Name | None
    look: SkipValidation[Callable[[Standing], Spots]]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of what the object is to stand on or in."""
        return () if self.owner is None else (self.owner,)

    def spots(self, thing: SceneObject, places: Places) -> Spots:
        """The spots there."""
        assert isinstance(places, Looking)
        return self.look(places.upright)


def _shown(thing: SceneObject, seen: Seen | Violation, scene: Scene, exact: bool) -> Target | Violation:
    """The place of a point or a box of a picture, or why there is none."""
    if isinstance(seen, Violation):
        return seen
    surface = _ground_seen(seen, scene)
    if surface is not None:
        spots = _at_point(surface, seen, scene) if exact else _in_region(surface, seen, scene)
        return _ShownPlace(owner=surface.owner if surface.owner in scene else None, look=lambda upright: iter(spots))
    if seen.name not in scene:
        return not_seen(
            f"{seen.where} shows {seen.name}, on which nothing can be put.",
            "Choose a pixel of what objects stand on, or of an object.",
        )
    if seen.name == thing.name:
        return not_seen(f"{seen.where} shows {thing.name} itself.", "Choose a pixel of what it is to be put on or in.")
    support = scene.get(seen.name)
    return _ShownPlace(owner=support.name, look=lambda upright: _spots_of(thing, upright, support, seen, scene, exact))


def is_bare_ground(seen: Seen, scene: Scene) -> bool:
    """True if what is seen is the ground of a scene that has no furniture."""
    return seen.name == UNKNOWN and not scene.supports and abs(seen.point[2] - scene.workspace.floor) < ON_GROUND


def _ground_seen(seen: Seen, scene: Scene) -> Surface | None:
    """The furniture or bare ground that is seen; None for anything else."""
    if seen.name in scene and scene.get(seen.name).role == "support":
        return top_of(scene.get(seen.name), scene)
    return ground(scene, seen.point) if is_bare_ground(seen, scene) else None


def _at_point(surface: Surface, seen: Seen, scene: Scene) -> list[Spot]:
    x, y, _ = directions(scene).coordinates(seen.point)
    return [spot_on(surface, seen.point[:2], f"at ({x:.3f}, {y:.3f}) m on {surface.owner}")]


def _in_region(surface: Surface, seen: Seen, scene: Scene) -> list[Spot]:
    """The middle of what is seen of a surface, then the other points of it, the nearest to the middle first."""
    robot, middle = directions(scene), seen.points[:, :2].mean(axis=0)
    cells = np.unique((robot.coordinates(seen.points)[:, :2] / CELL).round(), axis=0) * CELL
    cells = np.array([robot.point(x, y)[:2] for x, y in cells])
    ranked = [middle, *cells[np.argsort(np.linalg.norm(cells - middle, axis=1), kind="stable")]]
    label = f"in the box on {surface.owner}"
    return [
        Spot(position, surface.height, surface, label, room, WALL_GAP, (surface.owner,))
        for room in (ROOM, TIGHT)
        for position in ranked
    ]


def _spots_of(thing: SceneObject, upright: Standing, support: SceneObject, seen: Seen, scene: Scene, exact: bool) -> Spots:
    """In a container or on a top: at the point where one is meant and can be, else as for the object as a whole."""
    floor, top = floor_of(support), top_of(support, scene)
    if floor is not None:
        return _near_point(floor, seen, scene) if exact else spots_in(thing, upright, support, scene)
    on_top = top is not None and abs(seen.point[2] - top.height) < ON_TOP and top.area.depth(seen.point[:2]) >= 0.0
    if exact and on_top and top is not None:
        return iter(_at_point(top, seen, scene))
    return spots_on(thing, upright, support, scene)


def _near_point(floor: Surface, seen: Seen, scene: Scene) -> Iterator[Spot]:
    """The point itself where there is room, then spots of the floor, the nearest first."""
    yield from _at_point(floor, seen, scene)
    yield from spots_nearest(floor, seen.point[:2], f"in {floor.owner}, near the point", scene)
