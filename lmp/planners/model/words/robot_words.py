"""The robot's state, and its frame, in which all coordinates are given."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.meaning.directions import Directions, directions
from lmp.planners.model.words.quoted import quoted
from lmp.schema.scene import Scene

FRAME = (
    "Frame: all coordinates are in the robot's frame. Its origin is the robot's base; x points forward, away from the robot; "
    "y points to the robot's left; z points up. Left, right, in front (nearer to the robot, -x) and behind (farther away, +x) "
    "are always the robot's, not the picture's."
)

ALIGNED = 1e-3
"""Largest angle at which the workspace's sides count as lying along the robot's axes [rad]."""


def robot_text(scene: Scene, tool: tuple[float, float, float] | None = None, fingers: bool = True) -> str:
    """Frame, workspace, hand and joints in words.

    Args:
        scene: What is seen.
        tool: Where the point between the finger tips is in the world [m], if that is known.
        fingers: Whether the arm has a gripper.
    """
    robot = scene.robot
    held = scene.held
    frame = directions(scene)
    joints = ", ".join(
        f"{quoted(name)} {round(value, 2) + 0.0:.2f}" for name, value in zip(robot.joint_names, robot.positions, strict=True)
    )
    grip = f"{'empty' if held is None else f'holds {quoted(held.name)}'}; {robot.gripper_width:.3f} m between the fingers"
    hand, point = (grip, "The point between its finger tips") if fingers else ("none, the arm has no gripper", "The tool point")
    at = "" if tool is None else f" {point} is at ({_metres(frame.coordinates(np.array(tool)))}) m."
    lines = [
        FRAME,
        f"Workspace, where the tool may move and objects may be put: {_workspace(scene, frame)}.",
        f"Hand: {hand}.{at}",
        f"Arm joints [rad]: {joints}.",
    ]
    if scene.predicted:
        lines.append("This scene is predicted from what was planned before; it was not seen.")
    return "\n".join(lines)


def _workspace(scene: Scene, robot: Directions) -> str:
    """The workspace in the robot's frame: a box where its sides lie along it, else by its corners."""
    space = scene.workspace
    low, high = (height - robot.T_world_viewer.position[2] for height in (space.floor, space.ceiling))
    corners = robot.coordinates(np.column_stack([space.corners, np.full(4, space.floor)]))[:, :2]
    quarter = math.remainder(space.T_world_workspace.yaw - robot.heading, math.pi / 2)
    if abs(quarter) < ALIGNED:
        lower, upper = (*corners.min(axis=0), low), (*corners.max(axis=0), high)
        return f"x, y, z from ({_metres(lower)}) to ({_metres(upper)}) m"
    around = ", ".join(f"({_metres(corner)})" for corner in corners)
    return f"x, y within the corners {around} m, z from {low:.3f} to {high:.3f} m"


def _metres(values: tuple[float, ...] | NDArray[np.float64]) -> str:
    return ", ".join(f"{round(float(value), 3) + 0.0:.3f}" for value in values)
