"""Places: at one, and moved by a displacement, both said in the robot's frame (`lmp/meaning/directions.py`)."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, JsonValue, model_validator

from lmp.meaning.conditions.resting import Resting
from lmp.meaning.directions import directions, seen_from
from lmp.meaning.relations import LEVEL_DIFFERENCE, mm
from lmp.schema.base import Model, Vector3
from lmp.schema.condition import CONDITIONS, TARGETS, Condition, Measured, Target
from lmp.schema.places import Places, Spots
from lmp.schema.roles import Reference, Subject, Support
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.skill import SkillParameters

Tolerance = Annotated[float, Field(gt=0.0, le=0.2)]


def _near(scene: Scene, name: str, x: float, y: float, tolerance: float) -> Measured:
    """The horizontal distance of an object's middle from a place of the robot's frame, against the tolerance."""
    distance = float(np.hypot(*(scene.get(name).centre - directions(scene).point(x, y))[:2]))
    words = f"{mm(distance)} from ({round(x, 3) + 0.0:.3f}, {round(y, 3) + 0.0:.3f}) m"
    return Measured.by(words, tolerance - distance, doubts=max(0.011, tolerance / 2))


def _in_world(scene: Scene, x: float, y: float, tolerance: float) -> tuple[float, float, float]:
    """A place of the robot's frame in the world, with its tolerance [m]."""
    place = directions(scene).point(x, y)
    return float(place[0]), float(place[1]), tolerance


@CONDITIONS.register
class At(Resting):
    """The object rests with its centre at a place, counted from the robot's base."""

    kind: Literal["at"] = "at"
    object: Subject
    x: Annotated[float, Field(ge=-2.0, le=2.0, description="how far the centre is away from the robot's base, forward [m]")]
    y: Annotated[float, Field(ge=-2.0, le=2.0, description="how far the centre is to the left of the robot's base [m]")]
    tolerance: Tolerance = Field(default=0.02, description="largest horizontal distance from the place [m]")

    said: ClassVar[str] = "{object} at x {x:.4g}, y {y:.4g}, tolerance {tolerance:.4g}"
    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "x": 0.4, "y": 0.1}

    def geometry(self, scene: Scene) -> Measured:
        """The horizontal distance of its middle from there."""
        return _near(scene, self.object, self.x, self.y, self.tolerance)

    def place(self, scene: Scene) -> tuple[float, float, float]:
        """The place itself."""
        return _in_world(scene, self.x, self.y, self.tolerance)

    def target(self) -> Target | None:
        """The same, as a place."""
        return AtTarget(x=self.x, y=self.y)

    def following(self, primitive: SkillParameters) -> Condition:
        """The place that a primitive puts its object at."""
        target = getattr(primitive, "target", None)
        if getattr(primitive, "object", None) == self.object and isinstance(target, AtTarget) and target.frame is None:
            return self.model_copy(update={"x": target.x, "y": target.y})
        return self


