"""The rest posture of a robot file: clear of itself, far from singularities and from the ends of its joints."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from lmp.diagnosis.robots.robot_finding import RobotFinding
from lmp.diagnosis.robots.robot_models import RobotModels
from lmp.meaning.directions import seen_from
from lmp.primitives.checks.path_checks import SMALLEST_SINGULAR_VALUE
from lmp.primitives.compiler.near_pairs import MARGIN

LOOKS_ASIDE = 60.0
"""From this angle between where the base faces and the way from base to tool on, words for directions mislead [deg]."""
NEAR_END = 0.05
"""Distance from the end of its range at which a joint rests too near to it [rad]."""


def posture_findings(models: RobotModels) -> Iterator[RobotFinding]:
    """Findings on what is wrong with the rest posture: each run begins and ends there."""
    robot, rest = models.robot, np.array(models.robot.rest)
    for contact in models.alone.check(rest, robot.max_width, margin=MARGIN):
        words = f"In the rest posture {contact.a!r} and {contact.b!r} {gap_words(contact.distance)}."
        hint = "Choose another rest posture; or list the pair in ignored_pairs, if the two touch by design."
        yield RobotFinding(topic="posture", weight="problem", message=words, hint=hint)
    value = float(models.kinematics.singular_values(rest[None])[0])
    if value < SMALLEST_SINGULAR_VALUE:
        words = (
            f"The rest posture is too near to a singularity: the least singular value of the tool's Jacobian is {value:.4f}; "
            f"{SMALLEST_SINGULAR_VALUE} is needed."
        )
        yield RobotFinding(topic="posture", weight="problem", message=words, hint="Bend the stretched or folded joints.")
    for joint in robot.joints:
        gap = min(joint.rest - joint.lower, joint.upper - joint.rest)
        if gap < NEAR_END:
            words = f"Joint {joint.name!r} rests {gap:.3f} rad from the end of its range."
            yield RobotFinding(topic="posture", weight="warning", message=words, hint="Corrections to that side have no room.")
    tool = models.kinematics.forward(rest)[:3, 3]
    way = tool[:2] - np.array(robot.base.position[:2])
    off = math.degrees(seen_from(robot.base).viewer_yaw(math.atan2(way[1], way[0])))
    if abs(off) > LOOKS_ASIDE:
        words = (
            f'In the rest posture the tool is {off:.0f} deg off the direction in which the base faces: "forward" stays that of '
            'the base\'s x axis, and "left" is to the left of it.'
        )
        hint = "Turn `base` so that its x axis points to where the robot works, and the first joint's rest by as much."
        yield RobotFinding(topic="posture", weight="warning", message=words, hint=hint)
    height = float(tool[2]) - robot.base.position[2]
    if height < robot.tip_length:
        words = (
            f"In the rest posture the tool point is at a height of {height:.3f} m over the base, "
            "where a table top beside it would be."
        )
        yield RobotFinding(topic="posture", weight="warning", message=words, hint="Choose a rest posture that is higher.")


def gap_words(distance: float) -> str:
    """Say how two links that are too near to each other stand [m]; rounded down, so that it never says what is needed."""
    if distance < 0.0:
        return f"overlap by {-distance * 1000:.3g} mm"
    return f"are {math.floor(distance * 1e5) / 100:.2f} mm apart; {MARGIN * 1000:.0f} mm are needed"
