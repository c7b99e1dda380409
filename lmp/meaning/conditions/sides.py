"""Objects side by side: on one of the robot's sides of another, close to it, between two."""

from __future__ import annotations

import math
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, JsonValue

from lmp.meaning.conditions.resting import Resting
from lmp.meaning.directions import directions
from lmp.meaning.relations import DOUBT, LEVEL_DOUBT, free_distance, level, mm
from lmp.schema.condition import CONDITIONS, TARGETS, Condition, Measured, Target
from lmp.schema.places import Places, Spots
from lmp.schema.roles import Reference, Subject
from lmp.schema.scene import Scene, SceneObject

SIDE_GAP = 0.20
"""Largest free distance at which something is still to the left (right, ...) of a reference, rather than elsewhere [m]."""
NEXT_TO_GAP = 0.08
"""Largest free distance of two neighbours [m]."""
CLEAR_GAP, CLEAR_SLOPE = 0.12, 0.5
"""Largest free distance [m], and way to the side as a share of the way along [dimensionless], at which a side is clear."""
NEIGHBOUR_GAP = 0.05
"""Largest free distance of objects that clearly are next to each other [m]."""
MIDDLE, OFF_LINE = 0.2, 0.03
"""Largest distance from the middle between two objects, as a share of theirs [dimensionless], and from their line [m]."""
FAR_DOUBT, CLOSE_DOUBT = 0.101, 0.021
"""How much farther away people might still say that it is on that side, or next to it [m]."""
OVERLAP = 0.005
"""How far an object may reach over the edge that it is beside, by the noise of a measurement [m]."""
MEETING = 0.0019
"""How far outlines of neighbours may overlap [m]."""


class _Beside(Resting):
    """On one side of a reference: at its height, near, and within 45 degrees of the direction."""

    object: Subject
    reference: Reference

    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "reference": "bowl"}

    def geometry(self, scene: Scene) -> Measured:
        """The free distance in that direction, and how far to the side it stands."""
        item, reference = scene.get(self.object), scene.get(self.reference)
        gap, forward, sideways = self._offsets(scene)
        words = f"free distance {mm(gap)} in that direction, {mm(sideways)} to the side"
        even = level(item, reference)
        if even < 0.0:
            return Measured.by(f"the two do not stand at the same height; {words}", even, doubts=LEVEL_DOUBT)
        # Within 45 degrees of the direction: farther to the side, people would name another side. At the very bound, where
        # rounding would decide, it does not hold.
        slacks = even, gap + OVERLAP, SIDE_GAP - gap, forward - 1e-9 - sideways
        return Measured.by(words, *slacks, doubts=(LEVEL_DOUBT, DOUBT, FAR_DOUBT, DOUBT))

    def holds_clearly(self, scene: Scene) -> bool:
        """It is near, and far less to the side than along."""
        gap, forward, sideways = self._offsets(scene)
        return self.measure(scene).holds and gap <= CLEAR_GAP and sideways <= CLEAR_SLOPE * forward

    def _offsets(self, scene: Scene) -> tuple[float, float, float]:
        """The free distance in the direction of the side, and the way from middle to middle along and across it [m]."""
        item, reference = scene.get(self.object), scene.get(self.reference)
        assert self.beside is not None
        along = directions(scene).unit(self.beside)
        offset = item.centre - reference.centre
        across = float(offset[1] * along[0] - offset[0] * along[1])
        return -item.extent(-along) - reference.extent(along), float(offset @ along), abs(across)

    def target(self) -> Target | None:
        """The same side, as a place."""
        return BesideTarget.model_validate({"reference": self.reference, "side": self.beside})


@CONDITIONS.register
class LeftOf(_Beside):
    """The object rests to the robot's left of the reference, at most 0.20 m beside it and within 45 degrees of left."""

    kind: Literal["left_of"] = "left_of"

    beside: ClassVar[str | None] = "left"
    said: ClassVar[str] = "{object} left of {reference}"
    phrases: ClassVar[tuple[str, ...]] = ("to the left of", "left of")


@CONDITIONS.register
class RightOf(_Beside):
    """The object rests to the robot's right of the reference, at most 0.20 m beside it and within 45 degrees of right."""

    kind: Literal["right_of"] = "right_of"

    beside: ClassVar[str | None] = "right"
    said: ClassVar[str] = "{object} right of {reference}"
    phrases: ClassVar[tuple[str, ...]] = ("to the right of", "right of")


@CONDITIONS.register
class InFrontOf(_Beside):
    """The object rests nearer to the robot than the reference, at most 0.20 m before it and within 45 degrees."""

    kind: Literal["in_front_of"] = "in_front_of"

    beside: ClassVar[str | None] = "front"
    said: ClassVar[str] = "{object} in front of {reference}"
    phrases: ClassVar[tuple[str, ...]] = ("in front of", "before")


@CONDITIONS.register
class Behind(_Beside):
    """The object rests farther from the robot than the reference, at most 0.20 m behind it and within 45 degrees."""

    kind: Literal["behind"] = "behind"

    beside: ClassVar[str | None] = "behind"
    said: ClassVar[str] = "{object} behind {reference}"
    phrases: ClassVar[tuple[str, ...]] = ("behind",)


