"""Distances and rows: apart from a reference, aligned with it, at an edge or a corner of what carries it."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, JsonValue

from lmp.meaning.conditions.resting import Resting
from lmp.meaning.directions import directions
from lmp.meaning.relations import free_distance, mm
from lmp.schema.condition import CONDITIONS, Measured
from lmp.schema.roles import Reference, Subject, Support
from lmp.schema.scene import Scene

Array = NDArray[np.float64]
Gap = Annotated[float, Field(gt=0.0, le=0.5)]
Side = Literal["left", "right", "front", "behind"]


@CONDITIONS.register
class ApartFrom(Resting):
    """The object rests at least so far from the reference, outline to outline, seen from above."""

    kind: Literal["apart_from"] = "apart_from"
    object: Subject
    reference: Reference
    distance: Annotated[float, Field(gt=0.0, le=2.0)] = Field(description="least free distance [m]")

    is_place: ClassVar[bool] = True
    distance_field: ClassVar[str | None] = "distance"
    said: ClassVar[str] = "{object} at least {distance:.3g} m from {reference}"
    phrases: ClassVar[tuple[str, ...]] = ("away from", "apart from", "far from")
    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "reference": "bowl", "distance": 0.15}

    def geometry(self, scene: Scene) -> Measured:
        """The free distance of the outlines."""
        free = free_distance(scene.get(self.object), scene.get(self.reference))
        return Measured.by(f"free distance {mm(free)}", free - self.distance, doubts=0.006)


@CONDITIONS.register
class Aligned(Resting):
    """The object rests in one row with the reference: their middles differ along the row only, which runs one of two ways."""

    kind: Literal["aligned"] = "aligned"
    object: Subject
    reference: Reference
    row: Literal["forward", "left"] = Field(
        default="left", description="way of the row: forward leads away from the robot, left from its right to its left"
    )
    tolerance: Annotated[float, Field(gt=0.0, le=0.1)] = Field(default=0.01, description="largest offset from the row [m]")

    is_place: ClassVar[bool] = True
    said: ClassVar[str] = "{object} aligned with {reference} in a row that runs {row}"
    phrases: ClassVar[tuple[str, ...]] = ("in line with", "aligned with")
    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "reference": "bowl", "row": "left"}

    def geometry(self, scene: Scene) -> Measured:
        """Measure how far its middle is off the row."""
        across = directions(scene).unit("left" if self.row == "forward" else "forward")
        off = abs(float((scene.get(self.object).centre - scene.get(self.reference).centre) @ across))
        return Measured.by(f"{mm(off)} off the row", self.tolerance - off, doubts=max(0.006, self.tolerance / 2))


@CONDITIONS.register
class AtEdge(Resting):
    """The object rests at an edge of the support, or of the workspace, on one side or on any: near it and not over it."""

    kind: Literal["at_edge"] = "at_edge"
    object: Subject
    support: Support | None = Field(default=None, description="whose edge, null for the workspace's")
    side: Side | Literal["any"] = Field(default="any", description="the robot's side of the support on which the edge is")
    gap: Gap = Field(default=0.05, description="largest distance of its nearest side from the edge [m]")

    is_place: ClassVar[bool] = True
    phrases: ClassVar[tuple[str, ...]] = ("at the edge of", "on the edge of")
    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "support": "tray", "side": "left"}

    @property
    def words(self) -> str:
        """The edge."""
        which = "an edge" if self.side == "any" else f"the {self.side} edge"
        return f"{self.object} at {which} of {self.support or 'the workspace'}"

    def geometry(self, scene: Scene) -> Measured:
        """The distances of its sides from the edges."""
        free = _to_edges(scene, self.object, self.support)
        sides = list(free) if self.side == "any" else [self.side]
        nearest = min(sides, key=lambda side: abs(free[side]))
        words = f"{mm(free[nearest])} from the {nearest} edge"
        return Measured.by(words, self.gap - free[nearest], min(free.values()), doubts=0.011)


@CONDITIONS.register
class AtCorner(Resting):
    """The object rests at a corner of the support, or of the workspace: near both edges and not over them."""

    kind: Literal["at_corner"] = "at_corner"
    object: Subject
    support: Support | None = Field(default=None, description="whose corner, null for the workspace's")
    depth: Literal["front", "behind", "any"] = Field(default="any", description="nearer to the robot or farther away")
    side: Literal["left", "right", "any"] = Field(default="any", description="the robot's side of the support")
    gap: Gap = Field(default=0.06, description="largest distance of its sides from both edges [m]")

    is_place: ClassVar[bool] = True
    phrases: ClassVar[tuple[str, ...]] = ("in the corner of", "at the corner of")
    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "support": "tray", "depth": "front", "side": "left"}

    @property
    def words(self) -> str:
        """The corner."""
        which = " ".join(part for part in (self.depth, self.side) if part != "any")
        return f"{self.object} at {f'the {which}' if which else 'a'} corner of {self.support or 'the workspace'}"

    def geometry(self, scene: Scene) -> Measured:
        """The distances of its sides from the two edges."""
        free = _to_edges(scene, self.object, self.support)
        depth = min(("front", "behind") if self.depth == "any" else (self.depth,), key=lambda side: abs(free[side]))
        side = min(("left", "right") if self.side == "any" else (self.side,), key=lambda side: abs(free[side]))
        words = f"{mm(free[depth])} from the {depth} edge, {mm(free[side])} from the {side} one"
        return Measured.by(words, self.gap - free[depth], self.gap - free[side], min(free.values()), doubts=0.011)


def _to_edges(scene: Scene, name: str, support: str | None) -> dict[str, float]:
    """Distances of an object's outline from the four edges of a box seen from above, negative where it is over one [m].

    The box is that around the support in its own frame; each edge goes by the robot's side that it faces most.
    """
    item, robot = scene.get(name), directions(scene)
    free = {}
    for axis, end in _edges(scene, support):
        side = max(("left", "right", "front", "behind"), key=lambda side: float(axis @ robot.unit(side)))
        free[side] = end - item.extent(axis)
    return free


def _edges(scene: Scene, support: str | None) -> list[tuple[Array, float]]:
    """Outward directions of the edges with where they are along these [m]."""
    if support is None:
        corners = scene.workspace.corners
        normals = [(after - before) for before, after in zip(corners, np.roll(corners, -1, axis=0), strict=True)]
        axes = [np.array([edge[1], -edge[0], 0.0]) / np.hypot(*edge) for edge in normals]
        return [(axis, float(corners[index] @ axis[:2])) for index, axis in enumerate(axes)]
    carrier = scene.get(support)
    first = carrier.pose.rotation[:2, 0]
    if math.hypot(*first) < 0.7:
        first = carrier.pose.rotation[:2, 1]
    along = np.array([*(first / math.hypot(*first)), 0.0])
    across = np.array([-along[1], along[0], 0.0])
    return [(axis, carrier.extent(axis)) for axis in (along, across, -along, -across)]
