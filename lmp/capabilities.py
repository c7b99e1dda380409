"""The table of what parts declare of themselves; the only place that reads a declaration which may be left out.

Nothing else asks a part for an attribute by name with a default: two places would sooner or later guess differently.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from lmp.errors import SetupFault
from lmp.model_settings import ModelSettings
from lmp.schema.executable import ClosedLoop
from lmp.schema.scene import Scene
from lmp.stages import (
    AsksModel,
    ClosesLoops,
    Compiler,
    CorrectsInWords,
    Disturbable,
    Executor,
    Feels,
    HasTool,
    Hears,
    Judges,
    Knows,
    Planner,
    Robot,
    Saves,
    Tracks,
    World,
)


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
    if rate is not None and not _is_rate(rate):
        raise _wrong(robot, "rate_hz", rate, "ticks a second, above 0 and finite, or None")
    return RobotCapabilities(
        simulated=_declared(robot, "simulated", otherwise=False),
        rate_hz=rate,
        tells_width=_declared(robot, "tells_width", otherwise=True),
    )


@dataclass(frozen=True)
class WorldCapabilities:
    """Declarations of a world: each capability is the world itself, as what it can do, or None.

    Attributes:
        simulated: True only if the world says so. Whatever does not is real: it moves after approval, and its time is watched.
        saves: Its state can be saved and restored.
        knows: It can tell what is in it.
        judges: It has a task of its own.
        feels: It can tell what the gripper feels.
        tracks: Its observations tell where objects are also while the arm moves.
        has_tool: It can tell where the tool is.
        disturbable: It can be disturbed.
        hears: It hears of the run in it.
    """

    simulated: bool
    saves: Saves | None
    knows: Knows | None
    judges: Judges | None
    feels: Feels | None
    tracks: Tracks | None
    has_tool: HasTool | None
    disturbable: Disturbable | None
    hears: Hears | None


def world_capabilities(world: object) -> WorldCapabilities:
    """Reads the declarations of a world: `simulated`, `tracking_hz`, and the methods of the capabilities.

    Raises:
        SetupFault: `simulated` is neither True nor False, or `tracking_hz` is no rate.
    """
    if isinstance(world, Tracks) and not _is_rate(world.tracking_hz):
        raise _wrong(world, "tracking_hz", world.tracking_hz, "looks a second, above 0 and finite")
    return WorldCapabilities(
        simulated=_declared(world, "simulated", otherwise=False),
        saves=world if isinstance(world, Saves) else None,
        knows=world if isinstance(world, Knows) else None,
        judges=world if isinstance(world, Judges) else None,
        feels=world if isinstance(world, Feels) else None,
        tracks=world if isinstance(world, Tracks) else None,
        has_tool=world if isinstance(world, HasTool) else None,
        disturbable=world if isinstance(world, Disturbable) else None,
        hears=world if isinstance(world, Hears) else None,
    )


MEMBERS = {
    "world": ("spec", "robot", "rate_hz", "observe", "settle", "close"),
    "planner": ("decompose", "propose"),
    "chooser": ("most", "choose"),
    "gate": ("judge",),
    "perceiver": ("perceive",),
    "executor": ("execute",),
    "verifier": ("verify",),
    "skill": ("spec", "candidates", "predict"),
    "listener": ("event", "progress"),
}
"""The members that a part of each kind has to have."""


def missing_of(kind: str, part: object) -> tuple[str, ...]:
    """The members that every part of a kind has to have and this one lacks."""
    return tuple(name for name in MEMBERS[kind] if not hasattr(part, name))


def need_part(kind: str, part: object, argument: str | None = None) -> None:
    """Refuses what is no part of a kind, or a class in the place of an object of it.

    Args:
        kind: One of `MEMBERS`.
        part: What came.
        argument: Its name where it came; that of the kind by default.

    Raises:
        SetupFault: It lacks a member.
    """
    takes = f"{argument or kind} takes an object with {', '.join(MEMBERS[kind])}"
    if inspect.isclass(part):
        raise SetupFault(f"{takes}, got the class {part.__name__}: pass {part.__name__}(...).")
    if missing := missing_of(kind, part):
        raise SetupFault(f"{takes}; {type(part).__name__} has no {', '.join(missing)}.")


def robot_moved_by(executor: Executor, world: World) -> Robot:
    """The robot that an executor moves: its `robot`, or the world's if it declares none."""
    robot: Robot = getattr(executor, "robot", world.robot)
    return robot


