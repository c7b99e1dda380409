"""Truths of contact."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field, JsonValue

from lmp.lab.truth.truth import TRUTHS, Finding, Predicate
from lmp.lab.truth.truth_snapshot import Snapshot, TrueObject
from lmp.schema.base import Name
from lmp.schema.pose import Pose
from lmp.schema.shape import Cavity


@TRUTHS.register
class TouchingTruth(Predicate):
    """The world reports a contact of the two."""

    kind: Literal["touching"] = "touching"
    object: Name
    reference: Name

    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "reference": "blue_block"}

    def judge(self, before: Snapshot, after: Snapshot) -> Finding:
        """By the contacts of either."""
        first, second = after.find(self.object), after.find(self.reference)
        if first is None or second is None:
            return Finding(False, f"{self.object if first is None else self.reference} is gone")
        touches = second.name in first.touching or first.name in second.touching
        return Finding(touches, f"{first.name} {'touches' if touches else 'does not touch'} {second.name}")


@TRUTHS.register
class InsertedTruth(Predicate):
    """All corners of the object below the rim are within the opening, and it reaches deep enough."""

    kind: Literal["inserted"] = "inserted"
    object: Name
    reference: Name
    depth: Annotated[float, Field(gt=0.0, le=1.0)] = Field(default=0.008, description="least depth below the rim [m]")

    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "reference": "bowl"}

    def judge(self, before: Snapshot, after: Snapshot) -> Finding:
        """In one of its hollows."""
        item, container = after.find(self.object), after.find(self.reference)
        if item is None or container is None:
            return Finding(False, f"{self.object if item is None else self.reference} is gone")
        deep = max((self._depth(item, cavity, frame) for cavity, frame in container.hollows), default=-1.0)
        return Finding(deep >= self.depth, f"{item.name} reaches {max(deep, 0.0):.3f} m below the rim of {container.name}")

    def _depth(self, item: TrueObject, cavity: Cavity, frame: Pose) -> float:
        """Depth in a hollow, -1 where a corner is outside of the walls or below the floor [m]."""
        local = frame.inverse().apply(item.points)
        if cavity.round:
            within = np.hypot(local[:, 0], local[:, 1]) <= cavity.half_x + 0.003
        else:
            within = (np.abs(local[:, 0]) <= cavity.half_x + 0.003) & (np.abs(local[:, 1]) <= cavity.half_y + 0.003)
        if not within.all() or local[:, 2].min() < cavity.floor - 0.01:
            return -1.0
        return float(cavity.rim - local[:, 2].min())
