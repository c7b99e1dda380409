"""The gripper of a robot file against its URDF: widths, closing direction and finger tips, measured with thin plates."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator

import numpy as np

from lmp.diagnosis.robots.robot_finding import RobotFinding
from lmp.diagnosis.robots.robot_models import Array, RobotModels, scene_of
from lmp.robots.urdf_model import UrdfModel
from lmp.schema.gripper import GripperDescription
from lmp.schema.pose import Pose
from lmp.schema.scene import SceneObject
from lmp.schema.shape import Box

SAMPLES = 9
"""Widths from closed to open that are looked at [count]."""
SPARE = 1e-3
"""What a joint may be beyond its range by rounding [rad], [m]."""
WIDTHS = (0.012, 0.024, 0.036)
"""Distances of the fingers at which they are measured; wider, they are too far from the plate to be measured [m]."""
WRONG = 0.0015
"""Difference of a measured size from what the file says that is told [m]."""
THIN = 2e-4
"""Thickness of the plates [m]."""
REACH = 0.024
"""Distances from a plate beyond this are not measured [m]."""


def gripper_findings(models: RobotModels, urdf: UrdfModel) -> Iterator[RobotFinding]:
    """Findings on a gripper that does not fit; none for a robot without a gripper."""
    gripper = models.robot.gripper
    if gripper is None:
        return
    yield from _out_of_range(gripper, urdf)
    yield from _left_out(models, gripper, urdf)
    yield from _filled(models, gripper)
    yield from _pads(models, gripper)
    yield from _tips(models, gripper)


def _out_of_range(gripper: GripperDescription, urdf: UrdfModel) -> Iterator[RobotFinding]:
    """Widths for which a finger joint would have to leave its range in the URDF."""
    limits = {joint.attrib["name"]: joint.find("limit") for joint in urdf.root.findall("joint")}
    widths = np.linspace(0.0, gripper.max_width, SAMPLES)
    for column, name in enumerate(gripper.joints):
        limit = limits[name]
        assert limit is not None, "the URDF has been checked"
        lower, upper = (float(limit.attrib.get(word, "0")) for word in ("lower", "upper"))
        positions = gripper.joint_positions(widths)[:, column]
        beyond = (positions < lower - SPARE) | (positions > upper + SPARE)
        if beyond.any():
            first, last = widths[beyond].min() * 1000, widths[beyond].max() * 1000
            worst = positions[beyond][np.argmax(np.abs(positions[beyond]))]
            words = f"Widths from {first:.0f} to {last:.0f} mm need {name!r} at up to {worst:.4g}"
            words = f"{words}; its range in the URDF is {lower:.4g} to {upper:.4g}."
            yield RobotFinding(topic="gripper", weight="warning", message=words, hint="Correct max_width or travel.")


def _left_out(models: RobotModels, gripper: GripperDescription, urdf: UrdfModel) -> Iterator[RobotFinding]:
    """Moving links that touch what is held, and are not among those that may."""
    tree, arm = urdf.tree, models.robot.joint_names
    driven = {name for name, joint in tree.joints.items() if joint.attrib["type"] != "fixed"} - set(arm)
    moving = {link for link in tree.links if any(joint.attrib["name"] in driven for joint in tree.chain(link))}
    width = min(WIDTHS[-1], gripper.max_width)
    held = Box(size=(0.01, width, 0.004))
    for link, distance in _distances(models, held, np.zeros(3), width, moving - set(gripper.links)).items():
        if distance < WRONG:
            words = f"{link!r} moves with the gripper and touches what it holds, and is not in gripper.links: no grasp is free."
            hint = f'Add "{link}" to links in [gripper].'
            yield RobotFinding(topic="gripper", weight="problem", message=words, hint=hint)


def _filled(models: RobotModels, gripper: GripperDescription) -> Iterator[RobotFinding]:
    """Links that fill the gap between the open fingers, as the hull of a jaw that is one piece with its body does."""
    bar = Box(size=(0.004, gripper.max_width / 2, 0.004))
    for link, distance in _distances(models, bar, np.zeros(3), gripper.max_width, models.collisions.links).items():
        if distance < -WRONG:
            words = f"{link!r} reaches {-distance * 1000:.1f} mm into the gap between the open fingers: nothing can be grasped."
            hint = "Give it shapes that leave the gap free, since a mesh counts as its convex hull; or correct T_link_tool."
            yield RobotFinding(topic="gripper", weight="warning", message=words, hint=hint)


def _pads(models: RobotModels, gripper: GripperDescription) -> Iterator[RobotFinding]:
    """Findings on fingers that do not stand on both sides of the tool point, along its y axis, half of the width away."""
    blade = Box(size=(0.01, THIN, 0.004))
    for width in (width for width in WIDTHS if width <= gripper.max_width):
        for link, distance in _distances(models, blade, np.zeros(3), width, gripper.links).items():
            found = distance + THIN / 2
            if abs(found - width / 2) > WRONG:
                words = f"At a width of {width * 1000:.0f} mm {link!r} is {found * 1000:.1f} mm from the tool point along the "
                words += f"tool's y axis; it should be {width * 500:.1f} mm."
                hint = "Look at T_link_tool (y from finger to finger, origin between the pads), and at gripper.travel."
                yield RobotFinding(topic="gripper", weight="warning", message=words, hint=hint)
                return


def _tips(models: RobotModels, gripper: GripperDescription) -> Iterator[RobotFinding]:
    """Findings on fingers that reach further or less far past the tool point than the file says."""
    plate = Box(size=(0.4, 0.4, THIN))
    away = gripper.tip_length + REACH / 2
    reaches: dict[str, float] = {}
    for width in np.linspace(0.0, gripper.max_width, SAMPLES):
        for link, distance in _distances(models, plate, np.array([0.0, 0.0, away]), float(width), gripper.links).items():
            reaches[link] = max(reaches.get(link, -math.inf), away - THIN / 2 - distance)
    for link, reach in reaches.items():
        if reach > gripper.tip_length + SPARE or reach < gripper.tip_length - 2 * WRONG:
            words = f"{link!r} reaches {reach * 1000:.1f} mm past the tool point at most; tip_length says "
            words += f"{gripper.tip_length * 1000:.1f} mm."
            yield RobotFinding(topic="gripper", weight="warning", message=words, hint="Correct tip_length or T_link_tool.")


def _distances(models: RobotModels, plate: Box, place: Array, width: float, links: Collection[str]) -> dict[str, float]:
    """Distance of each of some links from a plate in the tool's frame, the robot at rest [m]; those within reach."""
    robot, rest = models.robot, np.array(models.robot.rest)
    T_tool_plate = np.eye(4)
    T_tool_plate[:3, 3] = place
    pose = Pose.from_matrix(models.kinematics.forward(rest) @ T_tool_plate)
    probe = SceneObject(name="plate", category="plate", pose=pose, shape=plate)
    found = models.collisions.with_scene(scene_of(robot, probe)).check(rest, width, margin=REACH)
    return {contact.a: contact.distance for contact in found if contact.b == "plate" and contact.a in links}
