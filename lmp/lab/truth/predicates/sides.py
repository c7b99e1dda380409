"""Truths of objects side by side."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import JsonValue

from lmp.lab.truth.predicates.at_rest import AtRest, Related, on_one_level
from lmp.lab.truth.truth import TRUTHS, Finding
from lmp.lab.truth.truth_snapshot import Snapshot, TrueObject
from lmp.schema.base import Name
from lmp.sims.planar import width_along
from lmp.sims.scenes.footprint import free_distance

SIDE_OVERLAP = 0.005
"""How far an object may reach over the edge of what it is said to be left of [m]."""
FARTHEST_SIDE = 0.30
"""Free distance beyond which nobody would say "left of" [m]."""
NEXT_TO = 0.10
"""Largest free distance of objects that are next to each other [m]."""
LINE = 0.01
"""How far the line between two objects may pass beside the object that is between them [m]."""


class SideTruth(Related):
    """On one level, past the reference's edge on that side, within 45 degrees of that direction, not far away."""

    direction: ClassVar[tuple[float, float]]
    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "reference": "bowl"}

    def between_two(self, item: TrueObject, reference: TrueObject, world: Snapshot) -> Finding:
        """By the distances along and across the direction."""
        direction = world.along(*self.direction)
        way = (item.middle - reference.middle)[:2]
        along, across = float(way @ direction), float(abs(way @ [-direction[1], direction[0]]))
        past = -item.reach(-direction) - reference.reach(direction)
        far = free_distance(item.outline, reference.outline)
        level = on_one_level(item, reference)
        why = f"{item.name} is {along:.3f} m along and {across:.3f} m across, {past:.3f} m past the edge, {far:.3f} m away"
        holds = level and past >= -SIDE_OVERLAP and across <= along and far <= FARTHEST_SIDE
        return Finding(holds, why + ("" if level else ", on another level"))


@TRUTHS.register
class LeftOfTruth(SideTruth):
    """To the robot's left."""

    kind: Literal["left_of"] = "left_of"

    direction: ClassVar[tuple[float, float]] = (0.0, 1.0)


@TRUTHS.register
class RightOfTruth(SideTruth):
    """To the robot's right."""

    kind: Literal["right_of"] = "right_of"

    direction: ClassVar[tuple[float, float]] = (0.0, -1.0)


@TRUTHS.register
class InFrontOfTruth(SideTruth):
    """Nearer to the robot."""

    kind: Literal["in_front_of"] = "in_front_of"

    direction: ClassVar[tuple[float, float]] = (-1.0, 0.0)


@TRUTHS.register
class BehindTruth(SideTruth):
    """Farther from the robot."""

    kind: Literal["behind"] = "behind"

    direction: ClassVar[tuple[float, float]] = (1.0, 0.0)


@TRUTHS.register
class NextToTruth(Related):
    """On one level, side by side, at most 10 cm apart."""

    kind: Literal["next_to"] = "next_to"

    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "reference": "bowl"}

    def between_two(self, item: TrueObject, reference: TrueObject, world: Snapshot) -> Finding:
        """By the distance of the outlines."""
        apart, level = free_distance(item.outline, reference.outline), on_one_level(item, reference)
        return Finding(
            level and -0.002 <= apart <= NEXT_TO,
            f"{item.name} is {apart:.3f} m from {reference.name}{'' if level else ', on another level'}",
        )


@TRUTHS.register
class BetweenTruth(AtRest):
    """On one level with both, in the gap between them, and the line from middle to middle passes through it."""

    kind: Literal["between"] = "between"
    first: Name
    second: Name

    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "first": "bowl", "second": "tray"}

    def of_resting(self, item: TrueObject, before: Snapshot, after: Snapshot) -> Finding:
        """By the line from middle to middle."""
        first, second = after.find(self.first), after.find(self.second)
        if first is None or second is None:
            return Finding(False, "a reference is gone")
        start, way = first.middle[:2], second.middle[:2] - first.middle[:2]
        length = float(np.hypot(*way))
        if length < 1e-6:
            return Finding(False, "the references are in one place")
        along = way / length
        across = np.array([-along[1], along[0]])
        line_off = abs(float((item.middle[:2] - start) @ across))
        reach = item.outline @ along - start @ along
        inside = reach.min() > 0.0 and reach.max() < length
        apart = min(free_distance(item.outline, other.outline) for other in (first, second))
        level = on_one_level(item, first) and on_one_level(item, second)
        holds = level and inside and apart >= -0.002 and line_off <= width_along(item.outline, across) / 2 + LINE
        why = f"{item.name} is {line_off:.3f} m off the line from {first.name} to {second.name}, {apart:.3f} m from the nearer"
        return Finding(bool(holds), why + ("" if inside else ", not between them") + ("" if level else ", on another level"))
