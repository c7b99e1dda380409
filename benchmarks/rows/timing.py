"""Timing `fastest` against toppra: the same joint paths, limits of velocity and acceleration, samples at 1 kHz.

Both sides are given a path that is already a spline, and return positions, velocities and accelerations at 1 kHz, at rest at
both ends. Ours: `fastest` on the quintic of the phase. toppra: TOPPRA with its solver "seidel", constraints in its scheme
"Interpolation" (its "Collocation" exceeds them by tens of percent), 200 grid points and its parametrizer of constant
acceleration, on a cubic spline through 401 points of that path at even lengths: over the phase, which crawls at its ends, its
motions last longer. Making its spline and constraints is not counted. The durations that ours are compared with are those of
toppra with 1000 grid points, which are shorter than those with 200.
"""

from __future__ import annotations

import logging

import numpy as np
import toppra
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation
from toppra import constraint
from toppra.algorithm import TOPPRA

from lmp.primitives.arm.kinematics import Kinematics
from lmp.primitives.arm.reachability import Unreachable
from lmp.primitives.dmp.orientation_dmp import OrientationPath
from lmp.primitives.dmp.position_path import PositionPath
from lmp.primitives.timing.fastest import fastest
from lmp.primitives.timing.joint_spline import JointSpline, fit_spline
from lmp.primitives.timing.retime import least_duration
from lmp.robots.robot_file import load_robot
from lmp.schema.motion import Bulge, Bulges
from rows.row import Row
from rows.stopwatch import medians, words

Array = NDArray[np.float64]

PATHS = 12
RATE_HZ = 1000.0
KINEMATICS = Kinematics(load_robot("panda"))
VELOCITY, ACCELERATION, JERK = (
    np.array([getattr(joint, name) for joint in KINEMATICS.description.joints]) for name in ("velocity", "acceleration", "jerk")
)


def measure() -> list[Row]:
    """Cost, duration and limits of `fastest`, and what the limit of jerk costs."""
    logging.getLogger("toppra").setLevel(logging.ERROR)
    paths = random_paths(PATHS)
    peers = [Peer(path) for path in paths]
    ours = [fastest(path, VELOCITY, ACCELERATION) for path in paths]
    limited = [fastest(path, VELOCITY, ACCELERATION, JERK) for path in paths]
    kept = [least_duration(path, None, VELOCITY, ACCELERATION, JERK).least for path in paths]
    durations, smooth = np.array([motion[0][-1] for motion in ours]), np.array([motion[0][-1] for motion in limited])
    theirs, best = (np.array([peer.samples(grid)[0][-1] for peer in peers]) for grid in (200, 1000))
    mine, other = medians(
        lambda: [fastest(path, VELOCITY, ACCELERATION) for path in paths], lambda: [peer.samples(200) for peer in peers]
    )
    smoothed = medians(lambda: [fastest(path, VELOCITY, ACCELERATION, JERK) for path in paths])[0]
    used, their_use, smooth_use = (worst(motions) for motions in (ours, [peer.samples(200) for peer in peers], limited))
    jerk_use = max(float((np.abs(motion[4]) / JERK).max()) for motion in limited)
    longer = durations / best - 1.0
    return [
        Row(
            "time-optimal motion along a joint path, with its 1 kHz samples",
            f"{words(mine / PATHS)} ({words(smoothed / PATHS)} with the limit of jerk)",
            f"toppra {words(other / PATHS)}",
            other / mine,
            "at least",
            10.0,
        ),
        Row(
            "its duration over toppra's",
            f"{100 * longer.mean():+.2f} % on average over {PATHS} paths",
            f"toppra with 1000 grid points ({100 * (theirs / best - 1.0).mean():+.2f} % with 200)",
            100.0 * float(longer.max()),
            "at most",
            1.0,
            "%",
        ),
        Row(
            "share of velocity and acceleration limits that is used at the worst sample",
            f"{used:.6f} ({smooth_use:.6f}, and {jerk_use:.6f} of jerk, with the limit of jerk)",
            f"toppra {their_use:.4f}",
            max(used, smooth_use, jerk_use),
            "at most",
            1.01,
            "of the limit",
        ),
        Row(
            "duration with the limit of jerk over that without",
            f"{(smooth / durations).mean():.3f} on average",
            f"timing `keep` {(np.array(kept) / durations).mean():.2f}",
            float((smooth / durations).max()),
            "at most",
            1.3,
        ),
    ]


