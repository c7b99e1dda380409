"""Truths of distances, rows, edges and corners."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field, JsonValue

from lmp.lab.truth.predicates.at_rest import BROKEN_BY_A_LITTLE, AtRest, Related
from lmp.lab.truth.truth import TRUTHS, Finding
from lmp.lab.truth.truth_snapshot import Snapshot, TrueObject
from lmp.schema.base import Name
from lmp.sims.scenes.footprint import free_distance

SLACK = 0.005
"""By how much a distance may fall short of what was asked, or exceed it [m]."""


@TRUTHS.register
class ApartFromTruth(Related):
    """The outlines are at least so far apart."""

    kind: Literal["apart_from"] = "apart_from"
    distance: Annotated[float, Field(gt=0.0, le=2.0)] = Field(description="least free distance [m]")

    broken_by: ClassVar[tuple[str, ...]] = BROKEN_BY_A_LITTLE
    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "reference": "bowl", "distance": 0.15}

    def between_two(self, item: TrueObject, reference: TrueObject, world: Snapshot) -> Finding:
        """By the distance of the outlines."""
        apart = free_distance(item.outline, reference.outline)
        return Finding(apart >= self.distance - SLACK, f"{item.name} is {apart:.3f} m from {reference.name}")


@TRUTHS.register
class GapTruth(Related):
    """The outlines are as far apart as said."""

    kind: Literal["gap"] = "gap"
    distance: Annotated[float, Field(gt=0.0, le=2.0)] = Field(description="free distance [m]")
    within: Annotated[float, Field(gt=0.0, le=0.5)] = Field(default=0.03, description="largest difference from it [m]")

    broken_by: ClassVar[tuple[str, ...]] = BROKEN_BY_A_LITTLE
    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "reference": "bowl", "distance": 0.05}

    def between_two(self, item: TrueObject, reference: TrueObject, world: Snapshot) -> Finding:
        """By the distance of the outlines."""
        apart = free_distance(item.outline, reference.outline)
        return Finding(abs(apart - self.distance) <= self.within, f"{item.name} is {apart:.3f} m from {reference.name}")


@TRUTHS.register
class AlignedTruth(Related):
    """The middles differ along the row only."""

    kind: Literal["aligned"] = "aligned"
    row: Literal["forward", "left"] = "left"
    within: Annotated[float, Field(gt=0.0, le=0.1)] = Field(default=0.015, description="largest offset from the row [m]")

    broken_by: ClassVar[tuple[str, ...]] = BROKEN_BY_A_LITTLE
    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "reference": "bowl"}

    def between_two(self, item: TrueObject, reference: TrueObject, world: Snapshot) -> Finding:
        """By the middles."""
        across = world.along(1.0, 0.0) if self.row == "left" else world.along(0.0, 1.0)
        off = abs(float((item.middle - reference.middle)[:2] @ across))
        return Finding(off <= self.within, f"{item.name} is {off:.3f} m off the row of {reference.name}")


class BorderTruth(AtRest):
    """Near edges of another object's box, or of the workspace, and not over them."""

    reference: Name | None = None
    within: Annotated[float, Field(gt=0.0, le=0.5)] = Field(default=0.06, description="largest distance from an edge [m]")

    broken_by: ClassVar[tuple[str, ...]] = BROKEN_BY_A_LITTLE

    def gaps(self, item: TrueObject, world: Snapshot) -> dict[str, float] | None:
        """Distances of its corners from each edge, in the frame of what has the edges; None where that is gone [m]."""
        if self.reference is None:
            space = world.scene.world_workspace
            low, high = np.array(space.lower[:2]), np.array(space.upper[:2])
            points = space.T_world_workspace.inverse().apply(item.points)[:, :2]
            turned = space.T_world_workspace.rotation[:2, :2]
        else:
            carrier = world.find(self.reference)
            if carrier is None:
                return None
            angle = np.arctan2(carrier.pose.rotation[1, 0], carrier.pose.rotation[0, 0])
            turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
            own = carrier.points[:, :2] @ turned
            low, high, points = own.min(axis=0), own.max(axis=0), item.points[:, :2] @ turned
        found = {}
        for axis in (0, 1):
            for sign, end in ((1.0, high), (-1.0, low)):
                outward = sign * turned[:, axis]
                ahead, left = (float(outward @ world.along(*way)) for way in ((1.0, 0.0), (0.0, 1.0)))
                side = int(np.argmax([ahead, left, -ahead, -left]))
                found[("behind", "left", "front", "right")[side]] = float((sign * (end[axis] - points[:, axis])).min())
        return found


@TRUTHS.register
class AtEdgeTruth(BorderTruth):
    """Near one edge, over none."""

    kind: Literal["at_edge"] = "at_edge"
    side: Literal["left", "right", "front", "behind", "any"] = "any"

    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "reference": "tray"}

    def of_resting(self, item: TrueObject, before: Snapshot, after: Snapshot) -> Finding:
        """By the distances of its corners."""
        gaps = self.gaps(item, after)
        if gaps is None:
            return Finding(False, f"{self.reference} is gone")
        near = min(gaps.values()) if self.side == "any" else gaps[self.side]
        why = ", ".join(f"{gap:.3f} m from the {side} edge" for side, gap in gaps.items())
        return Finding(min(gaps.values()) >= -SLACK and near <= self.within, why)


@TRUTHS.register
class AtCornerTruth(BorderTruth):
    """Near two edges that meet, over none."""

    kind: Literal["at_corner"] = "at_corner"
    depth: Literal["front", "behind", "any"] = "any"
    side: Literal["left", "right", "any"] = "any"

    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "reference": "tray", "depth": "front", "side": "left"}

    def of_resting(self, item: TrueObject, before: Snapshot, after: Snapshot) -> Finding:
        """By the distances of its corners."""
        gaps = self.gaps(item, after)
        if gaps is None:
            return Finding(False, f"{self.reference} is gone")
        deep = min(gaps["front"], gaps["behind"]) if self.depth == "any" else gaps[self.depth]
        wide = min(gaps["left"], gaps["right"]) if self.side == "any" else gaps[self.side]
        why = ", ".join(f"{gap:.3f} m from the {side} edge" for side, gap in gaps.items())
        return Finding(min(gaps.values()) >= -SLACK and max(deep, wide) <= self.within, why)
