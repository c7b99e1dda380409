"""Compiles a typed primitive to a checked joint trajectory, or says what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, zip_longest
from typing import Any

from lmp.errors import SetupFault, UnknownName, need
from lmp.primitives.compiler.assembly import assembled
from lmp.primitives.compiler.coarse_motion import Margin
from lmp.primitives.compiler.detour import detours
from lmp.primitives.compiler.motion_builder import MotionBuilder
from lmp.primitives.compiler.motion_state import Arm, MotionState
from lmp.primitives.compiler.proposals import proposals
from lmp.primitives.compiler.ranking import POSES, Ranked, Way, ranked, shaped
from lmp.primitives.compiler.repair import raised_over_obstacles, repairs
from lmp.primitives.compiler.screening import screened
from lmp.primitives.compiler.wishes import MOST_POSES, MOST_WAYS, PRIMITIVE, alternatives, counted, further_shapes
from lmp.primitives.dmp.bulges import shape_complaint
from lmp.primitives.moves import Candidate
from lmp.primitives.skill import Situation, Skill, without_gripper
from lmp.schema.motion import Bulge, Bulges, PathShape
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import VIOLATIONS, Verdict, Violation, ViolationKind, all_about

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
MOST, FULL = 256, 3
"""Ways that are ranked at most, and how many of the best are compiled in full [count]."""
NOTE = "taken from all ways, since the preferred ones fail"
BAD_SHAPE = VIOLATIONS.register(ViolationKind("bad_shape", "a path shape whose numbers cannot be", about="request"))


class PrimitiveCompiler:
    """Tries the candidates of a skill in their order; the first without a violation wins.

    Args:
        robot: The robot that will move.
        skills: Skills by name.
        rate_hz: Samples a second of what is compiled [1/s].
    """

    def __init__(self, robot: RobotDescription, skills: Mapping[str, Skill[Any]], rate_hz: float = 1000.0):
        self.robot, self.skills = robot, dict(skills)
        self.arm = Arm(robot, rate_hz)

    def situation(self, scene: Scene) -> Situation:
        """What skills may know of a scene."""
        return Situation(scene, self.robot, self.arm.kinematics.forward, self.arm.collisions.finger_hulls)

    def tool_position(self, scene: Scene) -> tuple[float, float, float]:
        """Where the point between the finger tips is in a scene, world x, y, z [m]."""
        x, y, z = self.arm.kinematics.forward(scene.robot.positions_of(self.robot.joint_names))[:3, 3]
        return float(x), float(y), float(z)

    def compile(self, primitive: SkillParameters, scene: Scene) -> JointTrajectory | Verdict:
        """A trajectory that has passed every check, or all violations of the best candidate.

        Raises:
            UnknownName: No skill has the primitive's kind.
            SetupFault: The parameters are another skill's or none, the scene is another robot's or none, or the skill
                returned no ways, or ways with values that no motion can have.
        """
        candidates = self._candidates(primitive, scene)
        return candidates if isinstance(candidates, Verdict) else self._first(primitive, scene, candidates)

    def rank(
        self,
        primitives: SkillParameters | Sequence[SkillParameters],
        scene: Scene,
        shapes: Sequence[PathShape] = (),
        poses: int = POSES,
        most: int = MOST,
    ) -> tuple[Ranked, ...]:
        """All ways to carry out one of several primitives, looked at at few poses, the most comfortable first.

        Args:
            primitives: One, or alternatives: grasps, approaches, places.
            scene: The scene.
            shapes: Shapes that free moves without one are tried with as well.
            poses: At how many poses each way is followed, at least [count].
            most: How many ways are looked at, at most; the first of each primitive, in the skill's order, go first [count].

        Returns:
            The ways; and for a primitive that has none, at the end, one without moves that says what is `wrong` with it
            first. `compile_way` and `compile` say it in words.

        Raises:
            UnknownName: No skill has a primitive's kind.
            SetupFault: The parameters are another skill's, the scene is another robot's, there is no primitive, or
                another argument is none that is taken.
        """
        wished, bends = alternatives(primitives), further_shapes(shapes)
        poses, most = counted("poses", poses, MOST_POSES), counted("most", most, MOST_WAYS)
        found = [(primitive, self._candidates(primitive, scene)) for primitive in wished]
        start = MotionState.first(self.arm, scene)
        ways = [self._ways(one, candidates, start, bends) for one, candidates in found if not isinstance(candidates, Verdict)]
        in_turn = (way for round_ in zip_longest(*ways) for way in round_ if way is not None)
        without = [Ranked.without(one, verdict) for one, verdict in found if isinstance(verdict, Verdict)]
        return (*ranked(self.arm, start, islice(in_turn, most), poses), *without)

    def compile_best(
        self,
        primitives: SkillParameters | Sequence[SkillParameters],
        scene: Scene,
        shapes: Sequence[PathShape] = (),
        poses: int = POSES,
        most: int = MOST,
        full: int = FULL,
    ) -> tuple[Ranked, JointTrajectory] | Verdict:
        """The most comfortable of all ways: they are ranked, and of the first few that compile in full the best is taken.

        Args:
            primitives: One, or alternatives.
            scene: The scene.
            shapes: Shapes that free moves without one are tried with as well.
            poses: At how many poses each way is followed, at least [count].
            most: How many ways are looked at, at most [count].
            full: How many are compiled in full [count].

        Returns:
            The way that was taken with its trajectory; or what `compile` says of the first primitive, if none can be taken.

        Raises:
            UnknownName, SetupFault: As for `rank`.
        """
        full = counted("full", full, MOST_WAYS)
        ranking = self.rank(primitives, scene, shapes, poses, most)
        start = MotionState.first(self.arm, scene)
        compiled: list[tuple[Ranked, JointTrajectory]] = []
        for way in ranking:
            if way.margin is None or len(compiled) == full:
                break
            result = self._attempt(way.primitive, start, way.candidate, ())
            if isinstance(result, JointTrajectory):
                compiled.append((way, result))
        if compiled:
            return max(compiled, key=lambda pair: Margin.of(pair[1]).comfort)
        first = alternatives(primitives)[0]
        repaired = self.compile(first, scene)
        if isinstance(repaired, Verdict):
            return repaired
        return Ranked(first, Candidate(repaired.candidate, ()), Margin.of(repaired)), repaired

    def compile_way(self, way: Ranked, scene: Scene) -> JointTrajectory | Verdict:
        """One way of a ranking in full, without repairs; what `compile` says, for one without moves.

        Raises:
            UnknownName, SetupFault: As for `compile`.
        """
        need("way", way, Ranked, "one of those that `rank` returns")
        if not way.candidate.moves:
            return self.compile(way.primitive, scene)
        self._fits(scene)
        result = self._attempt(way.primitive, MotionState.first(self.arm, scene), way.candidate, (), thorough=True)
        return result if isinstance(result, JointTrajectory) else _verdict(way.primitive, scene, result, 1)

    def _ways(
        self, primitive: SkillParameters, candidates: Sequence[Candidate], start: MotionState, shapes: Sequence[PathShape]
    ) -> Iterator[Way]:
        """All candidates as they are or raised, then all of them with the first shape, and so on."""
        yield from ((primitive, raised_over_obstacles(candidate, start, self.robot)) for candidate in candidates)
        for shape in shapes:
            bent = (shaped(candidate, shape) for candidate in candidates)
            yield from ((primitive, candidate) for candidate in bent if candidate is not None)

    def _candidates(self, primitive: SkillParameters, scene: Scene) -> list[Candidate] | Verdict:
        """The skill's ways to carry it out, best first, or what is wrong with it."""
        skill = self.skill_of(primitive)
        self._fits(scene)
        if skill.spec.needs_gripper and self.robot.gripper is None:
            return _verdict(primitive, scene, (without_gripper(self.robot, skill.spec.name),), 0)
        complaint = shape_complaint(primitive.path)
        if complaint is not None:
            return _verdict(primitive, scene, (BAD_SHAPE(message=complaint),), 0)
        found = skill.candidates(primitive, self.situation(scene))
        candidates, violations = proposals(skill.spec.name, found, len(self.robot.joints))
        return candidates or _verdict(primitive, scene, violations, 0)

    def _fits(self, scene: Scene) -> None:
        """Refuses what is no scene of this robot."""
        need("scene", scene, Scene, "a Scene")
        if not set(self.robot.joint_names) <= set(scene.robot.joint_names):
            raise SetupFault(
                f"The scene's robot has the joints {', '.join(scene.robot.joint_names) or 'none'}; "
                f"{self.robot.name} has {', '.join(self.robot.joint_names)}."
            )

    def skill_of(self, primitive: SkillParameters) -> Skill[Any]:
        """The skill of a primitive.

        Raises:
            UnknownName: There is none of that name.
            SetupFault: The parameters are another skill's, or none at all.
        """
        need("primitive", primitive, SkillParameters, PRIMITIVE)
        skill = self.skills.get(primitive.kind)
        if skill is None:
            raise UnknownName("skill", primitive.kind, self.skills)
        if not isinstance(primitive, skill.spec.parameters):
            raise SetupFault(
                f"The skill {primitive.kind!r} takes {skill.spec.parameters.__name__}, not {type(primitive).__name__}."
            )
        return skill

    def _first(self, primitive: SkillParameters, scene: Scene, candidates: Sequence[Candidate]) -> JointTrajectory | Verdict:
        """The first candidate that can be done, in the skill's order; then the most comfortable of all, with other shapes."""
        start = MotionState.first(self.arm, scene)
        turned_away: list[tuple[Violation, ...]] = []
        failed: list[tuple[Candidate, tuple[Violation, ...]]] = []
        for candidate in candidates[:LOOKS]:
            complaints = screened(self.arm, start, candidate)
            if complaints:
                turned_away.append(complaints)
                continue
            planned = raised_over_obstacles(candidate, start, self.robot)
            result = self._with_repair(primitive, start, planned)
            if isinstance(result, JointTrajectory):
                return result
            failed.append((planned, result))
            if len(failed) == IN_ORDER:
                break
        tried = len(turned_away) + len(failed)
        if not failed:
            return _verdict(primitive, scene, min(turned_away, key=len), tried)
        best, violations = min(failed, key=lambda failure: len(failure[1]))
        ways = islice(self._ways(primitive, candidates, start, OTHER_WAYS), MOST)
        for way in ranked(self.arm, start, ways)[:FULL_ATTEMPTS]:
            if way.margin is None:
                break
            result = self._attempt(primitive, start, way.candidate, (NOTE,))
            if isinstance(result, JointTrajectory):
                return result
        if primitive.path is None or not all_about(violations, "posture"):
            looked_at = (candidate for candidate in candidates[:LOOKS] if not screened(self.arm, start, candidate))
            for around, note in detours(looked_at, start, self.arm):
                result = self._attempt(primitive, start, around, (note,))
                if isinstance(result, JointTrajectory):
                    return result
        whole = self._attempt(primitive, start, best, (), thorough=True)
        return _verdict(primitive, scene, violations if isinstance(whole, JointTrajectory) else whole, tried)

    def _with_repair(
        self, primitive: SkillParameters, start: MotionState, candidate: Candidate
    ) -> JointTrajectory | tuple[Violation, ...]:
        """One candidate, with its free path changed once if that is what fails."""
        first = self._attempt(primitive, start, candidate, ())
        if isinstance(first, JointTrajectory):
            return first
        for repaired, note in repairs(candidate, start, self.arm, first, shape_wished=primitive.path is not None):
            result = self._attempt(primitive, start, repaired, (note,))
            if isinstance(result, JointTrajectory):
                return result
        return first

    def _attempt(
        self,
        primitive: SkillParameters,
        start: MotionState,
        candidate: Candidate,
        notes: tuple[str, ...],
        thorough: bool = False,
    ) -> JointTrajectory | tuple[Violation, ...]:
        """One candidate, built and checked; up to its first collision unless asked to be thorough."""
        spec = self.skill_of(primitive).spec
        builder = MotionBuilder(self.arm, start, lambda segment: spec.limit_in(segment, primitive.force_limit))
        broken: tuple[Violation, ...] = ()
        for move in candidate.moves:
            broken = builder.add(move)
            if broken or (not thorough and builder.collides):
                break
        if not builder.legs:
            return broken
        every_note = (*candidate.notes, *notes, *builder.notes)
        result = assembled(primitive.kind, builder.legs, self.robot, start.scene, candidate.label, every_note)
        if isinstance(result, JointTrajectory):
            return broken or result
        return (*result, *broken)


def _verdict(primitive: SkillParameters, scene: Scene, violations: Sequence[Violation], tried: int) -> Verdict:
    return Verdict(skill=primitive.kind, violations=tuple(violations[:256]), candidates=tried, predicted=scene.predicted)