class Peer:
    """toppra for one path: its own spline of it over its length, and the limits."""

    def __init__(self, path: JointSpline):
        fine = np.linspace(0.0, 1.0, 20001)
        length = np.linalg.norm(np.diff(path.evaluate(fine)[0], axis=0), axis=1)
        covered = np.concatenate([[0.0], np.cumsum(length)])
        even = np.linspace(0.0, covered[-1], 401)
        self.path = toppra.SplineInterpolator(even, path.evaluate(np.interp(even, covered, fine))[0])
        velocity, acceleration = (np.stack([-limit, limit], axis=1) for limit in (VELOCITY, ACCELERATION))
        scheme = constraint.DiscretizationType.Interpolation
        self.constraints = [
            constraint.JointVelocityConstraint(velocity),
            constraint.JointAccelerationConstraint(acceleration, discretization_scheme=scheme),
        ]

    def samples(self, grid_points: int) -> tuple[Array, ...]:
        """Times, positions, velocities and accelerations."""
        grid = np.linspace(0.0, self.path.duration, grid_points + 1)
        found = TOPPRA(
            self.constraints, self.path, gridpoints=grid, solver_wrapper="seidel", parametrizer="ParametrizeConstAccel"
        )
        motion = found.compute_trajectory(0.0, 0.0)
        times = np.append(np.arange(0.0, motion.duration, 1.0 / RATE_HZ), motion.duration)
        return times, motion(times), motion(times, 1), motion(times, 2)


def worst(motions: list[tuple[Array, ...]]) -> float:
    """Largest share of a limit of velocity or acceleration at any sample."""
    return max(
        float((np.abs(rates) / limit).max())
        for motion in motions
        for rates, limit in ((motion[2], VELOCITY), (motion[3], ACCELERATION))
    )


def random_paths(count: int) -> list[JointSpline]:
    """Tool motions in front of the arm, straight or with a bulge upwards, as the compiler fits them."""
    rng = np.random.default_rng(5)
    paths: list[JointSpline] = []
    while len(paths) < count:
        start, goal = _pose(rng), _pose(rng)
        bulge = Bulge(direction="up", phase=rng.uniform(0.3, 0.7), amount=rng.uniform(0.03, 0.15))
        position = PositionPath(start[:3, 3], goal[:3, 3], Bulges(bulges=(bulge,)) if len(paths) % 2 else None)
        phases = np.linspace(0.0, 1.0, 49)
        T_world_tool = np.tile(np.eye(4), (len(phases), 1, 1))
        T_world_tool[:, :3, 3] = position.evaluate(phases)[0]
        T_world_tool[:, :3, :3] = OrientationPath(start[:3, :3], goal[:3, :3]).evaluate(phases)[0]
        posture = KINEMATICS.inverse(start)
        way = posture if isinstance(posture, Unreachable) else KINEMATICS.inverse_path(T_world_tool, posture.q)
        if not isinstance(way, Unreachable):
            paths.append(fit_spline(phases, way.qs))
    return paths


def _pose(rng: np.random.Generator) -> Array:
    pose = np.eye(4)
    pose[:3, 3] = rng.uniform([0.3, -0.4, 0.15], [0.65, 0.4, 0.6])
    pose[:3, :3] = (Rotation.from_euler("x", np.pi) * Rotation.from_rotvec(rng.uniform(-0.5, 0.5, 3))).as_matrix()
    return pose
