"""What inverse kinematics could not do, as violations."""

from __future__ import annotations

from lmp.primitives.arm.reachability import IkProblem, Unreachable
from lmp.schema.robot import RobotDescription
from lmp.schema.verdict import Violation, ViolationCode

_CODES: dict[str, ViolationCode] = {
    "limit": "joint_limit",
    "reach": "unreachable",
    "singularity": "singularity",
    "branch_jump": "branch_jump",
    "start": "unreachable",
}
_UNITS = {"limit": "rad", "reach": "m", "singularity": "", "branch_jump": "rad", "start": "m"}
_HINTS = {
    "limit": "Another grasp or turn of the hand may reach it.",
    "reach": "It is out of reach; choose a place nearer to the robot.",
    "singularity": "Keep the arm from stretching out: a nearer place.",
    "branch_jump": "Another way there, or another turn of the hand.",
    "start": "Look at the scene again: the arm is not where it was expected.",
}


def unreachable_violations(result: Unreachable, robot: RobotDescription, segment: str) -> tuple[Violation, ...]:
    """One violation for each problem."""
    return tuple(_violation(problem, robot, segment) for problem in result.problems)


def _violation(problem: IkProblem, robot: RobotDescription, segment: str) -> Violation:
    joint = None if problem.joint is None else robot.joints[problem.joint].name
    return Violation(
        code=_CODES[problem.reason],
        message=_words(problem, joint, segment),
        value=problem.value,
        limit=problem.limit,
        unit=_UNITS[problem.reason],
        joint=joint,
        segment=segment,
        hint=_HINTS[problem.reason],
    )


def _words(problem: IkProblem, joint: str | None, segment: str) -> str:
    match problem.reason:
        case "limit":
            return f"{joint} would have to go beyond {problem.limit:.3f} rad in {segment!r}."
        case "reach":
            return f"The goal of {segment!r} is {problem.position_error * 1000:.0f} mm out of reach."
        case "singularity":
            return f"The arm would be stretched out in {segment!r}, with a smallest singular value of {problem.value:.3f}."
        case "branch_jump":
            return f"{joint} would have to jump by {problem.value:.2f} rad in {segment!r}."
        case "start":
            return f"{segment!r} does not begin where the arm is: {problem.position_error * 1000:.1f} mm away."
