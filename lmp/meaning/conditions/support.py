"""Conditions on what carries or holds an object: on, in, held, and cleared of others."""

from __future__ import annotations

import math
from typing import ClassVar, Literal

from pydantic import JsonValue

from lmp.meaning.conditions.resting import Resting
from lmp.meaning.failures import CONDITION_NOT_MET, DROPPED, MISSED_GRASP, OBJECT_MOVED
from lmp.meaning.relations import contents, height_above_support, inside, lying_on, mm, on, supported_by
from lmp.schema.condition import CONDITIONS, TARGETS, Condition, Measured, Target
from lmp.schema.outcome import Outcome
from lmp.schema.places import Places, Spots
from lmp.schema.roles import Container, Subject, Support
from lmp.schema.scene import Scene, SceneObject

LIFTED = 0.01
"""Smallest height of a held object over whatever is below it [m]."""
DISPLACED = 0.03
"""A horizontal displacement beyond which an object that was not lifted has been moved by something else [m]."""


@CONDITIONS.register
class On(Resting):
    """The object rests on the support; on a tray or a plate that is its floor."""

    kind: Literal["on"] = "on"
    object: Subject
    support: Support

    said: ClassVar[str] = "{object} on {support}"
    phrases: ClassVar[tuple[str, ...]] = ("on", "onto", "on top of", "upon")
    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "support": "blue_block"}

    def geometry(self, scene: Scene) -> Measured:
        """The surfaces meet, its centre is over the support, and they touch."""
        return on(scene, self.object, self.support)

    def target(self) -> Target | None:
        """The same, as a place."""
        return OnTarget(support=self.support)


@CONDITIONS.register
class In(Resting):
    """The object rests inside the container's cavity."""

    kind: Literal["in"] = "in"
    object: Subject
    container: Container

    said: ClassVar[str] = "{object} in {container}"
    phrases: ClassVar[tuple[str, ...]] = ("in", "into", "inside")
    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "container": "bowl"}

    def geometry(self, scene: Scene) -> Measured:
        """Its centre is within the opening, its underside between floor and rim, and the container carries it."""
        return inside(scene, self.object, self.container)

    def target(self) -> Target | None:
        """The same, as a place."""
        return InTarget(container=self.container)


@CONDITIONS.register
class Held(Condition):
    """The object is in the gripper and off its support."""

    kind: Literal["held"] = "held"
    object: Subject

    in_hand: ClassVar[bool] = True
    said: ClassVar[str] = "{object} held"
    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block"}

    def measure(self, scene: Scene) -> Measured:
        """The gripper has it, it touches nothing else, and it is above what is below."""
        item = scene.get(self.object)
        if not item.held:
            return Measured.no(f"{item.name} is not in the gripper")
        others = [name for name in item.touching or () if name != "robot"]
        if others:
            return Measured.no(f"{item.name} is in the gripper and still touches {', '.join(others)}")
        gap = height_above_support(scene, item)
        return Measured.by(f"in the gripper, {mm(gap)} above what is below", gap - LIFTED)

    def blame(self, before: Scene, after: Scene) -> Outcome | None:
        """A grasp that failed left its object where it was, or moved it, or let it fall."""
        item = after.get(self.object)
        then = before.get(self.object) if self.object in before else None
        if item.held or then is None:
            return CONDITION_NOT_MET
        if then.held:
            return DROPPED
        moved = math.dist(item.centre[:2], then.centre[:2]) > DISPLACED
        return OBJECT_MOVED if moved else MISSED_GRASP


@CONDITIONS.register
class Cleared(Condition):
    """Nothing rests on or in the object."""

    kind: Literal["cleared"] = "cleared"
    object: Subject

    said: ClassVar[str] = "{object} cleared"
    example: ClassVar[dict[str, JsonValue]] = {"object": "tray"}

    def measure(self, scene: Scene) -> Measured:
        """Measure what stands on it or lies in it."""
        above = tuple(dict.fromkeys((*supported_by(scene, self.object), *contents(scene, self.object))))
        if above:
            return Measured.no(f"on or in it: {', '.join(above)}")
        across = lying_on(scene, self.object)
        return Measured.undecided(f"across it: {', '.join(across)}") if across else Measured(True, "nothing is on or in it")

    def carriers(self) -> tuple[str, ...]:
        """The object itself."""
        return (self.object,)


@TARGETS.register
class OnTarget(Target):
    """On top of an object, or at the nearest free place of a table, a tray or a plate."""

    kind: Literal["on"] = "on"
    support: Support

    said: ClassVar[str | None] = "on {support}"

    def condition(self, name: str) -> Condition | None:
        """It is on the support."""
        return On(object=name, support=self.support)

    def spots(self, item: SceneObject, places: Places) -> Spots:
        """On the support."""
        return places.on(self.support)


@TARGETS.register
class InTarget(Target):
    """Inside a container, at a free place that leaves room for more."""

    kind: Literal["in"] = "in"
    container: Container

    said: ClassVar[str | None] = "in {container}"

    def condition(self, name: str) -> Condition | None:
        """It is in the container."""
        return In(object=name, container=self.container)

    def spots(self, item: SceneObject, places: Places) -> Spots:
        """In the container."""
        return places.inside(self.container)
