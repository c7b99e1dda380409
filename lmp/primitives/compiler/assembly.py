"""Joins the legs of a motion: one trajectory with its margins, or all that is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.checks.checks import check_motion, margins
from lmp.primitives.checks.sampled_motion import SampledMotion
from lmp.primitives.compiler.leg import Leg
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import Scene
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Violation

STRETCHED = 1.01
"""Stretch of a requested duration from which on it is mentioned [dimensionless]."""


def assembled(
    skill: str, legs: Sequence[Leg], robot: RobotDescription, scene: Scene, label: str, notes: Sequence[str]
) -> JointTrajectory | tuple[Violation, ...]:
    """The trajectory of legs if they pass every check, else all that is wrong with them."""
    motion = sampled(legs)
    violations = check_motion(motion, robot, scene, [leg.clearance for leg in legs])
    if violations:
        return violations
    slower = [
        f"{leg.name} takes {leg.timed.duration:.2f} s in place of {leg.requested:.2f} s, the least within the limits"
        for leg in legs
        if leg.requested is not None and leg.stretch > STRETCHED
    ]
    return JointTrajectory(
        skill=skill,
        joint_names=robot.joint_names,
        times=motion.times,
        positions=motion.positions,
        velocities=motion.velocities,
        accelerations=motion.accelerations,
        tool_path=motion.tool_path,
        gripper=tuple(event for leg in legs for event in leg.events),
        segments=motion.segments,
        margins=margins(motion, robot, [leg.clearance for leg in legs], max(leg.stretch for leg in legs)),
        candidate=label,
        notes=tuple(dict.fromkeys((*notes, *slower)))[:32],
        predicted=scene.predicted,
    )


def sampled(legs: Sequence[Leg]) -> SampledMotion:
    """All legs in one motion; where two meet, the instant is the end of the first."""
    times = np.concatenate([leg.start + leg.timed.times[_first(index) :] for index, leg in enumerate(legs)])

    def joined(name: str) -> NDArray[np.float64]:
        return np.concatenate([getattr(leg.timed, name)[_first(index) :] for index, leg in enumerate(legs)])

    return SampledMotion(
        times=times,
        positions=joined("positions"),
        velocities=joined("velocities"),
        accelerations=joined("accelerations"),
        jerks=joined("jerks"),
        tool_path=joined("tool_path"),
        singular_values=joined("singular_values"),
        segments=tuple(leg.segment for leg in legs),
        ends=np.array([leg.goal for leg in legs]),
        in_joint_space=tuple(leg.in_joint_space for leg in legs),
    )


def _first(index: int) -> int:
    return 0 if index == 0 else 1
