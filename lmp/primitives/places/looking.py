"""The ways to look for places that targets and conditions ask for."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.places.spot import Spot, Standing
from lmp.primitives.places.spots import spots_at, spots_beside, spots_between, spots_in, spots_on
from lmp.schema.condition import Condition
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.verdict import Violation

Array = NDArray[np.float64]
Spots = Iterator[Spot] | Violation


class Looking:
    """Search for spots for an object that would stand in some way, by what it is to be put on, in, beside or so that.

    Args:
        thing: What is put down.
        upright: How it would stand.
        scene: As it is now.
    """

    def __init__(self, thing: SceneObject, upright: Standing, scene: Scene):
        self.thing, self.upright, self.scene = thing, upright, scene

    def on(self, support: str) -> Spots:
        """On an object's flat top, or free spots of a floor, the nearest first."""
        return spots_on(self.thing, self.upright, self.scene.get(support), self.scene)

    def inside(self, container: str) -> Spots:
        """On a container's floor, so that room is left for more, then on what is in it."""
        return spots_in(self.thing, self.upright, self.scene.get(container), self.scene)

    def beside(self, reference: str, sides: tuple[str, ...], gap: float, label: str) -> Spots:
        """At the height of an object, at a free distance from it [m] on one of the robot's sides, or a little farther."""
        return spots_beside(self.scene.get(reference), sides, gap, label, self.scene)

    def between(self, first: str, second: str) -> Spots:
        """In the free stretch between two objects."""
        return spots_between(self.thing, self.upright, self.scene.get(first), self.scene.get(second), self.scene)

    def at(self, x: float, y: float, support: str | None = None) -> Spots:
        """At a place [m], on the highest that is there or on what is named."""
        return spots_at(self.thing, np.array([x, y]), support, self.scene)

    def where(self, condition: Condition, on: str | None = None) -> Spots:
        """Points of the surfaces in question where the condition would hold, the nearest of those that hold clearly first."""
        from lmp.primitives.places.wherever import wherever  # Most conditions say themselves where to look.

        return wherever(self, condition, on)
