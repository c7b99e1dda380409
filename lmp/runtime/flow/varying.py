"""Recoveries that try something else: how the proposals for a subgoal are changed by what has failed before.

Slower after a motion that the arm could not follow, another choice after a grasp that missed or a gate that abstained, a firmer
grip after a slip. And after two equal failures never the same a third time: two failures are equal if skill, objects, class and
the target of the compiled motion are; a try is the same if it has, besides, the same speed, force and candidate.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from lmp.schema.episode import Attempt
from lmp.schema.outcome import Outcome, Response
from lmp.schema.plan import Subgoal
from lmp.schema.proposal import Proposal
from lmp.schema.robot import RobotDescription
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import VIOLATIONS, Verdict, ViolationKind

SLOWER = 0.4
"""Factor on the speed of the tool after a motion that the arm could not follow [dimensionless]."""
SLOWEST = 0.05
"""Speed of the tool below which a recovery does not go [m/s]."""
LAGGING = 0.05
"""Tracking error from which on a motion that ended badly was too fast for the arm [rad]: a third of what stops it."""
SAME_TARGET = 0.005
"""Targets this near to each other are the same [m]."""
EQUAL_FAILURES = 2
"""So many equal failures, and the same is not tried again [count]."""
VARIANTS = 3
"""Other choices that are tried then [count]."""
TRIED_BEFORE = VIOLATIONS.register(
    ViolationKind(
        "tried_before",
        "the same motion has failed in the same way twice",
        about="request",
        hint="Change the target, the grasp, the speed or the force; or go about it in another way.",
    )
)


def varied(
    proposals: Sequence[Proposal], subgoal: Subgoal, attempts: Sequence[Attempt], robot: RobotDescription
) -> tuple[Proposal, ...]:
    """The proposals as recoveries change them; with further ones behind them where the same has failed twice."""
    changed = [one.model_copy(update={"primitive": changed_by(one.primitive, subgoal, attempts, robot)}) for one in proposals]
    if not _equal_failures(subgoal, attempts):
        return tuple(changed)
    least = min(one.prior for one in changed)
    others = list(_variants(changed[0].primitive))
    known = [one.primitive for one in changed]
    fresh = [primitive for index, primitive in enumerate(others) if primitive not in known and primitive not in others[:index]]
    return (*changed, *(Proposal(primitive=one, prior=least / 2 ** (rank + 1)) for rank, one in enumerate(fresh)))


def changed_by(
    primitive: SkillParameters, subgoal: Subgoal, attempts: Sequence[Attempt], robot: RobotDescription
) -> SkillParameters:
    """A primitive as the failures so far ask for it."""
    return _firmer(_other_choice(slower(primitive, attempts), subgoal, attempts), subgoal, attempts, robot)


def slower(primitive: SkillParameters, attempts: Sequence[Attempt]) -> SkillParameters:
    """A primitive at most at a share of the slowest speed that the arm could not follow; it is the same arm in every motion."""
    speeds = [one.primitive.speed for one in attempts if one.primitive is not None and _lagged(one)]
    return primitive.slowed(slower_than(min(speeds))) if speeds else primitive


def slower_than(speed: float) -> float:
    """The speed of the tool after one that the arm could not follow, not below the floor [m/s]."""
    return round(max(SLOWER * speed, SLOWEST), 4)


def words_of(before: SkillParameters, after: SkillParameters) -> tuple[str, ...]:
    """What recoveries changed about a primitive, in words."""
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    return tuple(f"{name}: {old.get(name)} -> {value}" for name, value in new.items() if old.get(name) != value)[:16]


def tried_before(
    subgoal: Subgoal, primitive: SkillParameters, trajectory: JointTrajectory, attempts: Sequence[Attempt]
) -> Verdict | None:
    """The verdict against a motion that has failed equally twice; None for one that may be tried."""
    same = [
        one
        for one in attempts
        if one.outcome is not Outcome.SUCCEEDED
        and _alike(one.subgoal, subgoal)
        and one.primitive is not None
        and one.compiled is not None
        and one.compiled.target is not None
        and math.dist(one.compiled.target, trajectory.target) <= SAME_TARGET
        and one.compiled.candidate == trajectory.candidate
        and _effort(one.primitive) == _effort(primitive)
    ]
    for outcome, count in Counter(one.outcome for one in same).items():
        if count >= EQUAL_FAILURES:
            message = f"The same {subgoal.skill} has ended with {outcome.value} {count} times; it is not tried again as it was."
            violation = TRIED_BEFORE(message=message, object=subgoal.objects[0] if subgoal.objects else None)
            return Verdict(skill=primitive.kind, violations=(violation,))
    return None


def _other_choice(primitive: SkillParameters, subgoal: Subgoal, attempts: Sequence[Attempt]) -> SkillParameters:
    """The first of the skill's choices that has not failed at this subgoal since it was last reached."""
    tried = [
        _without_effort(one.primitive)
        for one in _since_success(subgoal, attempts)
        if one.primitive is not None and _answered(one, Response.NEXT_CHOICE)
    ]
    choices = (primitive.next_choice(rank) for rank in range(len(tried) + 1))
    return next((choice for choice in choices if _without_effort(choice) not in tried), primitive)


