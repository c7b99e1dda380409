"""Checks along a path: excess over ranges, reasons of inverse kinematics, and pairs that come too near, as violations."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lmp.figures import apart
from lmp.primitives.arm.kinematics import Kinematics
from lmp.primitives.arm.lessening import JOINT_SLACK
from lmp.primitives.arm.reachability import IkProblem, Unreachable
from lmp.primitives.checks.sampled_motion import Array
from lmp.primitives.collision.named_pairs import Clearance, Contact, object_of
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import Scene, Workspace
from lmp.schema.verdict import VIOLATIONS, Violation, ViolationKind

SMALLEST_SINGULAR_VALUE = 0.02
"""Below it the arm is too near to a singularity [dimensionless]."""
TOOL_SLACK, SINGULAR_SLACK = 1e-4, 1e-3
"""Largest rise of an excess that is not gone yet and still counts as none: what sampling may add [m], [dimensionless]."""
JOINT_LIMIT = VIOLATIONS.register(ViolationKind("joint_limit", "a joint would leave its range", about="posture"))
OUT_OF_WORKSPACE = VIOLATIONS.register(
    ViolationKind("out_of_workspace", "the tool, or what is moved, would leave the workspace", about="place")
)
SINGULARITY = VIOLATIONS.register(
    ViolationKind("singularity", "the arm would stretch so far that it loses a direction of motion", about="posture")
)


def posture_excesses(kinematics: Kinematics, workspace: Workspace, qs: Array) -> Array:
    """Excess of postures over joint ranges, workspace and singularity. Shape (n, dof) to (n, 2 dof + 7).

    Columns: each joint below, each joint above its range, the tool below and above the workspace in its x, y, z, the singular
    value below its least; see `excess_slacks` and `excess_kinds`.
    """
    tool = workspace.coordinates(kinematics.forward_path(qs)[:, :3, 3])
    short = SMALLEST_SINGULAR_VALUE - kinematics.singular_values(qs)
    sides = (kinematics.lower - qs, qs - kinematics.upper, np.array(workspace.lower) - tool, tool - np.array(workspace.upper))
    return np.concatenate([*sides, short[:, None]], axis=1)


def excess_slacks(dof: int) -> Array:
    """The slack of each column of `posture_excesses`. Shape (2 dof + 7,)."""
    return np.array([JOINT_SLACK] * (2 * dof) + [TOOL_SLACK] * 6 + [SINGULAR_SLACK])


def excess_kinds(dof: int) -> tuple[ViolationKind, ...]:
    """The violation that each column of `posture_excesses` is about. Length 2 dof + 7."""
    return (*(JOINT_LIMIT,) * (2 * dof), *(OUT_OF_WORKSPACE,) * 6, SINGULARITY)


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


SELF_COLLISION = VIOLATIONS.register(
    ViolationKind(
        "self_collision",
        "two parts of the arm would come too near to each other",
        about="obstacle",
        hint="Choose another approach direction or turn of the gripper.",
    )
)
COLLISION = VIOLATIONS.register(
    ViolationKind(
        "collision",
        "the arm, or what it carries, would come too near to an object",
        about="obstacle",
        hint="Go over or around it: a bulge up or to the side, or another approach direction.",
    )
)
SUPPORT_CLEARANCE = VIOLATIONS.register(
    ViolationKind(
        "support_clearance",
        "the arm, or what it carries, would come too near to what objects stand on",
        about="obstacle",
        hint="Go higher: a bulge up, or a higher grasp.",
    )
)


def clearance_violations(
    clearance: Clearance, times: Array, scene: Scene, margin: float, segment: str | None = None
) -> Iterator[Violation]:
    """One violation a pair that comes too near, at the first instant at which it does.

    Args:
        clearance: Of the samples at `times`.
        times: Instants of its samples in the motion [s]. Shape (n,).
        scene: The scene that it was taken in.
        margin: The distance that was asked for [m].
        segment: The segment that the samples belong to.
    """
    for contact in clearance.contacts:
        kind, link, thing = _kind(contact, scene)
        t = float(times[contact.first])
        yield kind(
            message=f"{_pair_words(contact)} at t = {t:.2f} s; {margin * 1e3:.0f} mm between them is the least.",
            value=contact.distance,
            limit=margin,
            unit="m",
            t=t,
            link=link,
            object=thing,
            segment=segment,
        )


def _kind(contact: Contact, scene: Scene) -> tuple[ViolationKind, str | None, str | None]:
    """Kind, link and object of a contact; of two objects the standing one is named."""
    first, second = object_of(contact.a, scene), object_of(contact.b, scene)
    thing = second or first
    if thing is None:
        return SELF_COLLISION, contact.a, None
    link = None if first and second else (contact.b if first else contact.a)
    return (SUPPORT_CLEARANCE if scene.get(thing).role == "support" else COLLISION), link, thing


def _pair_words(contact: Contact) -> str:
    names = f"{contact.a!r} and {contact.b!r}"
    if contact.distance <= 0.0:
        return f"{names} overlap by {-contact.distance * 1e3:.1f} mm"
    return f"{names} come within {contact.distance * 1e3:.1f} mm"
