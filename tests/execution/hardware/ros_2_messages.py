"""Messages as strict as those that ROS 2 generates: properties over slots, whose setters check types and ranges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar


def checked(name: str, right: Callable[[Any], bool]) -> Any:
    def get(self: Any) -> Any:
        return getattr(self, f"_{name}")

    def put(self: Any, value: Any) -> None:
        assert right(value), f"The {name!r} field has another type"
        setattr(self, f"_{name}", value)

    return property(get, put)


def sequence_of(kind: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list | tuple) and all(isinstance(one, kind) for one in value)


class Duration:
    __slots__ = ("_nanosec", "_sec")
    _fields_and_field_types: ClassVar = {"sec": "int32", "nanosec": "uint32"}
    sec = checked("sec", lambda value: isinstance(value, int) and -(2**31) <= value < 2**31)
    nanosec = checked("nanosec", lambda value: isinstance(value, int) and 0 <= value < 2**32)

    def __init__(self) -> None:
        self.sec = self.nanosec = 0


class JointTrajectoryPoint:
    __slots__ = ("_accelerations", "_effort", "_positions", "_time_from_start", "_velocities")
    positions = checked("positions", sequence_of(float))
    velocities = checked("velocities", sequence_of(float))
    accelerations = checked("accelerations", sequence_of(float))
    effort = checked("effort", sequence_of(float))
    time_from_start = checked("time_from_start", lambda value: isinstance(value, Duration))

    def __init__(self) -> None:
        self.positions, self.velocities, self.accelerations, self.effort = [], [], [], []
        self.time_from_start = Duration()


class JointTrajectory:
    __slots__ = ("_header", "_joint_names", "_points")
    _fields_and_field_types: ClassVar = {
        "header": "std_msgs/Header",
        "joint_names": "sequence<string>",
        "points": "sequence<trajectory_msgs/JointTrajectoryPoint>",
    }
    joint_names = checked("joint_names", sequence_of(str))
    points = checked("points", sequence_of(JointTrajectoryPoint))

    def __init__(self) -> None:
        self._header = None
        self.joint_names, self.points = [], []


class FollowJointTrajectory:
    class Goal:
        __slots__ = ("_goal_time_tolerance", "_trajectory")
        trajectory = checked("trajectory", lambda value: isinstance(value, JointTrajectory))
        goal_time_tolerance = checked("goal_time_tolerance", lambda value: isinstance(value, Duration))

        def __init__(self) -> None:
            self.trajectory, self.goal_time_tolerance = JointTrajectory(), Duration()

    class Result:
        def __init__(self, error_code: Any = 0, error_string: str = ""):
            self.error_code, self.error_string = error_code, error_string
