"""A hand that follows straight lines, pointing down, by PyBullet's own inverse kinematics: enough to test grasps with."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.schema.pose import Pose, quat_xyzw_from_rotation
from lmp.sims.pybullet.pybullet_world import PyBulletWorld


class ScriptedHand:
    def __init__(self, world: PyBulletWorld):
        self.world, self.robot = world, world.robot
        self.names = self.robot.description.joint_names
        self.width = self.robot.description.max_width

    @property
    def tool(self) -> Pose:
        """`T_world_tool` by the engine's forward kinematics."""
        state = self.world.engine.getLinkState(self.robot.uid, self.robot.tool_link, computeForwardKinematics=1)
        return Pose(position=state[4], quat_xyzw=state[5]) @ self.robot.description.T_link_tool

    def joints(self, position: NDArray[np.float64], yaw: float) -> NDArray[np.float64]:
        """Joint positions for a tool that points down; its closing direction is at `yaw` + 90 degrees."""
        c, s = math.cos(yaw), math.sin(yaw)
        matrix = np.eye(4)
        matrix[:3, :3] = np.array([[c, s, 0.0], [s, -c, 0.0], [0.0, 0.0, -1.0]])
        matrix[:3, 3] = position
        T_world_link = Pose.from_matrix(matrix) @ self.robot.description.T_link_tool.inverse()
        description = self.robot.description
        lower, upper = [j.lower for j in description.joints], [j.upper for j in description.joints]
        fingers = [0.0] * len(description.finger_joints)
        open_ = description.finger_positions(description.max_width).tolist()
        solution = self.world.engine.calculateInverseKinematics(
            self.robot.uid,
            self.robot.tool_link,
            T_world_link.position,
            quat_xyzw_from_rotation(T_world_link.rotation),
            lowerLimits=[*lower, *fingers],
            upperLimits=[*upper, *open_],
            jointRanges=[*(np.array(upper) - np.array(lower)), *open_],
            restPoses=[*self.robot.targets, *fingers],
            maxNumIterations=300,
            residualThreshold=1e-6,
        )
        return np.array(solution[: len(self.names)])

    def go(self, position: tuple[float, float, float], yaw: float, seconds: float = 1.5) -> None:
        """Minimum jerk between here and there, in joint space."""
        start, goal = self.robot.targets.copy(), self.joints(np.array(position), yaw)
        count = round(seconds * self.world.rate_hz)
        for phase in np.arange(1, count + 1) / count:
            share = phase**3 * (10 - 15 * phase + 6 * phase**2)
            self.send(start + share * (goal - start))

    def send(self, joints: NDArray[np.float64]) -> None:
        action = dict(zip(self.names, (float(value) for value in joints), strict=True))
        self.robot.send_action(action | {"gripper": self.width})

    def grip(self, width: float, force: float | None = None, seconds: float = 1.0) -> None:
        self.width = width
        if force is not None:
            self.robot.force = force
        for _ in range(round(seconds * self.world.rate_hz)):
            self.send(self.robot.targets)

    def pick(self, name: str, yaw_offset: float = 0.0, rise: float = 0.0) -> None:
        """Opens, descends over an object, closes and lifts by 0.2 m."""
        thing = next(thing for thing in self.world.scene().objects if thing.name == name)
        x, y, z = (float(value) for value in thing.centre)
        yaw = (thing.pose.yaw + yaw_offset + math.pi / 4) % (math.pi / 2) - math.pi / 4
        self.grip(self.robot.description.max_width, seconds=0.3)
        self.go((x, y, z + 0.15), yaw)
        self.go((x, y, z + rise), yaw)
        self.grip(0.0)
        self.go((x, y, z + 0.2), yaw)
