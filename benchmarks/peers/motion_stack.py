"""A tool motion put together from other libraries: roll-out, inverse kinematics, timing, collision check.

- movement_primitives (Cython): a DMP of three dimensions with 20 weights, 201 way-points; slerp of SciPy for the orientation
- PyBullet: inverse kinematics at each of them, from the posture before, with null-space lists of the right length
- toppra: a cubic spline through the postures, TOPPRA ("seidel", scheme "Interpolation", 100 grid points, the library's default
  number), samples of positions, velocities and accelerations at 1 kHz
- PyBullet: collision detection of the robot with itself, the table and six boxes at each way-point
"""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pybullet as p
import pybullet_data
import toppra
from movement_primitives.dmp import DMP
from numpy.typing import NDArray
from pybullet_utils.bullet_client import BulletClient
from scipy.spatial.transform import Rotation, Slerp
from toppra import constraint
from toppra.algorithm import TOPPRA

from lmp.schema.robot import RobotDescription
from lmp.schema.scene import SceneObject

Array = NDArray[np.float64]

WAYPOINTS = 201
RATE_HZ = 1000.0


class MotionStack:
    """The peers, set up once for a robot and the things around it (boxes)."""

    def __init__(self, robot: RobotDescription, things: tuple[SceneObject, ...]):
        logging.getLogger("toppra").setLevel(logging.ERROR)
        self.robot = robot
        self.client = BulletClient(p.DIRECT)
        urdf = Path(pybullet_data.getDataPath()) / "franka_panda" / "panda.urdf"
        self.body = self.client.loadURDF(str(urdf), useFixedBase=True, flags=p.URDF_USE_SELF_COLLISION)
        count = self.client.getNumJoints(self.body)
        names = [self.client.getJointInfo(self.body, index)[1].decode() for index in range(count)]
        self.joints = [names.index(name) for name in robot.joint_names]
        self.tool = names.index("panda_grasptarget_hand")
        fingers = [names.index(name) for name in ("panda_finger_joint1", "panda_finger_joint2")]
        for index in fingers:
            self.client.resetJointState(self.body, index, 0.04)
        links = {"panda_link0": -1} | {self.client.getJointInfo(self.body, index)[12].decode(): index for index in range(count)}
        for one, other in robot.ignored_pairs:
            self.client.setCollisionFilterPair(self.body, self.body, links[one], links[other], 0)
        for thing in things:
            shape = self.client.createCollisionShape(p.GEOM_BOX, halfExtents=[size / 2 for size in thing.size])
            self.client.createMultiBody(0.0, shape, -1, thing.pose.position, thing.pose.quat_xyzw)
        limits = [(joint.lower, joint.upper) for joint in robot.joints] + [(0.0, 0.04)] * 2
        self.lower, self.upper = [low for low, _ in limits], [high for _, high in limits]
        self.rest = [joint.rest for joint in robot.joints] + [0.04, 0.04]
        self.primitive = DMP(n_dims=3, execution_time=1.0, dt=1.0 / (WAYPOINTS - 1), n_weights_per_dim=20)
        velocity, acceleration = (
            np.array([[-getattr(joint, name), getattr(joint, name)] for joint in robot.joints])
            for name in ("velocity", "acceleration")
        )
        scheme = constraint.DiscretizationType.Interpolation
        self.constraints = [
            constraint.JointVelocityConstraint(velocity),
            constraint.JointAccelerationConstraint(acceleration, discretization_scheme=scheme),
        ]

    def compile(self, q_start: Array, T_world_start: Array, T_world_goal: Array) -> tuple[Array, Array, Array, Array, bool]:
        """Times, positions, velocities, accelerations at 1 kHz, and whether nothing touches at the way-points."""
        qs = self.postures(q_start, self.waypoints(T_world_start, T_world_goal))
        path = toppra.SplineInterpolator(np.linspace(0.0, 1.0, len(qs)), qs)
        found = TOPPRA(self.constraints, path, solver_wrapper="seidel", gridpoints=np.linspace(0.0, 1.0, 101))
        motion = found.compute_trajectory(0.0, 0.0)
        times = np.append(np.arange(0.0, motion.duration, 1.0 / RATE_HZ), motion.duration)
        free = all(self.free(q) for q in qs)
        return times, motion(times), motion(times, 1), motion(times, 2), free

    def waypoints(self, T_world_start: Array, T_world_goal: Array) -> tuple[Array, Array]:
        """Positions and quaternions of the tool."""
        self.primitive.configure(start_y=T_world_start[:3, 3], goal_y=T_world_goal[:3, 3])
        times, positions = self.primitive.open_loop()
        ends = Rotation.from_matrix(np.stack([T_world_start[:3, :3], T_world_goal[:3, :3]]))
        return positions, Slerp([0.0, 1.0], ends)(np.clip(times, 0.0, 1.0)).as_quat()

    def postures(self, q_start: Array, waypoints: tuple[Array, Array]) -> Array:
        """Joint positions at each way-point."""
        self.place(q_start)
        spans = [high - low for low, high in zip(self.lower, self.upper, strict=True)]
        qs = [q_start]
        for position, quat in zip(waypoints[0][1:], waypoints[1][1:], strict=True):
            q = self.client.calculateInverseKinematics(
                self.body,
                self.tool,
                position,
                quat,
                lowerLimits=self.lower,
                upperLimits=self.upper,
                jointRanges=spans,
                restPoses=self.rest,
                maxNumIterations=20,
                residualThreshold=1e-4,
            )
            qs.append(np.array(q[: len(self.joints)]))
            self.place(qs[-1])
        return np.array(qs)

    def free(self, q: Array) -> bool:
        """Whether nothing touches in a posture."""
        self.place(q)
        self.client.performCollisionDetection()
        return all(contact[8] >= 0.0 for contact in self.client.getContactPoints(self.body))

    def place(self, q: Array) -> None:
        """Puts the robot into a posture."""
        for joint, value in zip(self.joints, q, strict=True):
            self.client.resetJointState(self.body, joint, value)
