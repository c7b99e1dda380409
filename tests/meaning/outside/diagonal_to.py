"""A relation of another package: the object stands diagonally beside a reference."""

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, JsonValue

from lmp.meaning.conditions import Resting
from lmp.meaning.directions import directions
from lmp.schema.condition import CONDITIONS, Measured
from lmp.schema.outcome import Outcome
from lmp.schema.roles import Reference, Subject
from lmp.schema.scene import Scene


@CONDITIONS.register
class DiagonalTo(Resting):
    """The object rests diagonally beside the corner stone: as far forward of it or back from it as to its side."""

    kind: Literal["diagonal_to"] = "diagonal_to"
    object: Subject
    corner_stone: Reference
    most: float = Field(default=0.2, gt=0.0, le=0.5, description="largest distance of the middles [m]")

    is_place: ClassVar[bool] = True
    said: ClassVar[str] = "{object} diagonal to {corner_stone}"
    phrases: ClassVar[tuple[str, ...]] = ("diagonal to",)
    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "corner_stone": "bowl"}

    def geometry(self, scene: Scene) -> Measured:
        """The difference of the two offsets, and the distance."""
        offset = scene.get(self.object).centre - scene.get(self.corner_stone).centre
        forward, left, _ = directions(scene).components(offset)
        off, away = abs(abs(float(forward)) - abs(float(left))), float(np.hypot(forward, left))
        return Measured.by(f"{off * 1000:.0f} mm off the diagonal, {away:.3f} m away", 0.015 - off, self.most - away)

    def blame(self, before: Scene, after: Scene) -> Outcome | None:
        """Near the corner stone and not diagonal is a failure of its own."""
        margin = self.geometry(after).margin
        return Outcome("crooked") if margin is not None and margin > -0.1 else None
