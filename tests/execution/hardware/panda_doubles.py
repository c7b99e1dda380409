"""Trajectories for a Panda, and doubles of devices that people have."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from lmp.robots.robot_file import load_robot
from lmp.schema.trajectory import GripperEvent, JointTrajectory, Margins, Segment

PANDA = load_robot("panda")
REST = np.array(PANDA.rest)


def action_of(q: np.ndarray, **more: float) -> dict[str, float]:
    return dict(zip(PANDA.joint_names, (float(value) for value in q), strict=True)) | more


def trajectory_of(*stops: float, gripper: Sequence[GripperEvent] = (), seconds: float = 1.0) -> JointTrajectory:
    """Joint 1 by minimum jerk from stop to stop, a second each, at rest at every stop."""
    p = np.linspace(0.0, 1.0, round(seconds * 1000) + 1)[1:]
    q, v = [np.array([stops[0]])], [np.zeros(1)]
    for start, end in itertools.pairwise(stops):
        q.append(start + (end - start) * (10 * p**3 - 15 * p**4 + 6 * p**5))
        v.append((end - start) * (30 * p**2 - 60 * p**3 + 30 * p**4) / seconds)
    first, speed = np.concatenate(q), np.concatenate(v)
    positions, velocities = np.tile(REST, (len(first), 1)), np.zeros((len(first), 7))
    positions[:, 0], velocities[:, 0] = first, speed
    times = np.arange(len(first)) / 1000.0
    return JointTrajectory(
        skill="move",
        joint_names=PANDA.joint_names,
        times=times,
        positions=positions,
        velocities=velocities,
        accelerations=np.zeros_like(positions),
        tool_path=np.zeros((len(times), 3)),
        gripper=tuple(gripper),
        segments=(Segment(name="move", start=0.0, end=times[-1]),),
        margins=Margins(
            joint_limit=1.0, velocity=0.5, acceleration=0.5, jerk=0.5, smallest_singular_value=1.0, end_error=0.0, stretch=1.0
        ),
    )


class Arm:
    """LeRobot's verbs over a dictionary."""

    def __init__(self, scale: float = 1.0, missing: str = ""):
        self.scale, self.connected = scale, False
        self.state = {f"{name}.pos": value * scale for name, value in zip(PANDA.joint_names, REST, strict=True)}
        self.state["gripper.pos"] = 100.0
        self.state.pop(missing, None)

    def connect(self) -> None:
        self.connected = True

    def disconnect(self) -> None:
        self.connected = False

    def get_observation(self) -> dict[str, Any]:
        return {**self.state, "front_camera": np.zeros((2, 2, 3))}

    def send_action(self, action: dict[str, float]) -> dict[str, float]:
        self.state |= action
        return action


class Client:
    """A FollowJointTrajectory client."""

    def __init__(self, error_code: int = 0):
        self.error_code, self.goals, self.cancelled = error_code, list[dict[str, Any]](), False

    def send_goal(self, goal: dict[str, Any]) -> Client:
        self.goals.append(goal)
        return self

    def get_result(self) -> dict[str, int]:
        return {"error_code": self.error_code}

    def cancel_goal(self) -> None:
        self.cancelled = True
