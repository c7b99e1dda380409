"""Placements of an object for a target: ranked poses on a surface, free of what stands there."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lmp.meaning.relations import holds
from lmp.primitives.places.footprints import Prism, near, prisms
from lmp.primitives.places.looking import Looking
from lmp.primitives.places.spot import Spot, Standing, standing
from lmp.primitives.places.spots import DOES_NOT_FIT, NO_FREE_PLACE
from lmp.primitives.places.surfaces import Surface
from lmp.primitives.skill import unknown_object
from lmp.schema.condition import Condition, Target
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.verdict import Violation

Array = NDArray[np.float64]

CLEARANCE = 0.004
"""Least free distance to what stands beside the place [m]."""
BALANCE = 0.006
"""Least distance of the middle from the edge of what carries it [m]."""
MOST = 24
"""Candidates that are handed on [count]."""
TURNS_A_SPOT = 5
SPOTS = 8


@dataclass(frozen=True)
class Placement:
    """One place for an object.

    Attributes:
        label: In words.
        T_world_object: Where it stands. Shape (4, 4).
        surface: What it stands on.
        spot: Number of the spot; several turns share one [count].
        crowded: Height of the tallest object in the same container; of the surface where there is none [m].
    """

    label: str
    T_world_object: Array
    surface: Surface
    spot: int
    crowded: float


def placements(
    thing: SceneObject, target: Target, scene: Scene, yaw: float | None = None, most: int = MOST, alike: bool = True
) -> tuple[Placement, ...] | tuple[Violation, ...]:
    """Ranked places for an object, `most` of them, or why there is none; `yaw` is its x axis's heading in the world [rad].

    With `alike`, headings with which it looks the same will do.
    """
    names = target.names
    complaints = [unknown_object(name, scene) for name in names if name not in scene]
    complaints += [_itself(thing.name) for name in names if name == thing.name]
    if complaints:
        return tuple(complaints)
    meant = target.meant(thing, scene)
    if isinstance(meant, Violation):
        return (meant,)
    references = [scene.get(name) for name in meant.names]
    if yaw is None:
        turns = _turns(thing, references)
    else:
        from lmp.primitives.places.requested_turns import turns_to  # Most places are good with any heading.

        turns = turns_to(thing, yaw, alike)
    ways = {turn: standing(thing, turn) for turn in turns}
    upright = next(iter(ways.values()))
    found = meant.spots(thing, Looking(thing, upright, scene))
    if isinstance(found, Violation):
        return (found,)
    search = _Search(thing, scene, list(ways.values()), target.condition(thing.name) if target.tested else None)
    places = tuple(itertools.islice(search.placements(found), most))
    return places or (search.refusal(target),)


def _turns(thing: SceneObject, references: list[SceneObject]) -> list[float]:
    """Yaws to turn the object by: aligned with what it is put on or beside where that is nearly so, then others [rad]."""
    align = 0.0
    if references and references[0].role != "support":
        align = math.remainder(references[0].pose.yaw - thing.pose.yaw, math.pi / 2)
    return [align, *(align + turn for turn in (math.pi / 2, -math.pi / 2, math.pi, math.pi / 4, -math.pi / 4))]


class _Search:
    """Tests spots, and remembers what was in the way."""

    def __init__(self, thing: SceneObject, scene: Scene, ways: list[Standing], relation: Condition | None):
        self.thing, self.scene, self.ways, self.relation = thing, scene, ways, relation
        self.obstacles = [prism for other in scene.objects if other.name != thing.name for prism in prisms(other)]
        self.failures: list[tuple[str, float, float, str]] = []

    def placements(self, spots: Iterable[Spot]) -> Iterator[Placement]:
        """The placements at the first few spots that are free."""
        used = 0
        for spot in spots:
            good = 0
            for way in itertools.islice((way for way in self.ways if self._stands(way, spot)), TURNS_A_SPOT):
                good += 1
                turned = f", turned by {math.degrees(way.turn):.0f} deg" if abs(way.turn) > 0.01 else ""
                T_world_object = way.pose(spot.middle(way), spot.height)
                yield Placement(spot.label + turned, T_world_object, spot.surface, used, self._crowded(spot))
            used += bool(good)
            if used == SPOTS:
                return

    def _crowded(self, spot: Spot) -> float:
        area = spot.surface.area
        fixed = {area.owner, *(support.name for support in self.scene.supports)}
        tops = [p.top for p in self.obstacles if p.owner not in fixed and area.depth(p.centre) > 0]
        return max([spot.surface.height, *tops])

    def _stands(self, way: Standing, spot: Spot) -> bool:
        place = way.outline.moved(spot.middle(way))
        return self._carried(way, place, spot) and self._free(place, spot) and self._is_beside(way, spot)

    def _carried(self, way: Standing, place: Prism, spot: Spot) -> bool:
        area = spot.surface.area
        if spot.surface.floor:
            depth = min(area.depth(corner) for corner in place.polygon)
            self._note("edge", -depth, 0.0, spot.surface.owner, fails=depth < spot.margin)
            return depth >= spot.margin
        if way.base is None:
            self._note("round", 0.0, BALANCE, spot.surface.owner, fails=True)
            return False
        depth = min(area.depth(spot.middle(way)), way.base.depth(np.zeros(2)))
        self._note("balance", depth, BALANCE, spot.surface.owner, fails=depth < BALANCE)
        return depth >= BALANCE

    def _free(self, place: Prism, spot: Spot) -> bool:
        """No other object within the clearance, between the surface and the top of the placed object."""
        low, high = spot.height + 0.002, spot.height + place.top
        standing_there = [p for p in self.obstacles if p.top > low and p.bottom < high and p.owner not in spot.carriers]
        hits = near(place, standing_there, spot.clearance)
        if hits:
            space, blocker = min(hits, key=lambda hit: hit[0])
            self._note("blocked", space, spot.clearance, blocker.owner, fails=True)
        return not hits

    def _is_beside(self, way: Standing, spot: Spot) -> bool:
        """True if what the target says would hold there: a spot to the side of a turned object can lie too far off."""
        if self.relation is None:
            return True
        pose = Pose.from_matrix(way.pose(spot.middle(way), spot.height))
        there = self.thing.model_copy(update={"pose": pose, "touching": None, "held_by": None})
        return holds(self.relation, self.scene.replacing(there)).holds

    def _note(self, what: str, value: float, limit: float, owner: str, fails: bool) -> None:
        if fails:
            self.failures.append((what, value, limit, owner))

    def refusal(self, target: Target) -> Violation:
        """Return why no spot would do: the failure that came nearest to being none.

        What the target names has to stay, so anything else that is in the way is told first.
        """
        where, named = target.words, target.names
        nearest = min(
            self.failures, key=lambda f: (f[0] != "blocked", f[3] in named, abs(f[1] - f[2])), default=("none", 0.0, 0.0, "")
        )
        what, value, limit, owner = nearest
        facts: Any = {"value": value, "limit": limit, "unit": "m", "object": owner or None}
        match what:
            case "blocked":
                message = f"There is no free place {where} for {self.thing.name}: {owner} is in the way."
                return NO_FREE_PLACE(message=message, hint=f"Move {owner} first.", **facts)
            case "round" | "balance":
                message = f"{self.thing.name} would not stay {where}: what carries it is too small or not flat."
                return DOES_NOT_FIT(message=message, hint="Put it on something flat and larger.", **facts)
            case "edge":
                how = f"reach {value * 1000:.0f} mm over" if value > 0.0005 else "stand too near"
                message = f"{self.thing.name} does not fit {where}: it would {how} the edge."
                return DOES_NOT_FIT(message=message, hint="Choose a larger or more central place.", **facts)
        return NO_FREE_PLACE(message=f"There is no place {where} for {self.thing.name}.")


def _itself(name: str) -> Violation:
    return NO_FREE_PLACE(
        message=f"{name} cannot be put in relation to itself.",
        object=name,
        hint="Name another object as the target.",
    )
