"""`lmp run` and `lmp plan`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lmp.cli.answers import answer, listening, stopped
from lmp.cli.app import app
from lmp.cli.asking_person import asking
from lmp.uninterrupted import uninterrupted

Instruction = Annotated[str, typer.Argument(help="What to do, in English.")]
SceneName = Annotated[str, typer.Option("--scene", help="Name of a scene (see `lmp scenes`), or a scene file.")]
RobotName = Annotated[str, typer.Option("--robot", help="Name of a robot (see `lmp robots`), or a robot file.")]
PlannerName = Annotated[str, typer.Option("--planner", help="Name of a planner (see `lmp planners`).")]
Seed = Annotated[int, typer.Option("--seed", min=0, max=2**32 - 1, help="Seed of the placement of the scene's objects.")]
AskPerson = Annotated[bool, typer.Option("--ask", help="Ask here where a person could help, instead of stopping.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else on standard output.")]


@app.command()
def run(
    instruction: Instruction,
    scene: SceneName = "tabletop",
    robot: RobotName = "panda",
    planner: PlannerName = "scripted",
    seed: Seed = 0,
    out: Annotated[Path | None, typer.Option("--out", help="The run folder; by default a new one below runs/.")] = None,
    disturb: Annotated[str | None, typer.Option("--disturb", help="Disturb the run: shift-target.")] = None,
    gui: Annotated[bool, typer.Option("--gui", help="Show the simulator's window.")] = False,
    ask: AskPerson = False,
    as_json: Json = False,
) -> int:
    """Carry out an instruction in simulation: plan, check, move, verify, replan."""
    try:
        with uninterrupted():
            from lmp import catalogue
            from lmp.carrying_out import Interrupted
            from lmp.running import run as run_episode

            catalogue.load_parts(planner)
        with listening(as_json) as listener:
            try:
                episode = run_episode(
                    instruction,
                    scene=scene,
                    robot=robot,
                    planner=planner,
                    seed=seed,
                    out=out,
                    disturb=disturb,
                    gui=gui,
                    listener=listener,
                    ask=asking(listener, ask),
                )
            except Interrupted as interruption:
                episode = interruption.episode
    except KeyboardInterrupt:
        return stopped(as_json, instruction=instruction, scene=scene, seed=seed, planner=planner)
    return answer(episode, as_json)


@app.command()
def plan(
    instruction: Instruction,
    scene: SceneName = "tabletop",
    robot: RobotName = "panda",
    planner: PlannerName = "scripted",
    seed: Seed = 0,
    as_json: Json = False,
) -> int:
    """Show subgoals, reasoning, primitives and verdicts; nothing moves."""
    from lmp.agent import Agent
    from lmp.worlds import open_world

    with open_world(scene, seed=seed, robot=robot) as world:
        episode = Agent(world, planner).plan(instruction)
    return answer(episode, as_json)
