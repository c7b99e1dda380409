"""All checks of a sampled motion: what is wrong with it, and how far it stays from its limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lmp.primitives.checks.collision_checks import clearance_violations
from lmp.primitives.checks.limit_checks import (
    end_error_violations,
    joint_limit_violations,
    rate_violations,
    singularity_violations,
    workspace_violations,
)
from lmp.primitives.checks.sampled_motion import Array, SampledMotion
from lmp.primitives.collision.clearance import Clearance
from lmp.robots.joint_units import joint_units
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import Scene
from lmp.schema.trajectory import Margins
from lmp.schema.verdict import Violation


@dataclass(frozen=True)
class SegmentClearance:
    """The clearance of one segment.

    Attributes:
        segment: Its name.
        times: Instants of the samples that the clearance was taken at [s]. Shape (n,).
        clearance: The finding.
        margin: The distance that was asked for [m].
    """

    segment: str
    times: Array
    clearance: Clearance
    margin: float


def check_motion(
    motion: SampledMotion, description: RobotDescription, scene: Scene, clearances: Sequence[SegmentClearance] = ()
) -> tuple[Violation, ...]:
    """Everything that is wrong with a motion, at most once a cause, in the order of time."""
    violations = [
        *joint_limit_violations(motion, description),
        *rate_violations(motion, description),
        *workspace_violations(motion, scene),
        *singularity_violations(motion),
        *end_error_violations(motion),
    ]
    for part in clearances:
        violations += clearance_violations(part.clearance, part.times, scene, part.margin, part.segment)
    return tuple(sorted(violations, key=lambda violation: violation.t or 0.0))


def margins(
    motion: SampledMotion, description: RobotDescription, clearances: Sequence[SegmentClearance] = (), stretch: float = 1.0
) -> Margins:
    """Distances of a motion from its limits.

    Args:
        motion: The motion.
        description: The robot.
        clearances: Of its segments.
        stretch: Factor by which the requested durations grew [dimensionless].
    """
    limits = {name: np.array([getattr(joint, name) for joint in description.joints]) for name in _LIMITS}
    room = np.minimum(motion.positions - limits["lower"], limits["upper"] - motion.positions)
    nearest = int(np.argmin(room.min(axis=0)))
    distances = [part.clearance.min_distance for part in clearances]
    near = [distance for distance in distances if distance is not None]
    return Margins(
        joint_limit=float(room.min()),
        joint_limit_unit=joint_units(description)[nearest],
        velocity=float((np.abs(motion.velocities) / limits["velocity"]).max()),
        acceleration=float((np.abs(motion.accelerations) / limits["acceleration"]).max()),
        jerk=float((np.abs(motion.jerks) / limits["jerk"]).max()),
        clearance=min(near, default=None),
        smallest_singular_value=float(motion.singular_values.min()),
        end_error=float(motion.end_errors.max(initial=0.0)),
        stretch=stretch,
    )


_LIMITS = ("lower", "upper", "velocity", "acceleration", "jerk")
