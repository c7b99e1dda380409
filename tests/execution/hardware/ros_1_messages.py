"""Messages as strict as those that ROS 1 generates: slots, and types that are checked when a message is serialized."""

from __future__ import annotations

from typing import Any


class Message:
    __slots__: tuple[str, ...] = ()
    _slot_types: tuple[str, ...] = ()

    def __init__(self) -> None:
        for name, kind in zip(self.__slots__, self._slot_types, strict=True):
            setattr(self, name, [] if kind.endswith("[]") else _DEFAULTS.get(kind, lambda: None)())

    def serialize(self) -> None:
        """Raises a TypeError for what a generated message could not be written with."""
        for name, kind in zip(self.__slots__, self._slot_types, strict=True):
            check(getattr(self, name), kind, name)


class Duration:
    __slots__ = ("nsecs", "secs")

    def __init__(self, secs: int = 0, nsecs: int = 0):
        self.secs, self.nsecs = secs, nsecs


class JointTrajectoryPoint(Message):
    __slots__ = ("positions", "velocities", "accelerations", "effort", "time_from_start")  # noqa: RUF023 - in the order of the types
    _slot_types = ("float64[]", "float64[]", "float64[]", "float64[]", "duration")


class JointTrajectory(Message):
    __slots__ = ("header", "joint_names", "points")
    _slot_types = ("std_msgs/Header", "string[]", "trajectory_msgs/JointTrajectoryPoint[]")


class FollowJointTrajectoryGoal(Message):
    __slots__ = ("trajectory", "path_tolerance", "goal_tolerance", "goal_time_tolerance")  # noqa: RUF023 - in the order of the types
    _slot_types = (
        "trajectory_msgs/JointTrajectory",
        "control_msgs/JointTolerance[]",
        "control_msgs/JointTolerance[]",
        "duration",
    )


class FollowJointTrajectoryActionGoal(Message):
    __slots__ = ("header", "goal_id", "goal")  # noqa: RUF023 - in the order of the types
    _slot_types = ("std_msgs/Header", "actionlib_msgs/GoalID", "control_msgs/FollowJointTrajectoryGoal")


class FollowJointTrajectoryResult:
    __slots__ = ("error_code", "error_string")

    def __init__(self, error_code: Any = 0, error_string: str = ""):
        self.error_code, self.error_string = error_code, error_string


_DEFAULTS: dict[str, Any] = {
    "duration": Duration,
    "trajectory_msgs/JointTrajectory": JointTrajectory,
    "control_msgs/FollowJointTrajectoryGoal": FollowJointTrajectoryGoal,
}
_CLASSES: dict[str, Any] = {"string": str, "float64": float, "trajectory_msgs/JointTrajectoryPoint": JointTrajectoryPoint}


def check(value: Any, kind: str, name: str) -> None:
    if kind.endswith("[]"):
        wanted = _CLASSES.get(kind.removesuffix("[]"), Message)
        if not isinstance(value, list) or not all(type(one) is wanted for one in value):
            raise TypeError(f"{name} has to be a list of {wanted.__name__}")
        for one in value:
            if isinstance(one, Message):
                one.serialize()
    elif kind == "duration":
        if not (isinstance(value, Duration) and type(value.secs) is int and 0 <= value.nsecs < 1_000_000_000):
            raise TypeError(f"{name} has to be a duration of whole seconds and nanoseconds")
    elif kind in _DEFAULTS:
        if type(value) is not _DEFAULTS[kind]:
            raise TypeError(f"{name} has to be a {kind}")
        value.serialize()
