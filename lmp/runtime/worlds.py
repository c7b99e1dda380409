"""Opens worlds: from names and files, or as the record of a run has them."""

from __future__ import annotations

from numbers import Integral
from pathlib import Path
from typing import Any

from lmp import registry
from lmp.errors import SetupFault, need
from lmp.record import RunFolder
from lmp.robots.robot_file import load_robot
from lmp.stages import World


def open_world(
    scene: str = "tabletop", *, seed: int = 0, robot: str = "panda", world: str = "pybullet", gui: bool = False
) -> World:
    """Opens a simulated world; a context manager.

    Args:
        scene: Name of a scene, or a scene file.
        seed: Seed of the placement of its objects.
        robot: Name of a robot, or a robot file.
        world: "pybullet", or "kinematic" for a world without physics.
        gui: Shows PyBullet's window.

    Raises:
        SetupFault: An unknown name, or a file that does not fit its schema.
    """
    _check(scene, seed, robot, world)
    opened: World = registry.load("world", world).open(scene, load_robot(robot), seed=seed, gui=gui)
    return opened


def _check(scene: object, seed: object, robot: object, world: object) -> None:
    need("scene", scene, (str, Path), "the name of a scene, or the path of a scene file")
    need("robot", robot, (str, Path), "the name of a robot, or the path of a robot file")
    need("world", world, str, "the name of a world: pybullet or kinematic")
    if not isinstance(seed, Integral) or isinstance(seed, bool) or not 0 <= seed < 2**32:  # type: ignore[operator]
        raise SetupFault(f"seed takes a whole number from 0 to {2**32 - 1}, got {seed!r:.60}.")


def reopen_world(record: RunFolder) -> World:
    """The world of a recorded run, in the newest state that was saved.

    Raises:
        SetupFault: The record does not say which world it was, or that world is not in the catalogue.
        BadFile: A file of the record is broken.
    """
    settings, robot = record.settings(), record.robot()
    kind, scene = settings.get("world"), record.scene_file()
    if robot is None or scene is None or kind not in registry.known("world"):
        raise SetupFault(
            f"The run {str(record.path)!r} was made in a world that cannot be opened from its record ({kind!r}). "
            "Open it yourself and use Agent(world, planner).resume(run)."
        )
    part: Any = registry.load("world", str(kind))
    opened: World = part.open(scene, robot, seed=int(settings.get("seed", 0)))
    state = record.newest_world()
    if state is not None:
        try:
            opened.restore(state)
        except BaseException:
            opened.close()
            raise
    return opened
