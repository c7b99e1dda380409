"""In which world, at which thing, and in which motion a disturbance strikes."""

from __future__ import annotations

from dataclasses import dataclass

from lmp.errors import SetupFault, UnknownName
from lmp.lab.disturbances.world_hands import Disturbable
from lmp.schema.plan import Subgoal
from lmp.schema.scene import SceneObject
from lmp.schema.scene_file import TABLE
from lmp.schema.trajectory import JointTrajectory, Segment


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
        """The segments in which something has to be in the hand."""
        return tuple(segment for segment in self.trajectory.segments if segment.carries is not None)


@dataclass(frozen=True)
class Occasion:
    """What a strike is given.

    Attributes:
        world: The world.
        target: Name of the object that it is about; None where nobody said.
        motion: The motion; None where it strikes outside of one.
    """

    world: Disturbable
    target: str | None = None
    motion: Motion | None = None

    @property
    def things(self) -> dict[str, SceneObject]:
        """Everything but the table, by name."""
        return {thing.name: thing for thing in self.world.scene_objects() if thing.name != TABLE}

    @property
    def movable(self) -> dict[str, SceneObject]:
        """Everything that can be moved, by name."""
        return {name: thing for name, thing in self.things.items() if thing.movable}

    def thing(self) -> SceneObject:
        """The object that it is about.

        Raises:
            UnknownName: There is no such movable object.
        """
        movable = self.movable
        if self.target is None or self.target not in movable:
            raise UnknownName("movable object", str(self.target), movable)
        return movable[self.target]

    def held(self) -> SceneObject:
        """What is in the hand.

        Raises:
            SetupFault: Nothing is.
        """
        found = next((thing for thing in self.things.values() if thing.held), None)
        if found is None:
            raise SetupFault("Nothing is in the hand.")
        return found

    def upcoming(self) -> Motion:
        """The motion.

        Raises:
            SetupFault: There is none.
        """
        if self.motion is None:
            raise SetupFault("It needs a motion to strike.")
        return self.motion
