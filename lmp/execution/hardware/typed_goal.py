"""Goals as messages of a client's own types, filled from plain data: those of rclpy and of actionlib alike."""

from __future__ import annotations

from typing import Any

from lmp.errors import SetupFault
from lmp.execution.hardware.shape_of_controller import ABSENT, field, point_type_of

_TIME_FIELDS = (("sec", "nanosec"), ("secs", "nsecs"))
"""Seconds and nanoseconds, as ROS 2 and as ROS 1 call them."""
_ARRAYS = ("positions", "velocities", "accelerations")


def typed_goal(goal_type: Any, plain: dict[str, Any]) -> Any:
    """The goal that a client takes.

    Args:
        goal_type: The class of its goals, such as ``FollowJointTrajectory.Goal``; or a function that makes a goal of
            ``{"trajectory": plain}``; None for a client that takes the plain data themselves.
        plain: As `follow_joint_trajectory_goal` makes it.

    Raises:
        SetupFault: The class is not that of a FollowJointTrajectory goal, or cannot be filled.
    """
    if goal_type is None:
        return plain
    if not isinstance(goal_type, type):
        return goal_type({"trajectory": plain})
    try:
        return _filled(goal_type, plain)
    except SetupFault:
        raise
    except Exception as error:
        raise SetupFault(
            f"A {goal_type.__name__} cannot be filled as a FollowJointTrajectory goal: {type(error).__name__}: {error}. "
            "Pass goal_type= the class of the client's goals, or a function that makes one of plain data."
        ) from error


def _filled(goal_type: type, plain: dict[str, Any]) -> Any:
    goal = goal_type()
    trajectory = field(goal, "trajectory")
    if trajectory is ABSENT:
        raise SetupFault(f"A {goal_type.__name__} has no trajectory; that of a FollowJointTrajectory action is needed.")
    point_type = point_type_of(trajectory)
    trajectory.joint_names = list(plain["joint_names"])
    trajectory.points = [_point(point_type, data) for data in plain["points"]]
    return goal


def _point(point_type: type, data: dict[str, Any]) -> Any:
    point = point_type()
    for name in _ARRAYS:
        setattr(point, name, data[name])
    point.time_from_start = _time(field(point, "time_from_start"), data["time_from_start"])
    return point


def _time(example: Any, seconds: float) -> Any:
    """A duration of the example's type [s]."""
    if example is ABSENT:
        raise SetupFault("The points of this goal have no time_from_start.")
    whole, rest = divmod(round(seconds * 1e9), 1_000_000_000)
    for names in _TIME_FIELDS:
        if all(field(example, name) is not ABSENT for name in names):
            made = type(example)()
            for name, value in zip(names, (whole, rest), strict=True):
                setattr(made, name, value)
            return made
    raise SetupFault(f"time_from_start is a {type(example).__name__}, which has neither sec and nanosec nor secs and nsecs.")