def _firmer(
    primitive: SkillParameters, subgoal: Subgoal, attempts: Sequence[Attempt], robot: RobotDescription
) -> SkillParameters:
    """A firmer grip for each time that its object has slipped, within what skill and gripper allow."""
    if robot.gripper is None or not subgoal.objects:
        return primitive
    for one in attempts:
        if _answered(one, Response.PICK_UP_AGAIN) and one.subgoal.objects[:1] == subgoal.objects[:1]:
            primitive = primitive.firmer(robot.gripper.force, robot.gripper.max_force)
    return primitive


def _variants(primitive: SkillParameters) -> Iterator[SkillParameters]:
    """Other ways to try the same: the skill's next choices, then more slowly."""
    yield from (primitive.next_choice(rank) for rank in range(1, VARIANTS + 1))
    once = primitive.slowed(slower_than(primitive.speed))
    yield from (once, once.slowed(slower_than(once.speed)))


def _equal_failures(subgoal: Subgoal, attempts: Sequence[Attempt]) -> bool:
    failed = [one.outcome for one in _since_success(subgoal, attempts) if one.outcome is not Outcome.SUCCEEDED]
    return any(count >= EQUAL_FAILURES for count in Counter(failed).values())


def _since_success(subgoal: Subgoal, attempts: Sequence[Attempt]) -> list[Attempt]:
    """The attempts at this subgoal, in whichever plan, since it last succeeded."""
    found: list[Attempt] = []
    for one in attempts:
        if _alike(one.subgoal, subgoal) and one.subgoal.step == subgoal.step:
            found = [] if one.outcome is Outcome.SUCCEEDED else [*found, one]
    return found


def _alike(one: Subgoal, other: Subgoal) -> bool:
    return (one.skill, one.objects) == (other.skill, other.objects)


def _lagged(attempt: Attempt) -> bool:
    """True if the arm could not follow: it was stopped for that, or lagged far behind when it was stopped otherwise."""
    stopped = attempt.execution is not None and attempt.execution.outcome is not Outcome.SUCCEEDED
    return _answered(attempt, Response.SLOWER) or (
        stopped and attempt.execution is not None and attempt.execution.tracking_error > LAGGING
    )


def _answered(attempt: Attempt, response: Response) -> bool:
    return attempt.outcome.is_answered_by(response)


EFFORT = ("speed", "duration", "timing", "force")
"""Parameters that say how hard and how fast something is tried, not what."""


def _effort(primitive: SkillParameters) -> tuple[object, ...]:
    fields = primitive.model_dump(mode="json")
    return tuple(fields.get(name) for name in EFFORT)


def _without_effort(primitive: SkillParameters) -> dict[str, object]:
    return {name: value for name, value in primitive.model_dump(mode="json").items() if name not in EFFORT}
