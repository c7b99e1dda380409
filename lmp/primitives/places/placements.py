"""Where a thing can be put for a target: ranked poses on a surface, free of what stands there."""

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
from lmp.primitives.places.seen_places import SoughtPlace, seen_place
from lmp.primitives.places.spot import Spot
from lmp.primitives.places.spots import spots_at, spots_beside, spots_between, spots_in, spots_on
from lmp.primitives.places.standing import Standing, standing
from lmp.primitives.places.surfaces import Surface
from lmp.primitives.places.wished_turns import turns_to
from lmp.primitives.skill import unknown_object
from lmp.schema.condition import Behind, Condition, InFrontOf, LeftOf, NextTo, RightOf
from lmp.schema.motion import (
    AtTarget,
    BesideTarget,
    BetweenTarget,
    BoxTarget,
    InTarget,
    NamedTarget,
    OnTarget,
    PlaceTarget,
    PointTarget,
)
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
    """One place for a thing.

    Attributes:
        label: In words.
        T_world_object: Where it stands. Shape (4, 4).
        surface: What it stands on.
        spot: Number of the spot; several turns share one [count].
        crowded: Height of the tallest thing in the same container; of the surface where there is none [m].
    """

    label: str
    T_world_object: Array
    surface: Surface
    spot: int
    crowded: float


def placements(
    thing: SceneObject, target: PlaceTarget, scene: Scene, yaw: float | None = None
) -> tuple[Placement, ...] | tuple[Violation, ...]:
    """Ranked places for an object, or why there is none; with a wished heading of its x axis [rad], only such places."""
    names = named_in(target)
    complaints = [unknown_object(name, scene) for name in names if name not in scene]
    complaints += [_itself(thing.name) for name in names if name == thing.name]
    if complaints:
        return tuple(complaints)
    sought = _sought(thing, target, scene)
    if isinstance(sought, Violation):
        return (sought,)
    references = [scene.get(name) for name in sought.references]
    turns = _turns(thing, references) if yaw is None else turns_to(thing, yaw)
    ways = {turn: standing(thing, turn) for turn in turns}
    upright = next(iter(ways.values()))
    found = sought.spots(upright)
    if isinstance(found, Violation):
        return (found,)
    search = _Search(thing, scene, list(ways.values()), _relation(thing, target))
    places = tuple(itertools.islice(search.placements(found), MOST))
    return places or (search.refusal(target),)


def named_in(target: PlaceTarget) -> tuple[str, ...]:
    """The objects that a target names."""
    match target:
        case OnTarget():
            return (target.support,)
        case InTarget():
            return (target.container,)
        case BesideTarget():
            return (target.reference,)
        case BetweenTarget():
            return (target.first, target.second)
        case AtTarget():
            return tuple(name for name in (target.support, target.frame) if name is not None)
        case PointTarget() | BoxTarget():
            return ()


def _sought(thing: SceneObject, target: PlaceTarget, scene: Scene) -> SoughtPlace | Violation:
    """What a target means, before it is known how the thing would stand there."""
    if isinstance(target, PointTarget | BoxTarget):
        return seen_place(thing, target, scene)
    named: NamedTarget = target
    return SoughtPlace(named_in(target), lambda upright: _spots(thing, upright, named, scene))


def _spots(thing: SceneObject, upright: Standing, target: NamedTarget, scene: Scene) -> Iterator[Spot] | Violation:
    match target:
        case OnTarget():
            return spots_on(thing, upright, scene.get(target.support), scene)
        case InTarget():
            return spots_in(thing, upright, scene.get(target.container), scene)
        case BesideTarget():
            return spots_beside(scene.get(target.reference), target, scene)
        case BetweenTarget():
            return spots_between(thing, upright, scene.get(target.first), scene.get(target.second), scene)
        case AtTarget():
            return spots_at(thing, target, scene)


def _relation(thing: SceneObject, target: PlaceTarget) -> Condition | None:
    """The relation that a place beside something has to keep; the other targets leave no choice that could break theirs."""
    if not isinstance(target, BesideTarget):
        return None
    kinds: dict[str, type[LeftOf | RightOf | InFrontOf | Behind | NextTo]]
    kinds = {"left": LeftOf, "right": RightOf, "front": InFrontOf, "behind": Behind, "any": NextTo}
    return kinds[target.side](object=thing.name, reference=target.reference)


