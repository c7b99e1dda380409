"""Truths of how an object is turned."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field, JsonValue

from lmp.lab.truth.predicates.at_rest import AtRest
from lmp.lab.truth.truth import TRUTHS, Finding
from lmp.lab.truth.truth_snapshot import Snapshot, TrueObject

ALIKE = 0.0015
"""How far a corner may be from the nearest one after a turn after which an object looks the same [m]."""
ROUND = 10
"""Turns in a circle that look the same from which on an object has no heading [count]."""
Turn = Annotated[float, Field(ge=-3.1416, le=3.1416)]


@TRUTHS.register
class HeadingTruth(AtRest):
    """The object's x axis heads somewhere, seen from above; what looks the same counts as the same."""

    kind: Literal["heading"] = "heading"
    yaw: Turn = Field(description="heading of its x axis from forward towards the left [rad]")
    within: Annotated[float, Field(gt=0.0, le=0.8)] = Field(default=0.12, description="largest difference [rad]")

    broken_by: ClassVar[tuple[str, ...]] = ("turn", "lift")
    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "yaw": 1.571}

    def of_resting(self, item: TrueObject, before: Snapshot, after: Snapshot) -> Finding:
        """Turned about its middle by what is missing, its corners are where corners of it are."""
        alike = _turns_alike(item)
        if alike >= ROUND:
            return Finding(None, f"not judged: {item.name} looks the same from all sides")
        x_axis = item.pose.rotation[:, 0] if abs(item.pose.rotation[2, 0]) < 0.87 else item.pose.rotation[:, 1]
        behind = 0.0 if abs(item.pose.rotation[2, 0]) < 0.87 else math.pi / 2
        ahead = after.along(1.0, 0.0)
        missing = self.yaw + math.atan2(ahead[1], ahead[0]) - (math.atan2(x_axis[1], x_axis[0]) - behind)
        off = min(abs(math.remainder(missing + 2 * math.pi * turn / alike, 2 * math.pi)) for turn in range(alike))
        return Finding(off <= self.within, f"{item.name} heads {math.degrees(off):.1f} degrees off")


def _turns_alike(item: TrueObject) -> int:
    """Number of turns in a circle after which its corners lie on its corners [count]."""
    local = item.points - item.points.mean(axis=0)
    for count in (24, 20, 16, 12, 10, 8, 6, 5, 4, 3, 2):
        c, s = math.cos(2 * math.pi / count), math.sin(2 * math.pi / count)
        turned = local @ np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])
        nearest = np.linalg.norm(turned[:, None, :] - local[None, :, :], axis=2).min(axis=1)
        if nearest.max() <= ALIKE:
            return count
    return 1


@TRUTHS.register
class UprightTruth(AtRest):
    """The object's own z axis points up, or for one without a hollow, one of its axes that may."""

    kind: Literal["upright"] = "upright"
    within: Annotated[float, Field(gt=0.0, le=0.8)] = Field(default=0.2, description="largest tilt [rad]")

    example: ClassVar[dict[str, JsonValue]] = {"object": "mug"}

    def of_resting(self, item: TrueObject, before: Snapshot, after: Snapshot) -> Finding:
        """By the tilt."""
        tilt = _tilt(item)
        if tilt is None:
            return Finding(None, f"not judged: {item.name} is a ball")
        return Finding(tilt <= self.within, f"{item.name} leans by {math.degrees(tilt):.1f} degrees")


@TRUTHS.register
class TiltedTruth(AtRest):
    """The object leans by an angle between two."""

    kind: Literal["tilted"] = "tilted"
    least: Annotated[float, Field(ge=0.0, le=3.1416)] = Field(default=0.3, description="smallest tilt [rad]")
    most: Annotated[float, Field(ge=0.0, le=3.1416)] = Field(default=3.1416, description="largest tilt [rad]")

    example: ClassVar[dict[str, JsonValue]] = {"object": "mug", "least": 1.2}

    def of_resting(self, item: TrueObject, before: Snapshot, after: Snapshot) -> Finding:
        """By the tilt."""
        tilt = _tilt(item)
        if tilt is None:
            return Finding(None, f"not judged: {item.name} is a ball")
        holds = self.least - 0.02 <= tilt <= self.most + 0.02
        return Finding(holds, f"{item.name} leans by {math.degrees(tilt):.1f} degrees")


def _tilt(item: TrueObject) -> float | None:
    """Lean of what has a hollow, is round about z, or long along z; else of its most upright axis; None for a ball [rad]."""
    up = item.pose.rotation[2]
    if item.hollows:
        return math.acos(min(1.0, max(-1.0, float(up[2]))))
    local = item.pose.inverse().apply(item.points)
    x, y, z = local.max(axis=0) - local.min(axis=0)
    radii, heights = np.hypot(local[:, 0], local[:, 1]), np.unique(local[:, 2].round(4))
    if len(heights) > 2 and len(local) > 16:
        return None
    is_round = len(local) > 16 and float(np.ptp(radii)) <= ALIKE
    may_stand = [2] if is_round or z >= 1.25 * max(x, y) else [0, 1, 2]
    return min(math.acos(min(1.0, abs(float(up[axis])))) for axis in may_stand)
