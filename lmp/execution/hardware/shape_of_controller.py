"""Which of the four shapes a controller has, by what it offers and by what its function calls its argument."""

from __future__ import annotations

import inspect
from typing import Any, Literal, get_args

from lmp.errors import SetupFault, UnknownName

ControllerShape = Literal["positions", "trajectory", "lerobot", "action"]
SHAPES: tuple[str, ...] = get_args(ControllerShape)
LEROBOT_VERBS = ("connect", "get_observation", "send_action", "disconnect")
POSITION_NAMES = frozenset(
    {"q", "qpos", "joints", "positions", "joint_positions", "target", "targets", "angles", "joint_angles", "command", "action"}
)
TRAJECTORY_NAMES = frozenset({"trajectory", "traj", "joint_trajectory"})
_SAY = 'Say which it is: wrap(..., shape="positions") for fn(q), or shape="trajectory" for fn(trajectory).'


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
    needed = {"lerobot": LEROBOT_VERBS, "action": ("send_goal",)}.get(found, ())
    if missing := [verb for verb in needed if not callable(getattr(controller, verb, None))]:
        raise SetupFault(f"A controller of shape {found!r} has {', '.join(needed)}; this one lacks {', '.join(missing)}.")
    return found


def _by_verbs(controller: Any) -> str | None:
    if callable(getattr(controller, "send_goal", None)):
        return "action"
    return "lerobot" if any(callable(getattr(controller, verb, None)) for verb in LEROBOT_VERBS[1:3]) else None


def _by_signature(controller: Any) -> str:
    if not callable(controller):
        raise SetupFault(
            f"A {type(controller).__name__} is no controller: a function, an object with {', '.join(LEROBOT_VERBS)}, "
            "or an action client with send_goal is needed."
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