def _turns(thing: SceneObject, references: list[SceneObject]) -> list[float]:
    """Yaws to turn the thing by: aligned with what it is put on or beside where that is nearly so, then others [rad]."""
    align = 0.0
    if references and references[0].category != "table":
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
        tops = [p.top for p in self.obstacles if p.owner not in (area.owner, "table") and area.depth(p.centre) > 0]
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
        """No other thing within the clearance, between the surface and the top of the placed thing."""
        low, high = spot.height + 0.002, spot.height + place.top
        standing_there = [p for p in self.obstacles if p.top > low and p.bottom < high and p.owner not in spot.carriers]
        hits = near(place, standing_there, spot.clearance)
        if hits:
            space, blocker = min(hits, key=lambda hit: hit[0])
            self._note("blocked", space, spot.clearance, blocker.owner, fails=True)
        return not hits

    def _is_beside(self, way: Standing, spot: Spot) -> bool:
        """What the target says would hold there: a spot to the side of a turned thing can lie too far off."""
        if self.relation is None:
            return True
        pose = Pose.from_matrix(way.pose(spot.middle(way), spot.height))
        there = self.thing.model_copy(update={"pose": pose, "touching": None, "held": False})
        return holds(self.relation, self.scene.replacing(there)).holds

    def _note(self, what: str, value: float, limit: float, owner: str, fails: bool) -> None:
        if fails:
            self.failures.append((what, value, limit, owner))

    def refusal(self, target: PlaceTarget) -> Violation:
        """Why no spot would do: the failure that came nearest to being none.

        What the target names has to stay, so anything else that is in the way is told first.
        """
        where, named = describe(target), named_in(target)
        nearest = min(
            self.failures, key=lambda f: (f[0] != "blocked", f[3] in named, abs(f[1] - f[2])), default=("none", 0.0, 0.0, "")
        )
        what, value, limit, owner = nearest
        facts: Any = {"value": value, "limit": limit, "unit": "m", "object": owner or None}
        match what:
            case "blocked":
                message = f"There is no free place {where} for {self.thing.name}: {owner} is in the way."
                return Violation(code="no_free_place", message=message, hint=f"Move {owner} first.", **facts)
            case "round" | "balance":
                message = f"{self.thing.name} would not stay {where}: what carries it is too small or not flat."
                return Violation(code="does_not_fit", message=message, hint="Put it on the table.", **facts)
            case "edge":
                how = f"reach {value * 1000:.0f} mm over" if value > 0.0005 else "stand too near"
                message = f"{self.thing.name} does not fit {where}: it would {how} the edge."
                return Violation(code="does_not_fit", message=message, hint="Choose a larger or more central place.", **facts)
        return Violation(code="no_free_place", message=f"There is no place {where} for {self.thing.name}.")


def describe(target: PlaceTarget) -> str:
    """The target in words."""
    match target:
        case OnTarget():
            return f"on {target.support}"
        case InTarget():
            return f"in {target.container}"
        case BesideTarget():
            side = {"left": "to the left of", "right": "to the right of", "front": "in front of", "behind": "behind"}
            return f"{side.get(target.side, 'beside')} {target.reference}"
        case BetweenTarget():
            return f"between {target.first} and {target.second}"
        case AtTarget():
            origin = "" if target.frame is None else f" from {target.frame}"
            return f"at ({target.x:.3f}, {target.y:.3f}) m{origin}"
        case PointTarget():
            return f"at column {target.column:.0f}, row {target.row:.0f} of {target.camera}"
        case BoxTarget():
            return (
                f"in the box {target.left:.0f}, {target.top:.0f} to {target.right:.0f}, {target.bottom:.0f} of {target.camera}"
            )


def _itself(name: str) -> Violation:
    return Violation(
        code="no_free_place",
        message=f"{name} cannot be put in relation to itself.",
        object=name,
        hint="Name another object as the target.",
    )