def taking_closed_loops(executor: Executor) -> ClosesLoops | None:
    """The executor as one that takes closed loops; None for one that does not say `closes_loops = True`."""
    return cast(ClosesLoops, executor) if _declared(executor, "closes_loops", otherwise=False) else None


@dataclass(frozen=True)
class PlannerCapabilities:
    """Declarations of a planner.

    Attributes:
        asks_model: The planner as one that asks a model; None for one that asks none.
        corrects_in_words: The planner as one that edits a primitive as a person's words ask; None for one that cannot.
        settings: How it asks a model; None for one that does not say.
        sees: Whether it needs the cameras' pictures.
        certifies: Whether its answer is what was asked for, by rules or by a person; what another planner takes for done is
            compared with the instruction.
    """

    asks_model: AsksModel | None
    corrects_in_words: CorrectsInWords | None
    settings: ModelSettings | None
    sees: bool
    certifies: bool


def planner_capabilities(planner: Planner) -> PlannerCapabilities:
    """Reads the declarations of a planner: `asks_model`, `corrects_in_words`, `settings`, `by_pictures`, `certifies`.

    A planner may leave them out. Then it asks no model, corrects nothing in words, needs no pictures, and certifies nothing.

    Raises:
        SetupFault: A declaration is of another kind than it should be, or lacks what it promises.
    """
    asks = _kept(planner, "asks_model", ("use", "instruction", "lend", "draft"))
    corrects = _kept(planner, "corrects_in_words", ("correct_in_words",))
    settings = getattr(planner, "settings", None)
    if settings is not None and not isinstance(settings, ModelSettings):
        raise _wrong(planner, "settings", settings, "ModelSettings, or None")
    return PlannerCapabilities(
        asks_model=cast(AsksModel, planner) if asks else None,
        corrects_in_words=cast(CorrectsInWords, planner) if corrects else None,
        settings=settings,
        sees=asks or _declared(planner, "by_pictures", otherwise=False),
        certifies=_declared(planner, "certifies", otherwise=False),
    )


def tool_position_of(compiler: Compiler) -> Callable[[Scene], tuple[float, float, float]] | None:
    """Position of the tool in a scene, world x, y, z [m], as a compiler computes it; None for one that does not."""
    return getattr(compiler, "tool_position", None)


def closed_loop(motion: object) -> ClosedLoop | None:
    """The motion itself where it is a closed loop."""
    return motion if isinstance(motion, ClosedLoop) else None


def _is_rate(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value) and value > 0.0


def _kept(part: object, name: str, promised: tuple[str, ...]) -> bool:
    """True if a part declares something, and has what that promises."""
    if not _declared(part, name, otherwise=False):
        return False
    missing = [one for one in promised if not hasattr(part, one)]
    if missing:
        raise SetupFault(f"{type(part).__name__} says {name} = True and lacks {', '.join(missing)}.")
    return True


def _declared(part: object, name: str, otherwise: bool) -> bool:
    value = getattr(part, name, otherwise)
    if not isinstance(value, bool):
        raise _wrong(part, name, value, "True or False")
    return value


def _wrong(part: object, name: str, value: Any, allowed: str) -> SetupFault:
    return SetupFault(f"{type(part).__name__}.{name} has to be {allowed}, got {value!r:.80}.")
