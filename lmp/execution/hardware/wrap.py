"""One line that makes a robot of a controller that people already have."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from lmp.errors import SetupFault, need
from lmp.execution.hardware.action_client import ActionClient
from lmp.execution.hardware.controller import Functions, Grip, PositionFunction, State, TrajectoryFunction, Width
from lmp.execution.hardware.joint_names import JointNames
from lmp.execution.hardware.lerobot_controller import LeRobotController
from lmp.execution.hardware.pace import NoPace, Pace
from lmp.execution.hardware.shape_of_controller import ControllerShape, shape_of_controller
from lmp.execution.hardware.wrapped_robots import PositionRobot, TrajectoryRobot
from lmp.robots.robot_file import load_robot
from lmp.schema.robot import RobotDescription


def wrap(
    controller: Any,
    robot: str | RobotDescription = "panda",
    rate_hz: float = 100.0,
    *,
    shape: ControllerShape | None = None,
    state: State | None = None,
    gripper: Grip | None = None,
    cancel: Callable[[], object] | None = None,
    degrees: bool = False,
    simulated: bool = False,
    start: Sequence[float] | None = None,
    pace: Pace | NoPace | None = None,
    width: Width | None = None,
    joints: Mapping[str, str] | None = None,
    goal_type: Any = None,
) -> PositionRobot | TrajectoryRobot:
    """A robot of a controller. It counts as real hardware, which needs approval, unless `simulated` is said.

    Four shapes are known: ``fn(q)``, called at `rate_hz` with joint positions in the order of the robot file;
    ``fn(trajectory)``, called with a whole `JointTrajectory`, which returns when it is done; an object with LeRobot's verbs;
    an action client for FollowJointTrajectory. They are told by the object's methods, or by the name or annotation of the
    function's argument. An answer that is not a clear success is a fault; of functions, None and True are one.

    Args:
        controller: The function or object.
        robot: Name of a robot, a robot file, or its description.
        rate_hz: Ticks a second; points a second for an action client.
        shape: The shape, where it cannot be told.
        state: Returns joint positions [rad], as `positions_of` reads them. Without it, what was commanded counts as reached.
        gripper: Called with a width [m] and a force [N]. Without it, gripper commands go nowhere (LeRobot: `gripper.pos`).
        cancel: Stops a function that was handed a trajectory.
        degrees: A LeRobot device counts in degrees.
        simulated: Nothing real moves: no pacing, no watchdog, no approval.
        start: Where the arm is before the first command if there is no `state` [rad]; the rest posture by default.
        pace: Keeps the time in place of the wall clock.
        width: Returns the distance between the fingers [m]. Without it, whether something is held is not watched, except with
            LeRobot, which tells `gripper.pos`.
        joints: From names, or beginnings of names, of the robot file to those of the controller: ``{"panda_": "fr3_"}``.
        goal_type: The class of an action client's goals, or a function that makes one of plain data. A client of rclpy or
            actionlib tells its class itself.

    Returns:
        A robot; `TrajectoryRobot` for whole trajectories, to be used with `lmp.execution.hardware.TrajectoryExecutor`.

    Raises:
        SetupFault: The controller has none of these shapes, or it cannot be told which; says how to say it.
    """
    description = robot if isinstance(robot, RobotDescription) else load_robot(robot)
    options = _options(description, rate_hz, simulated, start, pace)
    found, names = shape_of_controller(controller, shape), JointNames.mapped(description, joints)
    if found == "lerobot":
        device = LeRobotController(controller, description, names, degrees=degrees, gripper=gripper)
        return PositionRobot(device, description, rate_hz, **options)
    beside = Functions(description, names, state, gripper, width)
    if found == "positions":
        return PositionRobot(PositionFunction(controller, beside), description, rate_hz, **options)
    if found == "trajectory":
        return TrajectoryRobot(TrajectoryFunction(controller, beside, cancel), description, rate_hz, **options)
    return TrajectoryRobot(ActionClient(controller, rate_hz, names, beside, goal_type), description, rate_hz, **options)


def _options(
    description: RobotDescription, rate_hz: float, simulated: bool, start: Sequence[float] | None, pace: Pace | NoPace | None
) -> dict[str, Any]:
    """The options that all wrapped robots take.

    Raises:
        SetupFault: Something is not as it should be.
    """
    need("rate_hz", rate_hz, (int, float), "ticks a second [Hz]")
    if not (math.isfinite(rate_hz) and 1.0 <= rate_hz <= 10_000.0):
        raise SetupFault(f"rate_hz has to lie in [1, 10000] Hz, got {rate_hz}.")
    if start is not None and (np.shape(start) != (len(description.joints),) or not np.isfinite(start).all()):
        raise SetupFault(f"start has to be {len(description.joints)} finite joint positions [rad], got {start!r:.200}.")
    need("simulated", simulated, bool, "True or False")
    return {"simulated": simulated, "start": None if start is None else np.array(start), "pace": pace}
