"""`lmp run` and `lmp plan`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lmp.cli.answers import answer, asking, listening, stopped
from lmp.cli.commands import Further, unchanged
from lmp.cli.exit_status import SUCCEEDED
from lmp.cli.options import OF_A_PLAN, BaseUrl, OneCall, Prompts, asked_for, with_model
from lmp.cli.standard_output import write_answer
from lmp.uninterrupted import uninterrupted

Instruction = Annotated[str, typer.Argument(help="What to do, in English.")]
Address = Annotated[
    str,
    typer.Option("--world", help="Address of a world (see `lmp worlds`): a scene's name or file, kinematic:tabletop, ..."),
]
RobotName = Annotated[
    str | None,
    typer.Option("--robot", help="Name of a robot (see `lmp robots`), or a robot file; the world's own, or panda, by default."),
]
PlannerName = Annotated[str, typer.Option("--planner", help="Name of a planner (see `lmp planners`).")]
Seed = Annotated[int, typer.Option("--seed", min=0, max=2**32 - 1, help="Seed of the world, such as of its objects' places.")]
SettingsFile = Annotated[
    Path | None, typer.Option("--settings", help="A file (TOML or JSON) of options; the command line goes before it.")
]
Choose = Annotated[
    str,
    typer.Option(
        "--choose", metavar="CHOOSER", help="Which proposal is taken: first, best-margin, ... with settings: first:most=4."
    ),
]
Gates = Annotated[
    list[str],
    typer.Option(
        "--gate", metavar="GATE", help="Whether a motion may begin; may be said again: approval, margin:clearance=0.01, ..."
    ),
]
AskPerson = Annotated[
    bool, typer.Option("--ask", help="Ask here where a gate asks, or a person could help, instead of stopping.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else on standard output.")]


def run(
    context: typer.Context,
    instruction: Annotated[
        str | None, typer.Argument(help="What to do, in English; left out with --plan, or for a world's own task.")
    ] = None,
    world: Address = "tabletop",
    robot: RobotName = None,
    planner: PlannerName = "scripted",
    seed: Seed = 0,
    out: Annotated[Path | None, typer.Option("--out", help="The run folder; by default a new one below runs/.")] = None,
    gui: Annotated[bool, typer.Option("--gui", help="Show the simulator's window.")] = False,
    plan_file: Annotated[
        Path | None, typer.Option("--plan", help="Carry out the plan in this file, as `lmp plan --save` writes it.")
    ] = None,
    settings: SettingsFile = None,
    base_url: BaseUrl = None,
    one_call: OneCall = False,
    prompts: Prompts = None,
    choose: Choose = "first",
    gate: Gates = [],  # noqa: B006
    ask: AskPerson = False,
    as_json: Json = False,
    further: Further = unchanged,
) -> int:
    """Carry out an instruction: plan, check, move, verify, replan."""
    instruction, options = asked_for(
        context, instruction, settings, plan_file,
        world=world, robot=robot, planner=planner, seed=seed, gui=gui, choose=choose, gates=gate,
    )  # fmt: skip
    options = further(with_model(options, base_url, one_call, prompts))
    try:
        with uninterrupted():
            from lmp import registry
            from lmp.runtime.agent import run as run_episode
            from lmp.runtime.carrying_out import Interrupted
            from lmp.runtime.worlds import check_world

            check_world(options["world"])
            registry.load_parts(options["planner"])
            registry.check_deciding(options["choose"], options["gates"])
        with listening(as_json) as listener:
            try:
                episode = run_episode(instruction, out=out, listener=listener, ask=asking(listener, ask), **options)
            except Interrupted as interruption:
                episode = interruption.episode
    except KeyboardInterrupt:
        return stopped(as_json, instruction=instruction, **{name: options[name] for name in OF_A_PLAN})
    return answer(episode, as_json)


def plan(
    context: typer.Context,
    instruction: Instruction,
    world: Address = "tabletop",
    robot: RobotName = None,
    planner: PlannerName = "scripted",
    seed: Seed = 0,
    save: Annotated[Path | None, typer.Option("--save", help="Write the plan to this JSON file, for `lmp run --plan`.")] = None,
    show: Annotated[str | None, typer.Option("--show", help='"prompt" prints what a model would be sent; nothing is.')] = None,
    settings: SettingsFile = None,
    base_url: BaseUrl = None,
    one_call: OneCall = False,
    prompts: Prompts = None,
    as_json: Json = False,
) -> int:
    """Show subgoals, reasoning, primitives and verdicts; nothing moves."""
    from lmp.cli.saved_plan import PlanKeeper
    from lmp.cli.shown_prompt import shown_prompt
    from lmp.runtime.agent import Agent
    from lmp.runtime.worlds import closing, open_world

    _, options = asked_for(context, instruction, settings, None, world=world, robot=robot, planner=planner, seed=seed)
    options = with_model(options, base_url, one_call, prompts)
    asked, model = {name: options[name] for name in OF_A_PLAN}, options.get("model")
    planner, keeper = asked.pop("planner"), PlanKeeper()
    with closing(open_world(asked["world"], seed=asked["seed"], robot=asked["robot"])) as opened:
        agent = Agent(opened, planner, model=model, listener=keeper)
        if show is not None:
            shown = shown_prompt(show, agent, instruction, as_json)
        else:
            episode = agent.plan(instruction)
    if show is not None:
        if shown:
            write_answer(shown)
        return SUCCEEDED
    if save is not None:
        keeper.save(save, instruction, **asked)
    return answer(episode, as_json)
