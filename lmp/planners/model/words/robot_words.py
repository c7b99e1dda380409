"""The robot's state and the frame in which all coordinates are given."""

from __future__ import annotations

from lmp.planners.model.words.quoted import quoted
from lmp.schema.scene import Scene

FRAME = (
    "Frame: the robot's base frame is the world. x points forward, away from the robot; y points to the robot's left; z points "
    "up. Left, right, in front (nearer to the robot, -x) and behind (farther away, +x) are always the robot's, not the "
    "picture's."
)


def robot_text(scene: Scene, tool: tuple[float, float, float] | None = None, fingers: bool = True) -> str:
    """Frame, workspace, hand and joints in words.

    Args:
        scene: What is seen.
        tool: Where the point between the finger tips is, world x, y, z [m], if that is known.
        fingers: Whether the arm has a gripper.
    """
    robot = scene.robot
    held = scene.held
    lower, upper = (", ".join(f"{value:.3f}" for value in corner) for corner in (scene.workspace.lower, scene.workspace.upper))
    joints = ", ".join(
        f"{quoted(name)} {round(value, 2) + 0.0:.2f}" for name, value in zip(robot.joint_names, robot.positions, strict=True)
    )
    grip = f"{'empty' if held is None else f'holds {quoted(held.name)}'}; {robot.gripper_width:.3f} m between the fingers"
    hand, point = (grip, "The point between its finger tips") if fingers else ("none, the arm has no gripper", "The tool point")
    at = "" if tool is None else " {} is at ({:.3f}, {:.3f}, {:.3f}) m.".format(point, *tool)
    lines = [
        FRAME,
        f"Workspace, where the tool may move and things may be put: x, y, z from ({lower}) to ({upper}) m.",
        f"Hand: {hand}.{at}",
        f"Arm joints [rad]: {joints}.",
    ]
    if scene.predicted:
        lines.append("This scene is predicted from what was planned before; it was not seen.")
    return "\n".join(lines)
