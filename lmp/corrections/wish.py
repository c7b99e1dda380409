"""What a correction in words asks for, typed: about what, in which direction, by how much."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lmp.schema.base import Model
from lmp.schema.motion import Direction

About = Literal["height", "arc", "speed", "gentleness", "grip", "shift", "from", "distance", "grasp", "straight", "again"]
Unit = Literal["m", "m/s", "N", "share"]

A_BIT, PLAIN, MUCH = 1.0, 2.0, 4.0
"""How many small steps words without a number ask for [dimensionless]."""


class Wish(Model):
    """One thing that is to be different.

    Attributes:
        about: height: the lift, or the height of the release. arc: how far the path goes over the straight line.
            gentleness: less force and less speed. grip: the force alone. shift: where it ends. from: the side from which it
            is approached. distance: how far a push goes, or the gap to the reference. grasp: another way to take it.
            straight: no shape of the path. again: the last correction once more, or back.
        direction: For shift and from; None for "from the side".
        unit: Of the amount; None where there is none.
    """

    about: About
    direction: Direction | None = None
    degree: Annotated[float, Field(ge=-8.0, le=8.0)] = Field(
        default=PLAIN, description="small steps, below zero for less of it [dimensionless]"
    )
    amount: Annotated[float, Field(gt=0.0, le=1000.0)] | None = Field(
        default=None, description="how much, where a number was said, its sign is the degree's [in `unit`]"
    )
    unit: Unit | None = None

    def times(self, factor: float) -> Wish:
        """The same wish, more or less of it, or back [dimensionless]."""
        degree = min(max(self.degree * factor, -8.0), 8.0)
        amount = None if self.amount is None else min(max(self.amount * abs(factor), 1e-6), 1000.0)
        return self.model_copy(update={"degree": degree, "amount": amount})
