"""The table of what parts declare of themselves; the only place that reads a declaration which may be left out.

Nothing else asks a part for an attribute by name with a default: two places would sooner or later guess differently.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from lmp.errors import SetupFault
from lmp.model_settings import ModelSettings
from lmp.schema.scene_file import SceneFile
from lmp.stages import AsksModel, Executor, Planner, Robot, World


@dataclass(frozen=True)
class RobotCapabilities:
    """Declarations of a robot.

    Attributes:
        simulated: True only if the robot says so. Whatever does not is real: it moves after approval, and its time is watched.
        rate_hz: Ticks a second that it takes [Hz]; None if it takes what comes.
        tells_width: Whether the width between the fingers is measured; False for a robot that repeats what it was told.
    """

    simulated: bool
    rate_hz: float | None
    tells_width: bool


def robot_capabilities(robot: Robot) -> RobotCapabilities:
    """Reads the declarations of a robot: `simulated`, `rate_hz`, `tells_width`.

    A robot from outside may leave them out. Then it is real, takes any rate, and measures the width that it tells.

    Raises:
        SetupFault: A declaration is of another kind than it should be.
    """
    rate = getattr(robot, "rate_hz", None)
    number = isinstance(rate, int | float) and not isinstance(rate, bool)
    if rate is not None and not (number and math.isfinite(rate) and rate > 0.0):
        raise _wrong(robot, "rate_hz", rate, "ticks a second, above 0 and finite, or None")
    return RobotCapabilities(
        simulated=_declared(robot, "simulated", otherwise=False),
        rate_hz=rate,
        tells_width=_declared(robot, "tells_width", otherwise=True),
    )


def robot_moved_by(executor: Executor, world: World) -> Robot:
    """The robot that an executor moves: its `robot`, or the world's if it declares none."""
    robot: Robot = getattr(executor, "robot", world.robot)
    return robot


@dataclass(frozen=True)
class PlannerCapabilities:
    """Declarations of a planner.

    Attributes:
        settings: How it asks a model; None for one that asks none.
        sees: Whether it needs the cameras' pictures.
    """

    settings: ModelSettings | None
    sees: bool


def planner_capabilities(planner: Planner) -> PlannerCapabilities:
    """Reads the declarations of a planner: `settings`, and `by_pictures` for one that asks no model and yet needs pictures."""
    sees = isinstance(planner, AsksModel) or _declared(planner, "by_pictures", otherwise=False)
    return PlannerCapabilities(settings=getattr(planner, "settings", None), sees=sees)


def scene_file_of(world: World) -> SceneFile | None:
    """The scene file that a world was made from, its `scene_file`; None for worlds that know of none."""
    return getattr(world, "scene_file", None)


def _declared(part: object, name: str, otherwise: bool) -> bool:
    value = getattr(part, name, otherwise)
    if not isinstance(value, bool):
        raise _wrong(part, name, value, "True or False")
    return value


def _wrong(part: object, name: str, value: Any, allowed: str) -> SetupFault:
    return SetupFault(f"{type(part).__name__}.{name} has to be {allowed}, got {value!r:.80}.")
