"""The attitude of an object: its heading, and how upright it stands."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field, JsonValue

from lmp.meaning.conditions.resting import Resting
from lmp.meaning.directions import directions
from lmp.meaning.object_states import TALL
from lmp.schema.condition import CONDITIONS, Measured
from lmp.schema.roles import Subject
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.shape import Cylinder, Sphere, solid_parts

Turn = Annotated[float, Field(ge=-3.1416, le=3.1416)]
Tilt = Annotated[float, Field(ge=0.0, le=3.1416)]


@CONDITIONS.register
class Heading(Resting):
    """The object's own x axis heads to `yaw`; turns after which the object looks the same are taken as equal."""

    kind: Literal["heading"] = "heading"
    object: Subject
    yaw: Turn = Field(description="heading of the object's x axis, from the robot's forward towards its left [rad]")
    tolerance: Annotated[float, Field(gt=0.0, le=0.8)] = Field(default=0.1, description="largest difference of heading [rad]")
    exact: bool = Field(
        default=False,
        description="whether turns after which it looks the same count as different, for what is followed",
    )

    said: ClassVar[str] = "{object} heading {yaw:.3g} rad, tolerance {tolerance:.3g}"
    phrases: ClassVar[tuple[str, ...]] = ("facing", "heading", "turned to")
    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "yaw": 1.571}

    def geometry(self, scene: Scene) -> Measured:
        """The smallest difference to a heading that looks as asked."""
        from lmp.meaning.symmetry import heading_of, period  # Few goals tell a heading.

        item = scene.get(self.object)
        alike = 2 * math.pi if self.exact else period(item)
        if alike == 0.0:
            return Measured.undecided(f"{item.name} looks the same from all sides: it has no heading that could be told")
        now = directions(scene).viewer_yaw(heading_of(item))
        off = abs(math.remainder(now - self.yaw, alike))
        same = "" if alike > 6.0 else f"; it looks the same every {math.degrees(alike):.0f} degrees"
        return Measured.by(f"it heads {math.degrees(off):.1f} degrees off{same}", self.tolerance - off, unit="rad", doubts=0.03)


def tilt_of(item: SceneObject) -> float | None:
    """Angle by which an object leans from standing [rad]; None for a ball, which stands whichever way it lies.

    A hollow has to be open at the top. A cylinder, and whatever is clearly higher than wide, may stand on either end;
    anything else on any face.
    """
    rotation = item.pose.rotation
    if item.cavities:
        return math.acos(min(1.0, max(-1.0, float(rotation[2, 2]))))
    parts = solid_parts(item.shape)
    if all(isinstance(part.shape, Sphere) for part in parts):
        return None
    x, y, z = item.size
    if len(parts) == 1 and isinstance(parts[0].shape, Cylinder):
        return math.acos(min(1.0, abs(float((rotation @ parts[0].pose.rotation)[2, 2]))))
    axes = np.abs(rotation[2]) if z < TALL * max(x, y) else np.abs(rotation[2, 2:])
    return math.acos(min(1.0, float(axes.max())))


@CONDITIONS.register
class Upright(Resting):
    """The object stands upright: a hollow one open at the top, a long one on an end, any other on a face."""

    kind: Literal["upright"] = "upright"
    object: Subject
    tolerance: Annotated[float, Field(gt=0.0, le=0.7)] = Field(default=0.17, description="largest tilt [rad]")

    said: ClassVar[str] = "{object} upright"
    phrases: ClassVar[tuple[str, ...]] = ("upright", "standing")
    example: ClassVar[dict[str, JsonValue]] = {"object": "mug"}

    def geometry(self, scene: Scene) -> Measured:
        """Its tilt."""
        tilt = tilt_of(scene.get(self.object))
        if tilt is None:
            return Measured.undecided(f"{self.object} stands whichever way it lies")
        return Measured.by(f"it is tilted by {math.degrees(tilt):.1f} degrees", self.tolerance - tilt, unit="rad", doubts=0.04)


@CONDITIONS.register
class Tilted(Resting):
    """The object leans or lies: its tilt from standing upright is between two angles."""

    kind: Literal["tilted"] = "tilted"
    object: Subject
    least: Tilt = Field(default=0.35, description="smallest tilt [rad]")
    most: Tilt = Field(default=3.1416, description="largest tilt, pi for upside down [rad]")

    wants_upright: ClassVar[bool] = False
    said: ClassVar[str] = "{object} tilted by {least:.3g} to {most:.3g} rad"
    phrases: ClassVar[tuple[str, ...]] = ("tilted", "on its side", "upside down")
    example: ClassVar[dict[str, JsonValue]] = {"object": "mug", "least": 1.2, "most": 1.9}

    def geometry(self, scene: Scene) -> Measured:
        """Its tilt."""
        tilt = tilt_of(scene.get(self.object))
        if tilt is None:
            return Measured.undecided(f"{self.object} stands whichever way it lies")
        words = f"it is tilted by {math.degrees(tilt):.1f} degrees"
        return Measured.by(words, tilt - self.least, self.most - tilt, unit="rad", doubts=0.08)
