"""Joint limits, workspace, singularity and end error of a sampled motion, as violations."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from lmp.figures import apart
from lmp.meaning.directions import directions
from lmp.primitives.arm.lessening import JOINT_SLACK, ROUNDING, worst_rise
from lmp.primitives.checks.posture_excess import (
    JOINT_LIMIT,
    OUT_OF_WORKSPACE,
    SINGULAR_SLACK,
    SINGULARITY,
    SMALLEST_SINGULAR_VALUE,
    TOOL_SLACK,
)
from lmp.primitives.checks.sampled_motion import Array, SampledMotion
from lmp.robots.joint_units import joint_units
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import Scene
from lmp.schema.verdict import VIOLATIONS, Violation, ViolationKind

ALIGNED = 1e-6
"""Largest angle between frames whose axes are the same [rad]."""
LARGEST_END_ERROR = 1e-3
"""How far the tool may be from where a segment is to end [m]."""
_BEGUN = " It was beyond it when the motion began: from there it may only come back."
VELOCITY_LIMIT = VIOLATIONS.register(ViolationKind("velocity_limit", "a joint would be too fast", about="limit"))
ACCELERATION_LIMIT = VIOLATIONS.register(
    ViolationKind("acceleration_limit", "a joint would speed up or slow down too hard", about="limit")
)
JERK_LIMIT = VIOLATIONS.register(ViolationKind("jerk_limit", "a joint's acceleration would change too fast", about="limit"))
END_ERROR = VIOLATIONS.register(ViolationKind("end_error", "a segment would end elsewhere than at its goal", about="limit"))


def joint_limit_violations(motion: SampledMotion, description: RobotDescription) -> Iterator[Violation]:
    """Each joint that leaves its range, or goes farther beyond it, at its worst sample."""
    for column, joint in enumerate(description.joints):
        q = motion.positions[:, column]
        for excess, limit, end, hint in (
            (joint.lower - q, joint.lower, "lower", "higher"),
            (q - joint.upper, joint.upper, "upper", "lower"),
        ):
            worst = worst_rise(excess, JOINT_SLACK)
            if worst is not None:
                t, value, unit = float(motion.times[worst]), float(q[worst]), joint_units(description)[column]
                found, allowed = apart(value, limit)
                yield JOINT_LIMIT(
                    message=f"Joint {joint.name!r} reaches {found} {unit} at t = {t:.2f} s; "
                    f"its {end} limit is {allowed} {unit}.{_begun(excess)}",
                    value=value,
                    limit=limit,
                    unit=unit,
                    t=t,
                    joint=joint.name,
                    segment=motion.segment_at(t),
                    hint=f"Choose another approach direction or place, so that {joint.name!r} stays {hint}.",
                )


def rate_violations(motion: SampledMotion, description: RobotDescription) -> Iterator[Violation]:
    """Each joint that exceeds its velocity, acceleration or jerk limit, at its worst sample."""
    rates: tuple[tuple[ViolationKind, str, str, Array, int], ...] = (
        (VELOCITY_LIMIT, "velocity", "/s", motion.velocities, 1),
        (ACCELERATION_LIMIT, "acceleration", "/s^2", motion.accelerations, 2),
        (JERK_LIMIT, "jerk", "/s^3", motion.jerks, 3),
    )
    for kind, word, per, values, order in rates:
        for column, joint in enumerate(description.joints):
            limit = float(getattr(joint, word))
            worst = int(np.argmax(np.abs(values[:, column])))
            value = float(values[worst, column])
            if abs(value) > limit * (1 + ROUNDING):
                t, factor = float(motion.times[worst]), (abs(value) / limit) ** (1 / order)
                unit = joint_units(description)[column] + per
                found, allowed = apart(value, limit if value > 0.0 else -limit, form="g")
                yield kind(
                    message=f"The {word} of {joint.name!r} is {found} {unit} at t = {t:.2f} s; "
                    f"{allowed.removeprefix('-')} {unit} is allowed.",
                    value=value,
                    limit=limit,
                    unit=unit,
                    t=t,
                    joint=joint.name,
                    segment=motion.segment_at(t),
                    hint=f"Make the motion {factor:.2f} times as long.",
                )


def workspace_violations(motion: SampledMotion, scene: Scene) -> Iterator[Violation]:
    """Each side of the workspace that the tool leaves, or goes farther beyond, at its worst sample.

    They are told in the robot's frame where its axes are the workspace's, and else in the workspace's own.
    """
    box, robot = scene.workspace, directions(scene)
    told, where = box.coordinates(motion.tool_path), " in the workspace's frame"
    shift = np.zeros(3)
    if abs(math.remainder(box.T_world_workspace.yaw - robot.heading, 2 * math.pi)) < ALIGNED:
        shift, where = robot.coordinates(np.array(box.T_world_workspace.position)), ""
    told = told + shift
    lower, upper = np.array(box.lower) + shift, np.array(box.upper) + shift
    sides = ((-1.0, lower.tolist(), ("x", "y", "z")), (1.0, upper.tolist(), ("x", "y", "z")))
    for sign, bounds, axes in sides:
        for column, (axis, bound) in enumerate(zip(axes, bounds, strict=True)):
            excess = sign * (told[:, column] - bound)
            worst = worst_rise(excess, TOOL_SLACK)
            if worst is not None:
                t, value = float(motion.times[worst]), float(told[worst, column])
                found, allowed = apart(value, bound)
                yield OUT_OF_WORKSPACE(
                    message=f"The tool is at {axis} = {found} m{where} at t = {t:.2f} s; the workspace ends at {allowed} m."
                    f"{_begun(excess)}",
                    value=value,
                    limit=bound,
                    unit="m",
                    t=t,
                    segment=motion.segment_at(t),
                    hint=f"Stay {'below' if sign > 0 else 'above'} {axis} = {bound:.3f} m: smaller bulges, or a nearer goal.",
                )


def singularity_violations(motion: SampledMotion) -> Iterator[Violation]:
    """The sample nearest to a singularity, if it is too near and does not only lead away from one.

    What goes straight in joint space does not count: nothing is lost there, and the way out of a singularity leads through it.
    """
    excess = np.where(motion.follows_tool, SMALLEST_SINGULAR_VALUE - motion.singular_values, -np.inf)
    worst = worst_rise(excess, SINGULAR_SLACK)
    if worst is not None:
        value, t = float(motion.singular_values[worst]), float(motion.times[worst])
        yield SINGULARITY(
            message=f"The smallest singular value of the tool's Jacobian is {value:.4f} at t = {t:.2f} s; "
            f"{SMALLEST_SINGULAR_VALUE} is the least.{_begun(excess)}",
            value=value,
            limit=SMALLEST_SINGULAR_VALUE,
            t=t,
            segment=motion.segment_at(t),
            hint="Keep the arm from stretching out: a nearer place, or a bulge towards the robot.",
        )


def _begun(excess: Array) -> str:
    """Further words for what was wrong already at the beginning. Shape (n,)."""
    return _BEGUN if excess[0] > ROUNDING else ""


def end_error_violations(motion: SampledMotion) -> Iterator[Violation]:
    """Each segment that ends elsewhere than it is to."""
    for segment, error in zip(motion.segments, motion.end_errors, strict=True):
        if error > LARGEST_END_ERROR:
            found, _ = apart(error * 1e3, LARGEST_END_ERROR * 1e3, 1)
            yield END_ERROR(
                message=f"Segment {segment.name!r} ends {found} mm from its goal; {LARGEST_END_ERROR * 1e3:.0f} mm is allowed.",
                value=float(error),
                limit=LARGEST_END_ERROR,
                unit="m",
                t=segment.end,
                segment=segment.name,
                hint="Choose a path shape that ends at its goal.",
            )
