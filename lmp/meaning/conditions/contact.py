"""Objects in contact: touching, and inserted into each other."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field, JsonValue

from lmp.meaning.relations import CONTACT_GAP, mm
from lmp.schema.condition import CONDITIONS, Condition, Measured
from lmp.schema.pose import Pose
from lmp.schema.roles import Container, Reference, Subject
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.shape import Cavity


@CONDITIONS.register
class Touching(Condition):
    """The object touches the reference, in any direction, at rest or in the gripper."""

    kind: Literal["touching"] = "touching"
    object: Subject
    reference: Reference

    said: ClassVar[str] = "{object} touching {reference}"
    phrases: ClassVar[tuple[str, ...]] = ("touching", "against")
    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "reference": "blue_block"}

    def measure(self, scene: Scene) -> Measured:
        """The contact where contacts are perceived, else the free distance."""
        item, reference = scene.get(self.object), scene.get(self.reference)
        if item.name == reference.name:
            return Measured.no("an object does not touch itself")
        told = item.touching if item.touching is not None else reference.touching
        if told is not None:
            touches = reference.name in (item.touching or ()) or item.name in (reference.touching or ())
            return Measured(touches, f"it {'touches' if touches else 'does not touch'} {reference.name}")
        from lmp.meaning.separation import distance  # Needed where contacts are not perceived.

        apart = distance(item, reference)
        return Measured.by(f"it is {mm(apart)} from {reference.name}", CONTACT_GAP - apart)


@CONDITIONS.register
class Inserted(Condition):
    """The object sticks in a hollow of the container, at least so deep and with its whole width inside, held or let go."""

    kind: Literal["inserted"] = "inserted"
    object: Subject
    container: Container
    depth: Annotated[float, Field(gt=0.0, le=1.0)] = Field(default=0.01, description="least depth below the rim [m]")

    said: ClassVar[str] = "{object} inserted in {container} by {depth:.3g} m"
    phrases: ClassVar[tuple[str, ...]] = ("inserted in", "stuck in")
    example: ClassVar[dict[str, JsonValue]] = {"object": "peg", "container": "socket", "depth": 0.02}

    def measure(self, scene: Scene) -> Measured:
        """Along the hollow's own axis, however the container stands."""
        item, container = scene.get(self.object), scene.get(self.container)
        if not container.cavities or item.name == container.name:
            return Measured.no(f"{container.name} has no hollow")
        if not container.hollows:
            return Measured.undecided(f"where the hollows of {container.name} are is not known")
        found = [self._in_hollow(item, cavity, frame) for cavity, frame in container.hollows]
        return max(found, key=lambda measured: (measured.holds, measured.margin))

    def _in_hollow(self, item: SceneObject, cavity: Cavity, frame: Pose) -> Measured:
        along = frame.rotation[:, 2]
        base = float(np.array(frame.position) @ along)
        lowest = -item.extent(-along) - base
        deep = cavity.rim - lowest
        room = _room(item, cavity, frame)
        words = f"it is {mm(deep)} below the rim, {mm(room)} from the walls"
        return Measured.by(words, deep - self.depth, room + CONTACT_GAP / 4, lowest - cavity.floor + CONTACT_GAP, doubts=0.004)


def _room(item: SceneObject, cavity: Cavity, frame: Pose) -> float:
    """The least distance of an object's sides from the walls of a hollow, negative where it is wider [m]."""
    middle = np.array(frame.position)
    if cavity.round:
        angles = 2 * np.pi * np.arange(48) / 48
        around = [frame.rotation @ np.array([np.cos(angle), np.sin(angle), 0.0]) for angle in angles]
        return float(cavity.half_x - max(item.extent(direction) - float(middle @ direction) for direction in around))
    sides = ((frame.rotation[:, 0], cavity.half_x), (frame.rotation[:, 1], cavity.half_y))
    ends = ((sign * axis, half) for axis, half in sides for sign in (1.0, -1.0))
    return float(min(half - (item.extent(axis) - float(middle @ axis)) for axis, half in ends))
