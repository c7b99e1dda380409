"""Every implementation of every contract: what is listed here is tested."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from lmp import registry
from lmp.execution.executor import StreamingExecutor
from lmp.execution.hardware import TrajectoryExecutor, wrap
from lmp.robots.robot_file import load_robot
from lmp.runtime import worlds
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene, Workspace
from lmp.schema.trajectory import GripperEvent, JointTrajectory, Margins, Segment
from lmp.stages import Executor, Robot, World

PANDA = load_robot("panda")
WORLDS = tuple(sorted(name for name, scheme in worlds.schemes().items() if scheme.scenes))
PLANNERS = tuple(sorted(registry.known("planner")))


class LeRobotDevice:
    """LeRobot's verbs over a dictionary."""

    def __init__(self) -> None:
        self.state = {f"{name}.pos": value for name, value in zip(PANDA.joint_names, PANDA.rest, strict=True)}
        self.state["gripper.pos"] = 100.0

    def connect(self) -> None: ...

    def disconnect(self) -> None: ...

    def get_observation(self) -> dict[str, Any]:
        return dict(self.state)

    def send_action(self, action: dict[str, float]) -> dict[str, float]:
        self.state |= action
        return action


class ActionClient:
    """Takes every goal and says that it was reached."""

    def send_goal(self, goal: dict[str, Any]) -> dict[str, int]:
        return {"error_code": 0}


def _function_of_positions(q: np.ndarray) -> None: ...


def _function_of_trajectory(trajectory: JointTrajectory) -> None: ...


CONTROLLERS: dict[str, Callable[[], Any]] = {
    "fn(q)": lambda: _function_of_positions,
    "fn(trajectory)": lambda: _function_of_trajectory,
    "lerobot": LeRobotDevice,
    "action": ActionClient,
}
ROBOTS = (*WORLDS, *CONTROLLERS)
EXECUTORS = (*(f"streaming, {name}" for name in ROBOTS), "whole, fn(trajectory)", "whole, action")


@contextmanager
def open_world(name: str, seed: int = 0) -> Iterator[World]:
    with worlds.open_world(f"{name}:tabletop", seed=seed, robot=PANDA) as world:
        yield world


@contextmanager
def open_robot(name: str) -> Iterator[tuple[Robot, float]]:
    """The robot, connected, and its ticks a second."""
    if name in WORLDS:
        with open_world(name) as world:
            yield world.robot, world.rate_hz
        return
    robot = wrap(CONTROLLERS[name](), PANDA, rate_hz=100.0, simulated=True)
    robot.connect()
    yield robot, 100.0
    robot.disconnect()


@contextmanager
def open_executor(name: str) -> Iterator[tuple[Executor, Robot]]:
    kind, _, of = name.partition(", ")
    with open_robot(of) as (robot, rate_hz):
        if kind != "streaming":
            yield TrajectoryExecutor(robot), robot  # type: ignore[arg-type]
            return
        yield StreamingExecutor(robot, rate_hz, look=lambda: empty_scene(robot)), robot


def empty_scene(robot: Robot) -> Scene:
    """What is seen where there is nothing but the robot."""
    workspace = Workspace(lower=(0.0, -1.0, 0.0), upper=(1.0, 1.0, 1.0))
    return Scene(objects=(), T_world_base=Pose(), robot=robot.get_observation(), workspace=workspace, time=0.0)


def quintic_chunk(joints: np.ndarray, goal: np.ndarray, seconds: float, name: str = "move") -> JointTrajectory:
    """From positions, velocities and accelerations to rest at a goal, by the quintic between. Shapes (3, 7), (7,)."""
    times = np.linspace(0.0, seconds, max(2, round(500 * seconds) + 1))
    powers = [np.vander([t], 6, increasing=True)[0] for t in (0.0, seconds)]
    first = [np.array([k * t ** max(k - 1, 0) for k in range(6)]) for t in (0.0, seconds)]
    second = [np.array([k * (k - 1) * t ** max(k - 2, 0) for k in range(6)]) for t in (0.0, seconds)]
    matrix = np.array([powers[0], first[0], second[0], powers[1], first[1], second[1]])
    still = np.zeros_like(goal)
    coefficients = np.linalg.solve(matrix, np.stack([*joints, goal, still, still]))
    rows = [np.array([[k * t ** max(k - 1, 0) for k in range(6)] for t in times])]
    rows += [np.array([[k * (k - 1) * t ** max(k - 2, 0) for k in range(6)] for t in times])]
    return small_move().model_copy(
        update={
            "times": times,
            "positions": np.vander(times, 6, increasing=True) @ coefficients,
            "velocities": np.concatenate([(rows[0] @ coefficients)[:-1], still[None]]),
            "accelerations": rows[1] @ coefficients,
            "tool_path": np.zeros((len(times), 3)),
            "segments": (Segment(name=name, start=0.0, end=seconds),),
        }
    )


def small_move(predicted: bool = False, gripper: tuple[GripperEvent, ...] = ()) -> JointTrajectory:
    """All joints by 0.2 rad in 1 s and back in 1 s, from rest, by minimum jerk; then 0.5 s of rest."""
    p = np.clip(np.concatenate([np.arange(0, 1001), np.arange(999, -1, -1), np.zeros(500)]) / 1000.0, 0.0, 1.0)[:, None]
    sign = np.sign(np.gradient(p[:, 0]))[:, None]
    rest, times = np.array(PANDA.rest), np.arange(len(p)) / 1000.0
    return JointTrajectory(
        skill="move",
        joint_names=PANDA.joint_names,
        times=times,
        positions=rest - 0.2 * (10 * p**3 - 15 * p**4 + 6 * p**5),
        velocities=np.repeat(-0.2 * sign * (30 * p**2 - 60 * p**3 + 30 * p**4), 7, axis=1),
        accelerations=np.repeat(-0.2 * (60 * p - 180 * p**2 + 120 * p**3), 7, axis=1),
        tool_path=np.zeros((len(times), 3)),
        gripper=gripper,
        segments=(Segment(name="move", start=0.0, end=times[-1]),),
        margins=Margins(
            joint_limit=0.5, velocity=0.5, acceleration=0.5, jerk=0.5, smallest_singular_value=0.1, end_error=0.0, stretch=1.0
        ),
        predicted=predicted,
    )
