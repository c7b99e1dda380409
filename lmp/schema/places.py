"""The ways to look for places that a target or a condition may ask for; `lmp/primitives/places` has them."""

from __future__ import annotations

from typing import Any, Protocol

from lmp.schema.scene import Scene

Spots = Any
"""Spots to try, best first, or a violation that says why there are none: both belong to `lmp/primitives/places`."""


class Places(Protocol):
    """The places at which an object that is to be put down could stand.

    Attributes:
        scene: As it is now, with the object in it.
    """

    scene: Scene

    def on(self, support: str) -> Spots:
        """On an object's flat top, or free spots of a floor, the nearest first."""

    def inside(self, container: str) -> Spots:
        """On a container's floor, so that room is left for more, then on what is in it."""

    def beside(self, reference: str, sides: tuple[str, ...], gap: float, label: str) -> Spots:
        """At the height of an object, at a free distance from it [m] on one of the robot's sides, or a little farther."""

    def between(self, first: str, second: str) -> Spots:
        """In the free stretch between two objects."""

    def at(self, x: float, y: float, support: str | None = None) -> Spots:
        """At a place [m], on the highest that is there or on what is named."""

    def where(self, condition: Any, on: str | None = None) -> Spots:
        """On the support, or on what its object's surroundings stand on, wherever the condition would hold; by margin."""
