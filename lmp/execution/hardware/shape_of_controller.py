"""Controllers and messages from outside, which declare nothing to us: their shape, methods and fields.

This is the only file of this room that asks an object for a method or a field by name.
"""

from __future__ import annotations

import inspect
import sys
import typing
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, get_args

from lmp.errors import SetupFault, UnknownName

ControllerShape = Literal["positions", "trajectory", "lerobot", "action"]
SHAPES: tuple[str, ...] = get_args(ControllerShape)
ActionFamily = Literal["rclpy", "actionlib", "plain"]

LEROBOT_VERBS = ("connect", "get_observation", "send_action", "disconnect")
ACTION_VERBS: dict[ActionFamily, tuple[str, ...]] = {
    "rclpy": ("send_goal_async",),
    "actionlib": ("send_goal", "wait_for_result", "get_state", "get_result"),
    "plain": ("send_goal",),
}
"""The methods by which a client of actions is known, the most telling first."""
POSITION_NAMES = frozenset(
    {"q", "qpos", "joints", "positions", "joint_positions", "target", "targets", "angles", "joint_angles", "command", "action"}
)
TRAJECTORY_NAMES = frozenset({"trajectory", "traj", "joint_trajectory"})
_SAY = 'Say which it is: wrap(..., shape="positions") for fn(q), or shape="trajectory" for fn(trajectory).'

ABSENT: Final = object()
"""The value of a field that an object does not have; None is a value."""


def method(item: Any, *names: str) -> Callable[..., Any] | None:
    """The first of some methods that an object has; None if it has none of them."""
    found = (getattr(item, name, None) for name in names)
    return next((verb for verb in found if callable(verb)), None)


def field(item: Any, *names: str) -> Any:
    """The first of some fields that an object or a mapping has; `ABSENT` if it has none of them."""
    if isinstance(item, Mapping):
        return next((item[name] for name in names if name in item), ABSENT)
    values = (getattr(item, name, ABSENT) for name in names)
    return next((value for value in values if value is not ABSENT and not inspect.isroutine(value)), ABSENT)


def shape_of_controller(controller: Any, shape: str | None = None) -> str:
    """The controller's shape; the one that was said, if one was.

    Raises:
        SetupFault: It has none of the shapes, or more than one could be meant; says what would help.
    """
    if shape is not None and shape not in SHAPES:
        raise UnknownName("controller shape", shape, SHAPES)
    if shape in ("positions", "trajectory") and not callable(controller):
        raise SetupFault(f"shape={shape!r} needs a function; this is a {type(controller).__name__}.")
    found = shape or _by_verbs(controller) or _by_signature(controller)
    needed = {"lerobot": LEROBOT_VERBS, "action": ACTION_VERBS[action_family(controller)]}.get(found, ())
    if missing := [verb for verb in needed if method(controller, verb) is None]:
        raise SetupFault(f"A controller of shape {found!r} has {', '.join(needed)}; this one lacks {', '.join(missing)}.")
    return found


def action_family(client: Any) -> ActionFamily:
    """Find how a client of actions is talked to: like rclpy's, like actionlib's, or by `send_goal` alone."""
    for family, verbs in ACTION_VERBS.items():
        if all(method(client, verb) is not None for verb in verbs):
            return family
    return "plain"


def goal_type_of(client: Any) -> Any:
    """The class of a client's goals: rclpy's `_action_type.Goal`, actionlib's `ActionGoal().goal`; None for plain data."""
    if isinstance(goal := field(field(client, "_action_type", "action_type"), "Goal"), type):
        return goal
    for holder in (field(client, "action_client"), client):
        if isinstance(envelope := field(holder, "ActionGoal"), type) and (goal := field(envelope(), "goal")) is not ABSENT:
            return type(goal)
    return None


def point_type_of(trajectory: Any) -> type:
    """The class of a message's `points`, by the type that the message declares for them.

    ROS 2 declares `_fields_and_field_types`, ROS 1 `_slot_types`; a class of one's own may annotate `points: list[Point]`.

    Raises:
        SetupFault: It cannot be told.
    """
    message = type(trajectory)
    fields = field(message, "_fields_and_field_types")
    declared = dict(fields) if isinstance(fields, Mapping) else {}
    if (types := field(message, "_slot_types")) is not ABSENT and len(types) == len(message.__slots__):
        declared |= {name: str(kind) for name, kind in zip(message.__slots__, types, strict=True) if name == "points"}
    words = str(declared.get("points", "JointTrajectoryPoint"))
    name = words.removeprefix("sequence<").partition(",")[0].rstrip(">[]").rpartition("/")[2]
    module = message.__module__
    while module:
        if isinstance(found := field(sys.modules.get(module), name), type):
            return found
        module = module.rpartition(".")[0]
    if annotated := [kind for kind in get_args(_annotation(message, "points")) if isinstance(kind, type)]:
        return annotated[0]
    raise SetupFault(
        f"The points of a {message.__module__}.{message.__name__} are of a type that it does not declare. Pass goal_type= a "
        "function that makes the client's goal of plain data, {'trajectory': {'joint_names': ..., 'points': ...}}."
    )


def _annotation(message: type, name: str) -> Any:
    try:
        return typing.get_type_hints(message).get(name)
    except (NameError, TypeError):
        return None


def _by_verbs(controller: Any) -> str | None:
    if method(controller, "send_goal", "send_goal_async") is not None:
        return "action"
    return "lerobot" if method(controller, *LEROBOT_VERBS[1:3]) is not None else None


def _by_signature(controller: Any) -> str:
    if not callable(controller):
        raise SetupFault(
            f"A {type(controller).__name__} is no controller: a function, an object with {', '.join(LEROBOT_VERBS)}, "
            "or an action client with send_goal or send_goal_async is needed."
        )
    try:
        parameters = list(inspect.signature(controller).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    places = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD, p.VAR_POSITIONAL)]
    required = [p for p in parameters if p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    if parameters and (not places or len(required) > 1):
        names = ", ".join(p.name for p in required) or "none"
        raise SetupFault(f"A controller function takes one argument, q or trajectory; this one asks for {names}.")
    if places:
        annotation = str(getattr(places[0].annotation, "__name__", places[0].annotation))
        if "JointTrajectory" in annotation or places[0].name in TRAJECTORY_NAMES:
            return "trajectory"
        if places[0].name in POSITION_NAMES or any(word in annotation for word in ("ndarray", "NDArray", "list", "Sequence")):
            return "positions"
    name = f"an argument named {places[0].name!r}" if places else "an unknown signature"
    raise SetupFault(f"A function with {name} could take positions or a whole trajectory. {_SAY}")
