"""Inverse kinematics of the Panda along 200 way-points, against PyBullet's and against a loop that calls Pinocchio.

All are given the same closed lap of tool poses, a circle of 0.1 m with the hand nodding by 0.2 rad, and the joint positions
at its first pose; all return joint positions for every way-point, each way-point begun from the answer to the last one.

Ours: `Kinematics.inverse_path`: to 1e-9, free motion towards rest and away from the limits, no jump, joint ranges looked at.
PyBullet: `calculateInverseKinematics` with its own number of iterations and threshold, ranges and rest posture given for all
nine joints (lists of another length it drops without a word), and the joints set to the last answer before each call: told
by `currentPositions` alone it misses by 50 mm. It stops early: its error is printed beside its time. With five times the
iterations the error stays and the time is fourfold; without posture it takes two thirds of the time and 0.8 mm, and drifts.
Pinocchio: Jacobian and placement from Pinocchio, damped least squares solved by LAPACK's Cholesky method, ended at 1e-6 m and
rad, the error that the row asks for; no posture, no limits, no second look: less than ours does.

Errors are the largest distance of the tool from a way-point, told by Pinocchio.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pinocchio as pin
import pybullet
from numpy.typing import NDArray
from scipy.linalg.lapack import dposv
from scipy.spatial.transform import Rotation

from lmp.primitives.arm.kinematics import TOOL_FRAME, Kinematics, robot_model
from lmp.primitives.arm.reachability import PosturePath
from lmp.robots.robot_file import load_robot, robot_urdf
from rows.row import Row
from rows.stopwatch import medians, words

Array = NDArray[np.float64]
Solver = Callable[[Array, Array], Array]

WAYPOINTS = 200
PANDA = load_robot("panda")


def measure() -> list[Row]:
    """Times as ratios, our error, and how far the second lap ends from where it began."""
    arm = Kinematics(PANDA)
    lap = closed_lap(arm)
    peer = PinocchioLoop()
    solvers: list[Solver] = [lambda poses, q: ours(arm, poses, q), BulletLoop(), peer]
    errors = [peer.worst(solve(lap, arm.rest), lap) for solve in solvers]
    mine, bullet, pinocchio = medians(*(lambda solve=solve: solve(lap, arm.rest) for solve in solvers))  # type: ignore[misc]
    first = ours(arm, lap, arm.rest)[-1]
    drift = float(np.abs(ours(arm, lap, first)[-1] - first).max())
    work = f"inverse kinematics along {WAYPOINTS} way-points"
    said = f"{words(mine / WAYPOINTS)} each at {errors[0] * 1e3:.1e} mm"
    return [
        Row(work, said, f"PyBullet {_each(bullet)} at {errors[1] * 1e3:.2g} mm", bullet / mine, "at least", 30.0),
        Row(
            work,
            said,
            f"Pinocchio from Python {_each(pinocchio)} at {errors[2] * 1e3:.1e} mm",
            pinocchio / mine,
            "at least",
            15.0,
        ),
        Row(f"{work}: error", said, "wanted", errors[0] * 1e3, "at most", 1e-3, "mm"),
        Row("the second lap of a closed path", f"ends {drift:.1e} rad from its begin", "wanted", drift, "at most", 1e-3, "rad"),
    ]


def closed_lap(arm: Kinematics) -> Array:
    """Tool poses from the rest posture round and back. Shape (n, 4, 4)."""
    angle = np.linspace(0.0, 2 * np.pi, WAYPOINTS)
    poses = np.tile(arm.forward(arm.rest), (WAYPOINTS, 1, 1))
    poses[:, 0, 3] += 0.1 * np.sin(angle)
    poses[:, 1, 3] += 0.1 * (np.cos(angle) - 1.0)
    nods = Rotation.from_rotvec(0.2 * np.sin(angle)[:, None] * [1.0, 0.0, 0.0]).as_matrix()
    poses[:, :3, :3] = nods @ poses[:, :3, :3]
    return poses


def ours(arm: Kinematics, poses: Array, q: Array) -> Array:
    """Joint positions. Shapes (n, 4, 4), (dof,) to (n, dof)."""
    path = arm.inverse_path(poses, q)
    assert isinstance(path, PosturePath)
    return path.qs


class BulletLoop:
    """PyBullet's inverse kinematics, way-point after way-point."""

    def __init__(self) -> None:
        self.client = pybullet.connect(pybullet.DIRECT)
        self.body = pybullet.loadURDF(str(robot_urdf(PANDA).path), useFixedBase=True, physicsClientId=self.client)
        joints = [pybullet.getJointInfo(self.body, index, self.client) for index in range(pybullet.getNumJoints(self.body))]
        self.tool = next(joint[0] for joint in joints if joint[12] == b"panda_grasptarget")
        moving = [joint for joint in joints if joint[2] != pybullet.JOINT_FIXED]
        self.moving = [joint[0] for joint in moving]
        self.lower, self.upper = [joint[8] for joint in moving], [joint[9] for joint in moving]
        self.ranges = [high - low for low, high in zip(self.lower, self.upper, strict=True)]
        self.rest = [*PANDA.rest, 0.04, 0.04]

    def __call__(self, poses: Array, q: Array) -> Array:
        """Joint positions. Shapes (n, 4, 4), (dof,) to (n, dof)."""
        places, quats = poses[:, :3, 3].tolist(), Rotation.from_matrix(poses[:, :3, :3]).as_quat().tolist()
        found, at = np.empty((len(poses), 7)), [*q, 0.04, 0.04]
        for index in range(len(poses)):
            for joint, value in zip(self.moving, at, strict=True):
                pybullet.resetJointState(self.body, joint, value, physicsClientId=self.client)
            at = pybullet.calculateInverseKinematics(
                self.body,
                self.tool,
                places[index],
                quats[index],
                lowerLimits=self.lower,
                upperLimits=self.upper,
                jointRanges=self.ranges,
                restPoses=self.rest,
                physicsClientId=self.client,
            )
            found[index] = at[:7]
        return found


