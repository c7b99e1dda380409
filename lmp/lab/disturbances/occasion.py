"""In which world, at which object, and in which motion a disturbance strikes."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault, UnknownName
from lmp.meaning.directions import directions
from lmp.schema.plan import Subgoal
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.trajectory import JointTrajectory, Segment
from lmp.stages import Disturbable

UP = np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True)
class Motion:
    """A motion that is about to begin, or under way.

    Attributes:
        number: How many motions for a subgoal came before it.
        subgoal: What it is for.
        trajectory: What will be followed.
        plan: The whole plan, as far as it is known; empty where it is not.
    """

    number: int
    subgoal: Subgoal
    trajectory: JointTrajectory
    plan: tuple[Subgoal, ...] = ()

    @property
    def carrying(self) -> tuple[Segment, ...]:
        """The segments in which something has to be in the gripper."""
        return tuple(segment for segment in self.trajectory.segments if segment.carries is not None)

    @property
    def following(self) -> tuple[Segment, ...]:
        """The segments whose end moves with an object, up to where the gripper acts on it."""
        segments = iter(self.trajectory.segments)
        on_the_way = itertools.dropwhile(lambda segment: segment.follows is None, segments)
        return tuple(itertools.takewhile(lambda segment: segment.follows is not None, on_the_way))


@dataclass(frozen=True)
class Occasion:
    """The circumstances that a strike is given.

    Attributes:
        world: The world.
        target: Name of the object that it is about; None where nobody said.
        motion: The motion; None where it strikes outside of one.
    """

    world: Disturbable
    target: str | None = None
    motion: Motion | None = None

    @property
    def objects(self) -> dict[str, SceneObject]:
        """Everything but the furniture, by name."""
        return {item.name: item for item in self.world.scene().objects if item.role != "support"}

    @property
    def supports(self) -> dict[str, SceneObject]:
        """The furniture, by name."""
        return {item.name: item for item in self.world.scene().objects if item.role == "support"}

    def support_under(self, points: NDArray[np.float64], height: float) -> SceneObject | None:
        """The highest furniture that an outline is wholly over, not above a height [m]; None for none. Shape (n, 2)."""
        under = [
            support
            for support in self.supports.values()
            if support.extent(UP) <= height and all(support.over(point) >= 0.0 for point in points)
        ]
        return max(under, key=lambda support: support.extent(UP), default=None)

    def bodies_at(self, low: float, high: float) -> list[SceneObject]:
        """The furniture that is solid between two heights [m]: a shelf over a table."""
        return [each for each in self.supports.values() if each.extent(UP) > low and -each.extent(-UP) < high]

    @property
    def heading(self) -> float:
        """Heading of the arm in the world [rad]: what is drawn about directions counts from there, wherever the world lies."""
        return directions(self.scene).heading

    def said(self, place: NDArray[np.float64]) -> str:
        """A place of the world as it is said, in the robot's frame. Shape (2,) or (3,)."""
        point = directions(self.scene).coordinates(np.append(place, 0.0)[:3])
        return ", ".join(f"{value + 0.0:.2f}" for value in point[: len(place)])

    @property
    def scene(self) -> Scene:
        """The true scene, for what is said of places."""
        return self.world.scene()

    @property
    def movable(self) -> dict[str, SceneObject]:
        """Everything that can be moved, by name."""
        return {name: item for name, item in self.objects.items() if item.movable}

    def target_object(self) -> SceneObject:
        """The object that it is about.

        Raises:
            UnknownName: There is no such movable object.
        """
        movable = self.movable
        if self.target is None or self.target not in movable:
            raise UnknownName("movable object", str(self.target), movable)
        return movable[self.target]

    def held(self) -> SceneObject:
        """The object in the gripper.

        Raises:
            SetupFault: Nothing is.
        """
        found = next((item for item in self.objects.values() if item.held), None)
        if found is None:
            raise SetupFault("Nothing is in the gripper.")
        return found

    def upcoming(self) -> Motion:
        """The motion.

        Raises:
            SetupFault: There is none.
        """
        if self.motion is None:
            raise SetupFault("It needs a motion to strike.")
        return self.motion
