"""Whole runs in one call: carry out an instruction, or go on with a run that was cut off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lmp.errors import need
from lmp.model_settings import ModelSettings
from lmp.record import RunFolder
from lmp.runtime.agent import Agent
from lmp.runtime.listener import Listener
from lmp.runtime.worlds import open_world, reopen_world
from lmp.schema.episode import Episode
from lmp.stages import Planner, World


def run_in(
    world: World,
    instruction: str,
    *,
    planner: str | Planner = "scripted",
    model: ModelSettings | None = None,
    listener: Listener | None = None,
    **options: Any,
) -> Episode:
    """`Agent.run` in an open world, which stays open."""
    return Agent(world, planner, model=model, listener=listener).run(instruction, **options)


def run(
    instruction: str,
    *,
    scene: str = "tabletop",
    robot: str = "panda",
    planner: str | Planner = "scripted",
    model: ModelSettings | None = None,
    seed: int = 0,
    world: str = "pybullet",
    gui: bool = False,
    listener: Listener | None = None,
    **options: Any,
) -> Episode:
    """Opens a world, carries out an instruction in it, records everything and closes the world.

    The options are those of `open_world` and `Agent.run`.
    """
    with open_world(scene, seed=seed, robot=robot, world=world, gui=gui) as opened:
        return run_in(opened, instruction, planner=planner, model=model, listener=listener, **options)


def resume(
    run: str | Path, *, planner: str | Planner | None = None, listener: Listener | None = None, **options: Any
) -> Episode:
    """Goes on with a run that was cut off, in its own world as it was saved last, and closes the world.

    Args:
        run: The run folder.
        planner: Another planner than the run's own.
        listener: Who is told what happens.
        options: Those of `Agent.resume`.

    Raises:
        SetupFault: The run has come to its end, another process has it, or its world cannot be opened from its record.
    """
    need("run", run, (str, Path), "the path of a run folder")
    with RunFolder.take_up(Path(run)) as record, reopen_world(record) as world:
        settings = record.settings()
        model = ModelSettings.of_record(settings, record.path)
        agent = Agent(world, planner or str(settings["planner"]), model=model, listener=listener)
        return agent.resume(record, **options)