class PinocchioLoop:
    """Damped least squares in Python over Pinocchio's arithmetic."""

    def __init__(self) -> None:
        whole = robot_model(PANDA)
        locked = [index for index, name in enumerate(whole.names) if index and name not in PANDA.joint_names]
        self.model = pin.buildReducedModel(whole, locked, pin.neutral(whole))
        self.data = self.model.createData()
        self.tool = self.model.getFrameId(TOOL_FRAME)

    def __call__(self, poses: Array, q: Array) -> Array:
        """Joint positions. Shapes (n, 4, 4), (dof,) to (n, dof)."""
        model, data, tool, damping = self.model, self.data, self.tool, 1e-8 * np.eye(6)
        found, error = np.empty((len(poses), 7)), np.empty(6)
        for index, pose in enumerate(poses):
            place, rotation = pose[:3, 3], pose[:3, :3]
            for _ in range(20):
                pin.computeJointJacobians(model, data, q)
                here = pin.updateFramePlacement(model, data, tool)
                error[:3] = place - here.translation
                error[3:] = pin.log3(rotation @ here.rotation.T)
                if error @ error < 1e-12:
                    break
                J = pin.getFrameJacobian(model, data, tool, pin.LOCAL_WORLD_ALIGNED)
                q = q + J.T @ dposv(J @ J.T + damping, error)[1]
            found[index] = q
        return found

    def worst(self, qs: Array, poses: Array) -> float:
        """The largest distance of the tool from its way-point [m]."""
        distances = []
        for q, pose in zip(qs, poses, strict=True):
            pin.forwardKinematics(self.model, self.data, q)
            here = pin.updateFramePlacement(self.model, self.data, self.tool)
            distances.append(float(np.linalg.norm(here.translation - pose[:3, 3])))
        return max(distances)


def _each(seconds: float) -> str:
    return words(seconds / WAYPOINTS) + " each"
