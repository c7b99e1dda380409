"""A Panda behind a table with six boxes on it."""

from __future__ import annotations

from lmp.schema.pose import Pose
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import RobotState, Scene, SceneObject, Workspace
from lmp.schema.shape import Box

TABLE = SceneObject(
    name="table",
    category="table",
    pose=Pose(position=(0.5, 0.0, -0.02)),
    shape=Box(size=(0.7, 1.2, 0.04)),
    role="support",
)
PLACES = ((0.42, -0.3, 0.3), (0.62, -0.22, -0.8), (0.5, -0.08, 0.0), (0.65, 0.08, 0.5), (0.4, 0.18, 1.2), (0.58, 0.3, -0.2))
SIZES = ((0.05, 0.05, 0.12), (0.06, 0.04, 0.05), (0.04, 0.04, 0.04), (0.05, 0.07, 0.1), (0.04, 0.06, 0.06), (0.08, 0.05, 0.15))


def boxes_scene(robot: RobotDescription) -> Scene:
    """The robot at rest, its fingers open, in front of the boxes."""
    boxes = [
        SceneObject(
            name=f"box_{number}",
            category="box",
            pose=Pose.from_yaw((x, y, size[2] / 2), yaw),
            shape=Box(size=size),
            touching=("table",),
        )
        for number, ((x, y, yaw), size) in enumerate(zip(PLACES, SIZES, strict=True))
    ]
    state = RobotState(joint_names=robot.joint_names, positions=robot.rest, velocities=(0.0,) * 7, gripper_width=0.08)
    space = Workspace(lower=(0.2, -0.55, -0.01), upper=(0.8, 0.55, 0.8))
    return Scene(objects=(TABLE, *boxes), T_world_base=Pose(), robot=state, workspace=space)
