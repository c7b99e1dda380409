"""Compiles a typed primitive to a checked joint trajectory, or says what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lmp.errors import SetupFault, UnknownName, need
from lmp.primitives.compiler.attempts import Attempts, verdict
from lmp.primitives.compiler.lead import NO_LEAD, Lead, is_wrong
from lmp.primitives.compiler.motion_state import Arm, MotionState
from lmp.primitives.compiler.proposals import proposals
from lmp.primitives.moves import Candidate
from lmp.primitives.skill import Situation, Skill, without_gripper
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import VIOLATIONS, Verdict, ViolationKind

PRIMITIVE = "the parameters of a skill, such as PickParameters"
STILL = 1e-3
"""A chain that does not move counts as where it was as long as its joints are this near [rad], [m]."""
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
        """Return what skills may know of a scene."""
        return Situation(scene, self.robot, self.arm.kinematics.forward, self.arm.collisions.finger_hulls)

    def tool_position(self, scene: Scene) -> tuple[float, float, float]:
        """Place of the point between the finger tips in a scene, world x, y, z [m]."""
        x, y, z = self.arm.kinematics.forward(scene.robot.positions_of(self.robot.joint_names))[:3, 3]
        return float(x), float(y), float(z)

    def compile(self, primitive: SkillParameters, scene: Scene) -> JointTrajectory | Verdict:
        """A trajectory that has passed every check, or all violations of the best candidate.

        Raises:
            UnknownName: No skill has the primitive's kind.
            SetupFault: The parameters are another skill's or none, the scene is another robot's or none, or the skill
                returned no ways, or ways with values that no motion can have.
        """
        candidates = self.candidates(primitive, scene)
        if isinstance(candidates, Verdict):
            return candidates
        start = MotionState.first(self.arm, scene)
        attempts = self.attempts(primitive, start)
        if not is_wrong(start, self.arm):
            return attempts.first(candidates)
        result, _ = attempts.in_order(candidates)
        return result if isinstance(result, JointTrajectory) else self._led_in(attempts, scene, result)

    def candidates(self, primitive: SkillParameters, scene: Scene) -> list[Candidate] | Verdict:
        """The skill's ways to carry it out, best first, or what is wrong with it."""
        skill = self.skill_of(primitive)
        self.check_fits(scene)
        if skill.spec.needs_gripper and self.robot.gripper is None:
            return verdict(primitive, scene, (without_gripper(self.robot, skill.spec.name),), 0)
        if primitive.path is not None:
            from lmp.primitives.dmp.bulges import shape_complaint

            complaint = shape_complaint(primitive.path)
            if complaint is not None:
                return verdict(primitive, scene, (BAD_SHAPE(message=complaint),), 0)
        found = skill.candidates(primitive, self.situation(scene))
        candidates, violations = proposals(skill.spec.name, found, len(self.robot.joints))
        if not candidates:
            return verdict(primitive, scene, violations, 0)
        if self.arm.kinematics.takes_any_pose:
            return candidates
        from lmp.primitives.compiler.turned_poses import in_reach

        start = MotionState.first(self.arm, scene)
        return [in_reach(candidate, start, self.arm) for candidate in candidates]

    def check_fits(self, scene: Scene) -> None:
        """Refuses what is no scene of this robot."""
        need("scene", scene, Scene, "a Scene")
        if not set(self.robot.joint_names) <= set(scene.robot.joint_names):
            raise SetupFault(
                f"The scene's robot has the joints {', '.join(scene.robot.joint_names) or 'none'}; "
                f"{self.robot.name} has {', '.join(self.robot.joint_names)}."
            )
        state = scene.robot
        self._hold(dict(zip(state.joint_names, state.positions, strict=True)))

    def _hold(self, positions: Mapping[str, float]) -> None:
        """Holds the chains that do not move where they are observed: they are in the way there, and not where they rest."""
        seen = {name: positions[name] for name in self.robot.held_rest if name in positions}
        if any(abs(seen[name] - self.robot.held_rest[name]) > STILL for name in seen):
            self.robot = self.robot.held_at(seen)
            self.arm = Arm(self.robot, self.arm.rate_hz)

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

    def attempts(self, primitive: SkillParameters, start: MotionState, lead: Lead = NO_LEAD) -> Attempts:
        """Tries of a primitive from a start."""
        return Attempts(self.arm, self.skill_of(primitive).spec, primitive, start, lead)

    def _led_in(self, attempts: Attempts, scene: Scene, refused: Verdict) -> JointTrajectory | Verdict:
        """From where something is wrong: back in first, and on from there; or that a person has to move the arm."""
        from lmp.primitives.compiler.way_in import NO_WAY, ONLY_IN, led_in, stuck, ways_in

        refusal: Verdict | None = None
        primitive, start = attempts.primitive, attempts.start
        for way in ways_in(start, self.arm, primitive.speed, primitive.timing):
            inside = led_in(scene, start, self.arm, way[-1].q)
            candidates = self.candidates(primitive, inside)
            if isinstance(candidates, Verdict):
                return candidates
            found = self.attempts(primitive, MotionState.first(self.arm, inside), Lead(start, way)).first(candidates)
            if isinstance(found, JointTrajectory):
                return found
            refusal = found
        if refusal is not None:
            return verdict(primitive, scene, (*refusal.violations, *stuck(start, self.arm, ONLY_IN)), refusal.candidates)
        return verdict(primitive, scene, (*stuck(start, self.arm, NO_WAY), *refused.violations), refused.candidates)
