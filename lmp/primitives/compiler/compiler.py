"""Compiles a typed primitive to a checked joint trajectory, or says what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lmp.errors import SetupFault, UnknownName
from lmp.primitives.compiler.assembly import assemble, violations_of
from lmp.primitives.compiler.detour import detours
from lmp.primitives.compiler.motion_builder import MotionBuilder
from lmp.primitives.compiler.motion_state import Arm, MotionState
from lmp.primitives.compiler.repair import raised_over_obstacles, repairs
from lmp.primitives.compiler.screening import screened
from lmp.primitives.dmp.bulges import shape_complaint
from lmp.primitives.moves import Candidate
from lmp.primitives.skill import Situation, Skill, without_gripper
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict, Violation

FULL_ATTEMPTS = 10
"""Candidates that are built in full before the compiler gives up; those that fail the first look do not count."""
LOOKS = 90
"""Candidates that are looked at in all [count]."""


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
        return Situation(scene, self.robot, self.arm.kinematics.forward)

    def tool_position(self, scene: Scene) -> tuple[float, float, float]:
        """Where the point between the finger tips is in a scene, world x, y, z [m]."""
        x, y, z = self.arm.kinematics.forward(scene.robot.positions)[:3, 3]
        return float(x), float(y), float(z)

    def compile(self, primitive: SkillParameters, scene: Scene) -> JointTrajectory | Verdict:
        """A trajectory that has passed every check, or all violations of the best candidate.

        Raises:
            UnknownName: No skill has the primitive's kind.
            SetupFault: The parameters are another skill's, or the scene is another robot's.
        """
        skill = self.skill_of(primitive)
        if scene.robot.joint_names != self.robot.joint_names:
            raise SetupFault(
                f"The scene's robot has the joints {', '.join(scene.robot.joint_names) or 'none'}; "
                f"{self.robot.name} has {', '.join(self.robot.joint_names)}."
            )
        if skill.spec.needs_gripper and self.robot.gripper is None:
            return _verdict(primitive, scene, (without_gripper(self.robot, skill.spec.name),), 0)
        complaint = shape_complaint(primitive.path)
        if complaint is not None:
            return _verdict(primitive, scene, (Violation(code="bad_shape", message=complaint),), 0)
        found = skill.candidates(primitive, self.situation(scene))
        candidates = [candidate for candidate in found if isinstance(candidate, Candidate)]
        if not candidates:
            return _verdict(primitive, scene, [v for v in found if isinstance(v, Violation)], 0)
        return self._best(primitive, scene, candidates)

    def skill_of(self, primitive: SkillParameters) -> Skill[Any]:
        """The skill of a primitive.

        Raises:
            UnknownName: There is none of that name.
            SetupFault: The parameters are another skill's.
        """
        skill = self.skills.get(primitive.kind)
        if skill is None:
            raise UnknownName("skill", primitive.kind, self.skills)
        if not isinstance(primitive, skill.spec.parameters):
            raise SetupFault(
                f"The skill {primitive.kind!r} takes {skill.spec.parameters.__name__}, not {type(primitive).__name__}."
            )
        return skill

    def _best(self, primitive: SkillParameters, scene: Scene, candidates: Sequence[Candidate]) -> JointTrajectory | Verdict:
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
            if len(failed) == FULL_ATTEMPTS:
                break
        tried = len(turned_away) + len(failed)
        if not failed:
            return _verdict(primitive, scene, min(turned_away, key=len), tried)
        best, violations = min(failed, key=lambda failure: len(failure[1]))
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
        for repaired, note in repairs(candidate, start, self.arm, first):
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
        violations = (*violations_of(builder.legs, self.robot, start.scene), *broken)
        if violations:
            return violations
        every_note = (*candidate.notes, *notes, *builder.notes)
        return assemble(primitive.kind, builder.legs, self.robot, start.scene, candidate.label, every_note)


def _verdict(primitive: SkillParameters, scene: Scene, violations: Sequence[Violation], tried: int) -> Verdict:
    return Verdict(skill=primitive.kind, violations=tuple(violations[:256]), candidates=tried, predicted=scene.predicted)
