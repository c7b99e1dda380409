"""Whole runs in one call: carry out an instruction, or go on with a run that was cut off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lmp.errors import SetupFault, need
from lmp.model_settings import ModelSettings
from lmp.record import RunFolder
from lmp.runtime.agent import Agent
from lmp.runtime.listener import Listener
from lmp.runtime.worlds import open_world, reopen_world
from lmp.schema.episode import Episode
from lmp.schema.robot import RobotDescription
from lmp.stages import Planner, World


def run(
    instruction: str,
    *,
    world: str | Path | World = "tabletop",
    seed: int = 0,
    robot: str | Path | RobotDescription | None = None,
    gui: bool = False,
    planner: str | Planner = "scripted",
    model: ModelSettings | None = None,
    listener: Listener | None = None,
    **options: Any,
) -> Episode:
    """Carries out an instruction and records everything.

    Args:
        instruction: What to do.
        world: An address, which is opened and closed again; or an open world, which stays open.
        seed: As in `open_world`, like `robot` and `gui`; only with an address.
        robot: A robot, for a world that does not bring its own.
        gui: Shows the simulator's window.
        planner: As in `Agent`, like `model` and `listener`.
        model: How a planner that asks a model asks it.
        listener: Who is told what happens.
        options: Those of `Agent.run`.
    """
    if isinstance(world, str | Path):
        with open_world(world, seed=seed, robot=robot, gui=gui) as opened:
            return Agent(opened, planner, model=model, listener=listener).run(instruction, **options)
    if seed or robot is not None or gui:
        raise SetupFault("This world is open already: seed=, robot= and gui= are for a world that is given by its address.")
    return Agent(world, planner, model=model, listener=listener).run(instruction, **options)


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