@CONDITIONS.register
class MovedBy(Resting):
    """The object rests at its origin plus a horizontal displacement, at the height of its origin or down on furniture.

    `origin` is where its centre was when the instruction was understood, so that the condition can be tested at any time.
    """

    kind: Literal["moved_by"] = "moved_by"
    object: Subject
    origin: Vector3 = Field(
        description="centre of the object before the task: forward, to the left and up from the robot's base [m]"
    )
    dx: Annotated[float, Field(ge=-1.0, le=1.0, description="displacement away from the robot [m]")]
    dy: Annotated[float, Field(ge=-1.0, le=1.0, description="displacement to the left [m]")]
    tolerance: Tolerance = Field(default=0.02, description="largest horizontal distance from the goal [m]")

    is_change: ClassVar[bool] = True
    said: ClassVar[str] = "{object} moved by {dx:+.4g} m forward, {dy:+.4g} m to the left, tolerance {tolerance:.4g}"
    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "origin": [0.4, 0.1, 0.02], "dx": 0.0, "dy": 0.1}

    def geometry(self, scene: Scene) -> Measured:
        """The horizontal distance of its middle from there."""
        found = _near(scene, self.object, self.origin[0] + self.dx, self.origin[1] + self.dy, self.tolerance)
        item = scene.get(self.object)
        raised = float(directions(scene).coordinates(item.centre)[2]) - self.origin[2]
        put_down = item.touching is None or any(each.name in item.touching for each in scene.supports)
        if not found.holds or abs(raised) <= LEVEL_DIFFERENCE or (raised < 0.0 and put_down):
            return found
        words = f"{found.words}, {mm(raised, '+')} from the height at which it was"
        return Measured(False, words, LEVEL_DIFFERENCE - abs(raised), known=False)  # it may have been tipped where it stands

    def place(self, scene: Scene) -> tuple[float, float, float]:
        """The place itself."""
        return _in_world(scene, self.origin[0] + self.dx, self.origin[1] + self.dy, self.tolerance)

    def target(self) -> Target | None:
        """The same, as a place."""
        return AtTarget(x=self.origin[0] + self.dx, y=self.origin[1] + self.dy)

    def following(self, primitive: SkillParameters) -> Condition:
        """The displacement by which a primitive moves its object."""
        dx, dy = getattr(primitive, "dx", None), getattr(primitive, "dy", None)
        by_pixels = getattr(primitive, "along", None) is not None
        mine = getattr(primitive, "object", None) == self.object and not by_pixels
        if mine and isinstance(dx, float) and isinstance(dy, float):
            return self.model_copy(update={"dx": dx, "dy": dy})
        return self

    def seen_in(self, scene: Scene) -> Condition:
        """Its origin is where the object is in that scene."""
        if self.object not in scene:
            return self
        x, y, z = (float(value) for value in directions(scene).coordinates(scene.get(self.object).centre))
        return self.model_copy(update={"origin": (x, y, z)})

    @classmethod
    def answer_class(cls, others: Any) -> type[Model] | None:
        """Without the origin, which a model need not copy."""
        return MovedByAnswer

    @classmethod
    def from_answer(cls, answer: Any, first: Scene) -> Condition:
        """A displacement counts from where the object was when the instruction was understood."""
        return cls(origin=(0.0, 0.0, 0.0), **answer.model_dump()).seen_in(first)


class MovedByAnswer(Model):
    """The object rests at the place where it was at the beginning, plus a horizontal displacement."""

    kind: Literal["moved_by"] = "moved_by"
    object: Subject
    dx: Annotated[float, Field(ge=-1.0, le=1.0, description="displacement away from the robot [m]")]
    dy: Annotated[float, Field(ge=-1.0, le=1.0, description="displacement to the robot's left [m]")]
    tolerance: Tolerance = Field(default=0.02, description="largest horizontal distance from the goal [m]")


@TARGETS.register
class AtTarget(Target):
    """At a place counted from the robot's base, or at an offset from the centre of an object.

    Attributes:
        support: What it has to stand on there; None for the highest object that is there.
        frame: Object from whose centre x and y are counted; None for the robot's base.
        axes: Along which axes x and y are counted: the robot's, forward and left; or the frame object's own, turned with it.
    """

    kind: Literal["at"] = "at"
    x: float = Field(ge=-2.0, le=2.0, description="how far forward of its origin the centre of what is placed comes to be [m]")
    y: float = Field(
        ge=-2.0, le=2.0, description="how far to the left of its origin the centre of what is placed comes to be [m]"
    )
    support: Support | None = None
    frame: Reference | None = Field(
        default=None, description="object from whose centre x and y are counted; null for the robot's base"
    )
    axes: Literal["robot", "object"] = Field(
        default="robot", description="axes of x and y: robot is its forward and left, object is the frame object's own x and y"
    )

    @model_validator(mode="after")
    def _axes_of_something(self) -> Self:
        if self.axes == "object" and self.frame is None:
            raise ValueError("`axes` 'object' needs a `frame`: the object whose axes are meant")
        return self

    @property
    def words(self) -> str:
        """The place, and from what it is counted."""
        origin = "" if self.frame is None else f" from {self.frame}"
        return f"at ({self.x:.3f}, {self.y:.3f}) m{origin}"

    def condition(self, name: str) -> Condition | None:
        """Its middle is there; where that depends on another object, only the scene can tell."""
        return At(object=name, x=self.x, y=self.y) if self.frame is None else None

    def spots(self, item: SceneObject, places: Places) -> Spots:
        """The place itself."""
        robot = directions(places.scene)
        if self.frame is None:
            place = robot.point(self.x, self.y)
        else:
            frame = places.scene.get(self.frame)
            axes = seen_from(frame.pose) if self.axes == "object" else robot
            place = frame.centre + axes.vector(self.x, self.y)
        return places.at(float(place[0]), float(place[1]), self.support)
