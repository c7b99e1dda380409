"""Truths of places and displacements."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, JsonValue

from lmp.lab.truth.predicates.at_rest import BROKEN_BY_A_LITTLE, LEVEL, AtRest
from lmp.lab.truth.truth import TRUTHS, Finding
from lmp.lab.truth.truth_snapshot import Snapshot, TrueObject

TIPPED = np.cos(np.radians(15.0))
DIRECTIONS = {"left": (0.0, 1.0), "right": (0.0, -1.0), "forward": (1.0, 0.0), "backward": (-1.0, 0.0)}
Side = Literal["left", "right", "forward", "backward"]
Within = Annotated[float, Field(gt=0.0, le=0.5)]
Shift = Annotated[float, Field(ge=-1.0, le=1.0)]


@TRUTHS.register
class AtTruth(AtRest):
    """The object's middle is at a place."""

    kind: Literal["at"] = "at"
    x: Shift = Field(description="how far forward of the robot's base [m]")
    y: Shift = Field(description="how far to the left of the robot's base [m]")
    within: Within = Field(default=0.03, description="largest horizontal distance from there [m]")

    broken_by: ClassVar[tuple[str, ...]] = BROKEN_BY_A_LITTLE
    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "x": 0.4, "y": 0.1}

    def of_resting(self, item: TrueObject, before: Snapshot, after: Snapshot) -> Finding:
        """By the distance of its middle."""
        away = float(np.hypot(*(item.middle[:2] - after.place(self.x, self.y))))
        return Finding(away <= self.within, f"{item.name} is {away:.3f} m from there")


@TRUTHS.register
class MovedByTruth(AtRest):
    """The object's middle was displaced along what it stands on, or from there down to furniture."""

    kind: Literal["moved_by"] = "moved_by"
    dx: Shift = Field(default=0.0, description="displacement away from the robot [m]")
    dy: Shift = Field(default=0.0, description="displacement to the left [m]")
    within: Within = Field(default=0.03, description="largest horizontal distance from the goal [m]")

    broken_by: ClassVar[tuple[str, ...]] = BROKEN_BY_A_LITTLE
    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "dy": 0.1}

    def of_resting(self, item: TrueObject, before: Snapshot, after: Snapshot) -> Finding:
        """By the way of its middle."""
        return _moved(item, before.find(item.name), after.along(self.dx, self.dy), self.within, after.supports)


@TRUTHS.register
class MovedTruth(AtRest):
    """The object's middle was displaced in one of four directions."""

    kind: Literal["moved"] = "moved"
    direction: Side
    distance: Within = Field(description="how far [m]")
    within: Within = Field(default=0.03, description="largest horizontal distance from the goal [m]")

    broken_by: ClassVar[tuple[str, ...]] = BROKEN_BY_A_LITTLE
    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "direction": "left", "distance": 0.1}

    def of_resting(self, item: TrueObject, before: Snapshot, after: Snapshot) -> Finding:
        """By the way of its middle."""
        way = after.along(*(self.distance * part for part in DIRECTIONS[self.direction]))
        return _moved(item, before.find(item.name), way, self.within, after.supports)


@TRUTHS.register
class NotMovedTruth(AtRest):
    """The object is still where it was, and was not tipped."""

    kind: Literal["not_moved"] = "not_moved"
    within: Within = Field(default=0.02, description="largest horizontal distance from its start [m]")

    broken_by: ClassVar[tuple[str, ...]] = BROKEN_BY_A_LITTLE
    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block"}

    def of_resting(self, item: TrueObject, before: Snapshot, after: Snapshot) -> Finding:
        """By the way of its middle, and its tilt."""
        start = before.find(item.name)
        upright = start is not None and float(item.pose.rotation[:, 2] @ start.pose.rotation[:, 2]) > TIPPED
        found = _moved(item, start, np.zeros(2), self.within)
        return Finding(bool(found.holds) and upright, found.why if upright else f"{item.name} was tipped")


def _moved(
    item: TrueObject,
    start: TrueObject | None,
    way: NDArray[np.float64],
    within: float,
    supports: frozenset[str] = frozenset(),
) -> Finding:
    """By the way of its middle; it stays on its level, or comes down to one of the supports."""
    if start is None:
        return Finding(False, f"{item.name} was not there at the start")
    away = round(float(np.hypot(*(item.middle[:2] - start.middle[:2] - way))), 9)  # at the very bound, too, in a turned world
    level = abs(item.bottom - start.bottom) <= LEVEL or (item.bottom < start.bottom and bool(supports & item.touching))
    return Finding(
        away <= within and level, f"{item.name} is {away:.3f} m from its goal{'' if level else ', on another level'}"
    )
