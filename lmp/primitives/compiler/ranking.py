"""All ways to carry out a subgoal, looked at together and ranked by how far they stay from trouble."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from lmp.primitives.compiler.coarse_motion import Margin, coarse_margin
from lmp.primitives.compiler.motion_state import Arm, MotionState
from lmp.primitives.compiler.raising import raised_over_obstacles
from lmp.primitives.moves import Candidate, Move, ToolMove
from lmp.schema.motion import PathShape
from lmp.schema.robot import RobotDescription
from lmp.schema.skill import SkillParameters
from lmp.schema.verdict import Verdict

Way = tuple[SkillParameters, Candidate]

MOST = 256
"""Ways that are ranked at most [count]."""
POSES = 60
"""Poses at which a candidate is looked at [count]."""


@dataclass(frozen=True)
class Ranked:
    """A candidate that was looked at.

    Attributes:
        primitive: What it carries out.
        candidate: How.
        margin: How far it stays from its limits at the poses that were looked at; None if something is wrong with it.
        wrong: What is wrong with it first; of a primitive that has no way at all, what is wrong with that.
    """

    primitive: SkillParameters
    candidate: Candidate
    margin: Margin | None
    wrong: str | None = None

    @property
    def comfort(self) -> float:
        """The rank, more is better: see `Margin.comfort`; 0 if something is wrong [dimensionless]."""
        return 0.0 if self.margin is None else self.margin.comfort

    @classmethod
    def without(cls, primitive: SkillParameters, verdict: Verdict) -> Ranked:
        """Entry of a ranking for a primitive that has no candidate: a candidate without moves."""
        return cls(primitive, Candidate("no way", ()), None, verdict.violations[0].code)

    def __str__(self) -> str:
        which, margin = f"{self.primitive.kind}, {self.candidate.label}", self.margin
        if margin is None:
            return f"{which}: {self.wrong}"
        near = "nothing is near" if margin.clearance is None else f"{margin.clearance * 1000:.1f} mm to what is nearest"
        singular = f"smallest singular value {margin.smallest_singular_value:.3f}"
        far = f"{margin.joint_limit:.3f} rad to a joint limit, {near}, {singular}"
        return f"{which}: comfort {self.comfort:.2f}; {far}"


def ranked(arm: Arm, start: MotionState, ways: Iterable[Way], poses: int = POSES) -> tuple[Ranked, ...]:
    """All candidates, the best first; those with something wrong last, in their own order.

    Args:
        arm: The arm's models.
        start: Where it starts.
        ways: Candidates, each with the primitive that it carries out.
        poses: At how many poses each is followed, at least [count].
    """
    looked = []
    for primitive, candidate in ways:
        found = coarse_margin(arm, start, candidate, poses)
        looked.append(
            Ranked(primitive, candidate, found) if isinstance(found, Margin) else Ranked(primitive, candidate, None, found)
        )
    return tuple(sorted(looked, key=lambda one: -one.comfort))


def all_ways(
    robot: RobotDescription,
    primitive: SkillParameters,
    candidates: Sequence[Candidate],
    start: MotionState,
    shapes: Sequence[PathShape],
) -> Iterator[Way]:
    """All candidates as they are or raised, then all of them with the first shape, and so on."""
    yield from ((primitive, raised_over_obstacles(candidate, start, robot)) for candidate in candidates)
    for shape in shapes:
        bent = (shaped(candidate, shape) for candidate in candidates)
        yield from ((primitive, candidate) for candidate in bent if candidate is not None)


def shaped(candidate: Candidate, shape: PathShape) -> Candidate | None:
    """The candidate with a shape on its free moves that have none; None if there is no such move."""
    moves: list[Move] = [
        replace(move, shape=shape) if isinstance(move, ToolMove) and move.free and move.shape is None else move
        for move in candidate.moves
    ]
    if all(one is other for one, other in zip(moves, candidate.moves, strict=True)):
        return None
    return replace(candidate, moves=tuple(moves), label=f"{candidate.label}, {_words(shape)}")


def _words(shape: PathShape) -> str:
    if shape.kind != "bulges":
        return "with weights"
    return " and ".join(f"{bulge.amount * 1000:.0f} mm {bulge.direction} at phase {bulge.phase:.2f}" for bulge in shape.bulges)
