"""The reasons for which inverse kinematics found no path, as violations."""

from __future__ import annotations

from lmp.figures import apart
from lmp.primitives.arm.reachability import IkProblem, Unreachable
from lmp.primitives.checks.posture_excess import JOINT_LIMIT, SINGULARITY
from lmp.schema.robot import RobotDescription
from lmp.schema.verdict import VIOLATIONS, Violation, ViolationKind

UNREACHABLE = VIOLATIONS.register(ViolationKind("unreachable", "no posture brings the tool to the pose", about="posture"))
BRANCH_JUMP = VIOLATIONS.register(
    ViolationKind("branch_jump", "the pose can be reached only with a jump to another posture", about="posture")
)


def reach_violations(unreachable: Unreachable, description: RobotDescription, segment: str) -> tuple[Violation, ...]:
    """One violation for each problem of a pose or path that a segment asks for."""
    return tuple(_violation(problem, description, segment) for problem in unreachable.problems)


def _violation(problem: IkProblem, description: RobotDescription, segment: str) -> Violation:
    kind, hint = _KINDS[problem.reason]
    joint = None if problem.joint is None else description.joint_names[problem.joint]
    return kind(
        message=f"{_words(problem, joint)} in {segment!r}.",
        value=problem.value,
        limit=problem.limit,
        unit=problem.unit,
        joint=joint,
        segment=segment,
        hint=hint,
    )


_KINDS: dict[str, tuple[ViolationKind, str]] = {
    "limit": (JOINT_LIMIT, "Choose another approach direction, turn of the gripper or place."),
    "reach": (UNREACHABLE, "Choose a place nearer to the robot, or lower, or another approach direction."),
    "singularity": (SINGULARITY, "Keep the arm from stretching out: a nearer place, or a bulge towards the robot."),
    "branch_jump": (BRANCH_JUMP, "Go there by way of the rest posture, or choose another approach direction."),
    "start": (UNREACHABLE, "Begin the path where the arm is."),
}


def _words(problem: IkProblem, joint: str | None) -> str:
    unit = problem.unit
    match problem.reason:
        case "limit":
            if not problem.missed:
                value, limit = apart(problem.value, problem.limit)
                return f"Joint {joint!r} would have to go to {value} {unit}, beyond {limit} {unit}"
            return (
                f"Joint {joint!r} is at the end of its range, {problem.limit:.3f} {unit}, where the pose is missed by "
                f"{problem.missing}"
            )
        case "reach":
            return f"The pose is out of reach by {problem.missing}"
        case "singularity":
            return f"The arm is singular (smallest singular value {problem.value:.4f}) and cannot go on"
        case "branch_jump":
            return f"The pose can be reached only with a jump of {problem.value:.2f} {unit} of joint {joint!r}"
        case _:
            return f"The path begins {problem.missing} from where the arm is"
