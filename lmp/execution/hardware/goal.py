"""Whole trajectories for controllers: a short one for a single tick, and goals in the shape of FollowJointTrajectory."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lmp.execution.hardware.joint_names import JointNames
from lmp.execution.hardware.parts import AT_REST
from lmp.schema.trajectory import JointTrajectory, Margins, Segment


def tick_trajectory(
    joint_names: tuple[str, ...], start: NDArray[np.float64], end: NDArray[np.float64], seconds: float
) -> JointTrajectory:
    """One control tick as a trajectory of two samples at constant speed [rad], [s]."""
    velocity = (end - start) / seconds
    return JointTrajectory(
        skill="tick",
        joint_names=joint_names,
        times=np.array([0.0, seconds]),
        positions=np.stack([start, end]),
        velocities=np.stack([velocity, velocity]),
        accelerations=np.zeros((2, len(start))),
        tool_path=np.zeros((2, 3)),
        segments=(Segment(name="tick", start=0.0, end=seconds),),
        margins=Margins(
            joint_limit=0.0, velocity=0.0, acceleration=0.0, jerk=0.0, smallest_singular_value=0.0, end_error=0.0, stretch=1.0
        ),
    )


def stretch_between(trajectory: JointTrajectory, start: float, end: float) -> JointTrajectory:
    """The part of a trajectory between two instants [s], with times from 0 and no gripper commands."""
    inside = trajectory.times[(trajectory.times > start + 1e-9) & (trajectory.times < end - 1e-9)]
    times = np.concatenate([[start], inside, [end]])

    def sampled(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.stack([np.interp(times, trajectory.times, column) for column in values.T], axis=1)

    return trajectory.model_copy(
        update={
            "times": times - start,
            "positions": sampled(trajectory.positions),
            "velocities": sampled(trajectory.velocities),
            "accelerations": sampled(trajectory.accelerations),
            "tool_path": sampled(trajectory.tool_path),
            "gripper": (),
            "segments": (Segment(name=trajectory.segments[0].name, start=0.0, end=end - start),),
        }
    )


def follow_joint_trajectory_goal(trajectory: JointTrajectory, rate_hz: float, names: JointNames) -> dict[str, Any]:
    """A goal as plain data: `joint_names`, and `points` with positions, velocities, accelerations and time_from_start [s].

    Points are samples of the trajectory, about `rate_hz` of them a second, its first and its last among them. A last sample
    that counts as at rest has velocity 0 to the last bit: controllers refuse a goal that ends in motion.
    """
    count = max(2, math.ceil(trajectory.duration * rate_hz) + 1)
    asked = np.linspace(0.0, trajectory.duration, count)
    chosen = np.unique(np.clip(np.searchsorted(trajectory.times, asked - 1e-9), 0, len(trajectory.times) - 1))
    velocities = trajectory.velocities[chosen]
    if np.abs(velocities[-1]).max() <= AT_REST:
        velocities[-1] = 0.0
    points = [
        {
            "positions": trajectory.positions[index].tolist(),
            "velocities": velocity.tolist(),
            "accelerations": trajectory.accelerations[index].tolist(),
            "time_from_start": float(trajectory.times[index]),
        }
        for index, velocity in zip(chosen, velocities, strict=True)
    ]
    theirs = dict(zip(names.own, names.theirs, strict=True))
    return {"joint_names": [theirs[name] for name in trajectory.joint_names], "points": points}
