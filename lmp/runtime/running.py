"""Whole runs in one call: carry out an instruction, or go on with a run that was cut off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lmp.capabilities import world_capabilities
from lmp.errors import SetupFault, need
from lmp.model_settings import ModelSettings
from lmp.record import RunFolder
from lmp.runtime.agent import Agent
from lmp.runtime.flow.telling import Listener
from lmp.runtime.worlds import open_world, reopen_world
from lmp.schema.episode import Episode
from lmp.schema.robot import RobotDescription
from lmp.stages import Planner, World


def run(
    instruction: str | None = None,
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
        instruction: What to do; left out for a world that has a task of its own.
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
            return Agent(opened, planner, model=model, listener=listener).run(instruction or own_task(opened), **options)
    if seed or robot is not None or gui:
        raise SetupFault("This world is open already: seed=, robot= and gui= are for a world that is given by its address.")
    return Agent(world, planner, model=model, listener=listener).run(instruction or own_task(world), **options)


def own_task(world: World) -> str:
    """The instruction that a world brings.

    Raises:
        SetupFault: It brings none.
    """
    judges = world_capabilities(world).judges
    if judges is None:
        raise SetupFault(f"The world {world.spec} has no task of its own: say what to do.")
    return judges.instruction


def resume(
    run: str | Path, *, planner: str | Planner | None = None, listener: Listener | None = None, **options: Any
) -> Episode:
    """Goes on with a run that was cut off, in its own world, and closes the world.

    The world is as it was saved last. A simulated world that does not save is opened afresh, which the record says; the
    instruction then begins anew. A real one is as it stands.

    Args:
        run: The run folder.
        planner: Another planner than the run's own.
        listener: Who is told what happens.
        options: Those of `Agent.resume`.

    Raises:
        SetupFault: The run has come to its end, another process has it, or its world cannot be opened from its record.
    """
    need("run", run, (str, Path), "the path of a run folder")
    with RunFolder.resume(Path(run)) as record, reopen_world(record) as world:
        settings = record.settings()
        model = ModelSettings.of_record(settings, record.path)
        agent = Agent(world, planner or str(settings["planner"]), model=model, listener=listener)
        can = world_capabilities(world)
        lost = can.simulated and (can.saves is None or record.newest_world() is None)
        return agent.resume(record, remembers_nothing=lost, **options)
