"""A hand that flies: four joints that are its tool's x, y, z and yaw, so that a test says directly where it goes."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from lmp.schema.pose import Pose
from lmp.schema.robot import GripperDescription, JointLimits, RobotDescription
from lmp.schema.scene import SceneObject, Workspace
from lmp.schema.scene_file import SceneFile
from lmp.schema.shape import Box
from lmp.sims.kinematic.kinematic_world import KinematicWorld
from lmp.sims.world_report import world_report

TABLE = SceneObject(
    name="table", category="table", pose=Pose(position=(0.5, 0.0, -0.025)), shape=Box(size=(1.0, 1.4, 0.05)), role="support"
)
REST = {"x": 0.5, "y": 0.0, "z": 0.4, "yaw": 0.0}


def flying_description() -> RobotDescription:
    limits = {"lower": -4.0, "upper": 4.0, "velocity": 5.0, "acceleration": 50.0, "jerk": 5000.0, "source": "test"}
    return RobotDescription(
        name="flying_hand",
        urdf="none.urdf",
        joints=tuple(JointLimits(name=name, rest=rest, **limits) for name, rest in REST.items()),
        tool_link="hand",
        T_link_tool=Pose(),
        gripper=GripperDescription(
            joints=("finger",),
            links=("pad",),
            max_width=0.08,
            speed=0.1,
            force=30.0,
            max_force=70.0,
            finger_depth=0.03,
            tip_length=0.008,
            finger_width=0.022,
            finger_thickness=0.015,
            hand_width=0.064,
            hand_length=0.206,
        ),
    )


def forward(q: np.ndarray) -> np.ndarray:
    """The tool points down; at yaw 0 the fingers close along y."""
    T_world_tool = np.eye(4)
    c, s = np.cos(q[3]), np.sin(q[3])
    T_world_tool[:3, :3] = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ np.diag([1.0, -1.0, -1.0])
    T_world_tool[:3, 3] = q[:3]
    return T_world_tool


def block(name: str, x: float, y: float, size: float = 0.04, z: float | None = None, yaw: float = 0.0) -> SceneObject:
    position = (x, y, size / 2 if z is None else z)
    return SceneObject(name=name, category="block", pose=Pose.from_yaw(position, yaw), shape=Box(size=(size, size, size)))


class FlyingHand:
    """Moves the hand of a world in straight lines and works its fingers."""

    def __init__(self, objects: Iterable[SceneObject]):
        workspace = Workspace(lower=(0.1, -0.6, 0.0), upper=(0.9, 0.6, 0.8))
        self.world = KinematicWorld(
            SceneFile(name="test", workspace=workspace, objects=()), [TABLE, *objects], flying_description(), forward=forward
        )

    def go(self, x: float, y: float, z: float, yaw: float = 0.0) -> None:
        start, end = self.world.robot.q.copy(), np.array([x, y, z, yaw])
        for share in np.linspace(0, 1, max(2, int(np.abs(end - start).max() / 0.005)))[1:]:
            q = start + share * (end - start)
            self.world.robot.send_action(dict(zip(REST, q, strict=True)))

    def grip(self, width: float) -> None:
        still = dict(zip(REST, self.world.robot.q, strict=True))
        self.world.robot.send_action({**still, "gripper": width, "gripper_force": 20.0})
        self.world.settle(1.0)

    def pick(self, x: float, y: float, z: float, yaw: float = 0.0) -> None:
        self.go(x, y, 0.3, yaw)
        self.go(x, y, z, yaw)
        self.grip(0.0)
        self.go(x, y, 0.3, yaw)

    def put(self, x: float, y: float, z: float, yaw: float = 0.0) -> None:
        self.go(x, y, 0.3, yaw)
        self.go(x, y, z, yaw)
        self.grip(0.08)
        self.go(x, y, 0.3, yaw)

    def position(self, name: str) -> np.ndarray:
        return np.array(self.found(name).position)

    def touching(self, name: str) -> set[str]:
        return set(self.found(name).touching)

    def found(self, name: str):  # type: ignore[no-untyped-def]
        return next(thing for thing in world_report(self.world) if thing.name == name)
