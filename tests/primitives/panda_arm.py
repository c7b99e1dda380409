"""The Panda, its rest posture and some tool poses, for tests of kinematics and collisions."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from lmp.primitives.arm.kinematics import Kinematics
from lmp.primitives.collision.collisions import CollisionModel
from lmp.robots.robot_file import load_robot
from lmp.schema.pose import Pose
from lmp.schema.scene import RobotState, Scene, SceneObject, Workspace
from lmp.schema.shape import Box, Shape

Array = NDArray[np.float64]

PANDA = load_robot("panda")
WORKSPACE = Workspace(lower=(-1.0, -1.0, -0.1), upper=(1.0, 1.0, 1.5))


@cache
def kinematics() -> Kinematics:
    return Kinematics(PANDA)


@cache
def collision_model() -> CollisionModel:
    return CollisionModel(PANDA)


def down(x: float, y: float, z: float, yaw: float = 0.0) -> Array:
    """A tool pose that points straight down. Shape (4, 4)."""
    T = np.eye(4)
    T[:3, :3] = Rotation.from_euler("z", yaw).as_matrix() @ np.diag([1.0, -1.0, -1.0])
    T[:3, 3] = x, y, z
    return T


def straight(T_from: Array, T_to: Array, n: int) -> Array:
    """A minimum-jerk straight path of tool poses. Shape (n, 4, 4)."""
    p = np.linspace(0.0, 1.0, n)
    s = 10 * p**3 - 15 * p**4 + 6 * p**5
    poses = np.tile(np.eye(4), (n, 1, 1))
    poses[:, :3, 3] = T_from[:3, 3] + s[:, None] * (T_to[:3, 3] - T_from[:3, 3])
    turn = Rotation.from_matrix(T_from[:3, :3].T @ T_to[:3, :3]).as_rotvec()
    poses[:, :3, :3] = T_from[:3, :3] @ Rotation.from_rotvec(s[:, None] * turn).as_matrix()
    return poses


def postures(n: int, seed: int, margin: float = 0.05) -> Array:
    """Random joint positions within the limits. Shape (n, 7)."""
    arm = kinematics()
    return np.random.default_rng(seed).uniform(arm.lower + margin, arm.upper - margin, (n, arm.dof))


def thing(name: str, shape: Shape, pose: Pose, category: str = "block") -> SceneObject:
    return SceneObject(name=name, category=category, pose=pose, shape=shape)


TABLE = SceneObject(
    name="table", category="table", pose=Pose(position=(0.5, 0.0, -0.025)), shape=Box(size=(1.2, 1.4, 0.05)), role="support"
)


def scene(*things: SceneObject) -> Scene:
    state = RobotState(joint_names=PANDA.joint_names, positions=PANDA.rest, velocities=(0.0,) * 7, gripper_width=0.08)
    return Scene(objects=things, T_world_base=Pose(), robot=state, workspace=WORKSPACE)
