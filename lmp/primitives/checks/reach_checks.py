"""Why inverse kinematics found no way, as violations."""

from __future__ import annotations

from collections.abc import Iterator

from lmp.primitives.arm.reachability import IkProblem, Unreachable
from lmp.primitives.checks.sampled_motion import Array
from lmp.schema.robot import RobotDescription
from lmp.schema.verdict import Violation, ViolationCode


def reach_violations(
    unreachable: Unreachable, description: RobotDescription, times: Array | None = None, segment: str | None = None
) -> Iterator[Violation]:
    """One violation for each problem of a pose or path.

    Args:
        unreachable: What inverse kinematics answered.
        description: The robot.
        times: Instants of the waypoints, if it was a path [s]. Shape (n,).
        segment: The segment that it belongs to.
    """
    for problem in unreachable.problems:
        code, unit, hint = _KINDS[problem.reason]
        joint = None if problem.joint is None else description.joint_names[problem.joint]
        t = None if times is None else float(times[problem.index])
        yield Violation(
            code=code,
            message=_words(problem, joint) + ("." if t is None else f" at t = {t:.2f} s."),
            value=problem.value,
            limit=problem.limit,
            unit=unit,
            t=t,
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
            return (
                f"Joint {joint!r} would have to go to {problem.value:.3f} rad, beyond {problem.limit:.3f} rad, "
                f"and the tool would still miss the pose by {problem.position_error * 1e3:.1f} mm"
                if problem.position_error > 1e-6
                else f"Joint {joint!r} would have to go to {problem.value:.3f} rad, beyond {problem.limit:.3f} rad"
            )
        case "reach":
            return f"The pose is out of reach by {problem.value * 1e3:.1f} mm and {problem.rotation_error:.3f} rad"
        case "singularity":
            return f"The arm is singular (smallest singular value {problem.value:.4f}) and cannot go on"
        case "branch_jump":
            return f"The pose can be reached only with a jump of {problem.value:.2f} rad of joint {joint!r}"
        case _:
            return f"The path begins {problem.value * 1e3:.1f} mm and {problem.rotation_error:.3f} rad from where the arm is"