@CONDITIONS.register
class NextTo(Resting):
    """The object rests close beside the reference, on any side, at most 0.08 m away."""

    kind: Literal["next_to"] = "next_to"
    object: Subject
    reference: Reference

    beside: ClassVar[str | None] = "any"
    said: ClassVar[str] = "{object} next to {reference}"
    phrases: ClassVar[tuple[str, ...]] = ("next to", "beside", "by")
    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "reference": "bowl"}

    def geometry(self, scene: Scene) -> Measured:
        """The free distance of the outlines."""
        item, reference = scene.get(self.object), scene.get(self.reference)
        free = round(free_distance(item, reference), 9)  # mirror images give the same answer at the bounds, too
        words, even = f"free distance {mm(free)}", level(item, reference)
        if even < 0.0:
            return Measured.by(f"the two do not stand at the same height; {words}", even, doubts=LEVEL_DOUBT)
        slacks = even, free + MEETING, NEXT_TO_GAP - free
        return Measured.by(words, *slacks, doubts=(LEVEL_DOUBT, DOUBT, CLOSE_DOUBT))

    def holds_clearly(self, scene: Scene) -> bool:
        """It is nearer than a neighbour may be at most."""
        return self.measure(scene).holds and free_distance(scene.get(self.object), scene.get(self.reference)) <= NEIGHBOUR_GAP

    def target(self) -> Target | None:
        """The same, as a place."""
        return BesideTarget(reference=self.reference)


@CONDITIONS.register
class Between(Resting):
    """The object rests between two references: the line from middle to middle passes through it."""

    kind: Literal["between"] = "between"
    object: Subject
    first: Reference
    second: Reference

    said: ClassVar[str] = "{object} between {first} and {second}"
    phrases: ClassVar[tuple[str, ...]] = ("between", "in between")
    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "first": "bowl", "second": "tray"}

    def geometry(self, scene: Scene) -> Measured:
        """Measure where along the line it stands, and how far off it."""
        item, first, second = (scene.get(name) for name in (self.object, self.first, self.second))
        start, line = first.centre[:2], second.centre[:2] - first.centre[:2]
        length = float(np.linalg.norm(line))
        if length < 1e-6:
            return Measured.no(f"{self.first} and {self.second} are at one place")
        offset = item.centre[:2] - start
        along = np.array([*(line / length), 0.0])
        across = np.array([-along[1], along[0], 0.0])
        share, sideways = float(offset @ line) / length**2, abs(float(offset @ across[:2]))
        words = f"{round(share * 100)} % of the way from {self.first} to {self.second}, {mm(sideways)} off the line"
        even = min(level(item, first), level(item, second))
        if even < 0.0:
            return Measured.by(f"it does not stand at their height; {words}", even, doubts=LEVEL_DOUBT)
        half = (item.extent(across) + item.extent(-across)) / 2
        begins, ends = -item.extent(-along) - start @ along[:2], item.extent(along) - start @ along[:2]
        ends_within = min(begins, length - ends) - 1e-12  # what reaches a middle stands over it, not between
        shares = min(share - 0.2, 0.8 - share) * length
        free = min(free_distance(item, first), free_distance(item, second))
        # Anywhere along the line counts for some, and a line that passes a centimetre beside it.
        doubts = (LEVEL_DOUBT, math.inf, DOUBT, 0.011, DOUBT)
        return Measured.by(words, even, shares, ends_within, half - sideways, free + MEETING, doubts=doubts)

    def holds_clearly(self, scene: Scene) -> bool:
        """It is near the middle, and near the line."""
        start, line = scene.get(self.first).centre[:2], (scene.get(self.second).centre - scene.get(self.first).centre)[:2]
        offset, length = scene.get(self.object).centre[:2] - start, float(np.linalg.norm(line))
        if not self.measure(scene).holds:
            return False
        off_line = abs(float(offset[0] * line[1] - offset[1] * line[0])) / length
        return abs(float(offset @ line) / length**2 - 0.5) <= MIDDLE and off_line <= OFF_LINE

    def target(self) -> Target | None:
        """The same, as a place."""
        return BetweenTarget(first=self.first, second=self.second)


_SIDES: dict[str, type[_Beside]] = {"left": LeftOf, "right": RightOf, "front": InFrontOf, "behind": Behind}
_WORDS = {"left": "to the left of", "right": "to the right of", "front": "in front of", "behind": "behind", "any": "beside"}


@TARGETS.register
class BesideTarget(Target):
    """On the same support as the reference, on one side of it, or on whichever side is free."""

    kind: Literal["beside"] = "beside"
    reference: Reference
    side: Literal["left", "right", "front", "behind", "any"] = Field(
        default="any", description="the robot's left or right, front (nearer to the robot), behind (farther away)"
    )
    gap: float = Field(default=0.03, gt=0.0, le=0.2, description="free distance between the two [m]")

    tested: ClassVar[bool] = True  # a spot to the side of a turned object can lie too far off

    @property
    def words(self) -> str:
        """The side of the reference."""
        return f"{_WORDS[self.side]} {self.reference}"

    def condition(self, name: str) -> Condition | None:
        """It is on that side, or next to the reference."""
        return _SIDES.get(self.side, NextTo).model_validate({"object": name, "reference": self.reference})

    def spots(self, item: SceneObject, places: Places) -> Spots:
        """Beside the reference."""
        sides = tuple(side for side in _SIDES if self.side in (side, "any"))
        return places.beside(self.reference, sides, self.gap, self.words)


@TARGETS.register
class BetweenTarget(Target):
    """Half way between two objects, or at the nearest free place to that on the line between them."""

    kind: Literal["between"] = "between"
    first: Reference
    second: Reference

    said: ClassVar[str | None] = "between {first} and {second}"

    def condition(self, name: str) -> Condition | None:
        """It is between the two."""
        return Between(object=name, first=self.first, second=self.second)

    def spots(self, item: SceneObject, places: Places) -> Spots:
        """In the stretch between the two."""
        return places.between(self.first, self.second)
