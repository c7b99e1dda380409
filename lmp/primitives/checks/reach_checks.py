"""Why inverse kinematics found no way, as violations."""

from __future__ import annotations

from lmp.primitives.arm.reachability import IkProblem, Unreachable
from lmp.schema.robot import RobotDescription
from lmp.schema.verdict import Violation, ViolationCode


def reach_violations(unreachable: Unreachable, description: RobotDescription, segment: str) -> tuple[Violation, ...]:
    """One violation for each problem of a pose or path that a segment asks for."""
    return tuple(_violation(problem, description, segment) for problem in unreachable.problems)


def _violation(problem: IkProblem, description: RobotDescription, segment: str) -> Violation:
    code, unit, hint = _KINDS[problem.reason]
    joint = None if problem.joint is None else description.joint_names[problem.joint]
    return Violation(
        code=code,
        message=f"{_words(problem, joint)} in {segment!r}.",
        value=problem.value,
        limit=problem.limit,
        unit=unit,
        joint=joint,
        segment=segment,
        hint=hint,
    )


_KINDS: dict[str, tuple[ViolationCode, str, str]] = {
    "limit": ("joint_limit", "rad", "Choose another approach direction, turn of the hand or place."),
    "reach": ("unreachable", "m", "Choose a place nearer to the robot, or lower, or another approach direction."),
    "singularity": ("singularity", "", "Keep the arm from stretching out: a nearer place, or a bulge towards the robot."),
    "branch_jump": ("branch_jump", "rad", "Go there by way of the rest posture, or choose another approach direction."),
    "start": ("unreachable", "m", "Begin the path where the arm is."),
}


def _words(problem: IkProblem, joint: str | None) -> str:
    match problem.reason:
        case "limit":
            if not problem.missed:
                return f"Joint {joint!r} would have to go to {problem.value:.3f} rad, beyond {problem.limit:.3f} rad"
            return (
                f"Joint {joint!r} is at the end of its range, {problem.limit:.3f} rad, where the pose is missed by "
                f"{problem.position_error * 1e3:.1f} mm and {problem.rotation_error:.3f} rad"
            )
        case "reach":
            return f"The pose is out of reach by {problem.value * 1e3:.1f} mm and {problem.rotation_error:.3f} rad"
        case "singularity":
            return f"The arm is singular (smallest singular value {problem.value:.4f}) and cannot go on"
        case "branch_jump":
            return f"The pose can be reached only with a jump of {problem.value:.2f} rad of joint {joint!r}"
        case _:
            return f"The path begins {problem.value * 1e3:.1f} mm and {problem.rotation_error:.3f} rad from where the arm is"
