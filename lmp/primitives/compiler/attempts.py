"""Tries the candidates of one primitive from one start: in the skill's order, then the most comfortable, then ways around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from lmp.primitives.compiler.assembly import assembled
from lmp.primitives.compiler.lead import NO_LEAD, Lead
from lmp.primitives.compiler.motion_builder import MotionBuilder
from lmp.primitives.compiler.motion_state import Arm, MotionState
from lmp.primitives.compiler.raising import raised_over_obstacles
from lmp.primitives.compiler.screening import screened
from lmp.primitives.moves import Candidate
from lmp.schema.motion import Bulge, Bulges, PathShape
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters, SkillSpec
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict, Violation, all_about

IN_ORDER = 3
"""Candidates that are built in full in the skill's order; those that fail the first look do not count."""
FULL_ATTEMPTS = 8
"""Candidates that are built in full after that, the most comfortable first, before a way through joint space is searched."""
LOOKS = 90
"""Candidates that are looked at in all [count]."""
OTHER_WAYS: tuple[PathShape, ...] = tuple(
    Bulges(bulges=(Bulge(direction=direction, phase=0.5, amount=amount),))
    for direction, amount in (("up", 0.1), ("up", 0.2), ("left", 0.15), ("right", 0.15))
)
"""Shapes that free moves are tried with where the straight or raised way fails."""
NOTE = "taken from all ways, since the preferred ones fail"


@dataclass(frozen=True)
class Attempts:
    """Tries of one primitive.

    Attributes:
        arm: The arm's models.
        spec: Of its skill.
        primitive: What is carried out.
        start: Where its candidates start.
        lead: What goes before them, for an arm that stands elsewhere.
    """

    arm: Arm
    spec: SkillSpec
    primitive: SkillParameters
    start: MotionState
    lead: Lead = NO_LEAD

    @property
    def scene(self) -> Scene:
        """The scene at the beginning of the motion."""
        return (self.lead.start or self.start).scene

    def in_order(self, candidates: Sequence[Candidate]) -> tuple[JointTrajectory, None] | tuple[Verdict, Candidate | None]:
        """The first candidate that can be done, in the skill's order; or what is wrong with the best one, and which it is."""
        turned_away: list[tuple[Violation, ...]] = []
        failed: list[tuple[Candidate, tuple[Violation, ...]]] = []
        for candidate in candidates[:LOOKS]:
            complaints = screened(self.arm, self.start, candidate)
            if complaints:
                turned_away.append(complaints)
                continue
            planned = raised_over_obstacles(candidate, self.start, self.arm.robot)
            result = self._with_repair(planned)
            if isinstance(result, JointTrajectory):
                return result, None
            failed.append((planned, result))
            if len(failed) == IN_ORDER:
                break
        tried = len(turned_away) + len(failed)
        if not failed:
            return verdict(self.primitive, self.scene, min(turned_away, key=len), tried), None
        best, violations = min(failed, key=lambda failure: len(failure[1]))
        return verdict(self.primitive, self.scene, violations, tried), best

    def first(self, candidates: Sequence[Candidate]) -> JointTrajectory | Verdict:
        """The first candidate that can be done, in the skill's order; then the most comfortable of all, with other shapes."""
        found, best = self.in_order(candidates)
        if isinstance(found, JointTrajectory) or best is None:
            return found
        from lmp.primitives.compiler.detour import detours  # Most primitives have a candidate that can be done.
        from lmp.primitives.compiler.ranking import MOST, all_ways, ranked

        ways = islice(all_ways(self.arm.robot, self.primitive, candidates, self.start, OTHER_WAYS), MOST)
        for way in ranked(self.arm, self.start, ways)[:FULL_ATTEMPTS]:
            if way.margin is None:
                break
            result = self.attempt(way.candidate, (NOTE,))
            if isinstance(result, JointTrajectory):
                return result
        if self.primitive.path is None or all_about(found.violations, "obstacle"):
            looked_at = (candidate for candidate in candidates[:LOOKS] if not screened(self.arm, self.start, candidate))
            for around, note in detours(looked_at, self.start, self.arm):
                result = self.attempt(around, (note,))
                if isinstance(result, JointTrajectory):
                    return result
        whole = self.attempt(best, thorough=True)
        return found if isinstance(whole, JointTrajectory) else verdict(self.primitive, self.scene, whole, found.candidates)

    def _with_repair(self, candidate: Candidate) -> JointTrajectory | tuple[Violation, ...]:
        """One candidate, with its free path changed once if that is what fails."""
        first = self.attempt(candidate)
        if isinstance(first, JointTrajectory):
            return first
        from lmp.primitives.compiler.repair import repairs

        for repaired, note in repairs(candidate, self.start, self.arm, first, shape_requested=self.primitive.path is not None):
            result = self.attempt(repaired, (note,))
            if isinstance(result, JointTrajectory):
                return result
        return first

    def attempt(
        self, candidate: Candidate, notes: tuple[str, ...] = (), thorough: bool = False
    ) -> JointTrajectory | tuple[Violation, ...]:
        """One candidate, built and checked; up to its first collision unless asked to be thorough."""
        spec, primitive, lead = self.spec, self.primitive, self.lead
        begin = lead.start or self.start
        builder = MotionBuilder(self.arm, begin, lambda segment: spec.limit_in(segment, primitive.force_limit))
        broken: tuple[Violation, ...] = ()
        for move in (*lead.moves, *candidate.moves):
            broken = builder.add(move)
            if broken or (not thorough and builder.collides):
                break
        if not builder.legs:
            return broken
        every_note = (*candidate.notes, *notes, *builder.notes)
        result = assembled(primitive.kind, builder.legs, self.arm.robot, begin.scene, candidate.label, every_note)
        if isinstance(result, JointTrajectory):
            return broken or result
        return (*result, *broken)


def verdict(primitive: SkillParameters, scene: Scene, violations: Sequence[Violation], tried: int) -> Verdict:
    """All that is wrong with the best of the candidates that were tried."""
    return Verdict(skill=primitive.kind, violations=tuple(violations[:256]), candidates=tried, predicted=scene.predicted)
