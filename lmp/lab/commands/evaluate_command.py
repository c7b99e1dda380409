"""`lmp evaluate`: many episodes and what they come to."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lmp.cli.exit_status import FAILED, INTERRUPTED, REFUSED, SUCCEEDED
from lmp.cli.options import BaseUrl, OneCall, Prompts, asked_for, with_model
from lmp.cli.run_command import Address, Json, PlannerName, RobotName, SettingsFile
from lmp.cli.standard_output import check_written, write_answer
from lmp.errors import SetupFault
from lmp.lab.commands.disturb_option import DisturbAll

if TYPE_CHECKING:  # Evaluations are loaded only where one is asked for.
    from lmp.lab.evaluate.summary import Summary

SHARED = ("world", "robot", "planner", "disturb", "model")
"""Settings of a run that an evaluation has, too."""

MISSING = "Missing option '--instructions': this world has no task of its own; try --instructions tasks."
MAX_SEEDS = 100_000

Instructions = Annotated[
    str | None,
    typer.Option(
        "--instructions",
        help='File of instructions (.txt, .jsonl), task file (.toml), task name, or "tasks"; left out for the task that a '
        "world brings itself.",
    ),
]
SabotageKind = Annotated[
    str | None,
    typer.Option("--sabotage", help="Spoil the world before verifying: move, lift, tip, take_away, turn, nudge, slide or any."),
]


def evaluate(
    context: typer.Context,
    instructions: Instructions = None,
    seeds: Annotated[str, typer.Option("--seeds", help="One seed, or FIRST:END without the end.")] = "0:25",
    workers: Annotated[int, typer.Option("--workers", min=1, max=256, help="Processes.")] = 1,
    world: Address = "tabletop",
    robot: RobotName = None,
    planner: PlannerName = "scripted",
    disturb: DisturbAll = None,
    sabotage: SabotageKind = None,
    results: Annotated[
        Path | None, typer.Option("--results", help="Keep every episode here (JSON lines); go on from it.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Keep the run folders below this folder.")] = None,
    settings: SettingsFile = None,
    base_url: BaseUrl = None,
    one_call: OneCall = False,
    prompts: Prompts = None,
    as_json: Json = False,
) -> int:
    """Run instructions or tasks with many seeds, in parallel, and judge them by the truth of their tasks.

    Exit status 1 if a part broke in an episode; 2 if every episode broke or was skipped for one and the same reason.
    """
    from lmp.lab.commands.evaluate_display import EvaluationProgress, complain_if_nothing_ran, show_summary
    from lmp.lab.evaluate import evaluate as run_evaluation

    _, options = asked_for(
        context, instructions, settings, None, MISSING, world=world, robot=robot, planner=planner, disturb=disturb
    )
    options = with_model(options, base_url, one_call, prompts)
    with EvaluationProgress(silent=as_json) as progress:
        summary = run_evaluation(
            instructions,
            parse_seeds(seeds),
            workers=workers,
            **{name: options[name] for name in SHARED if name in options},
            sabotage=sabotage,
            results=results or Path("runs") / f"evaluation-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.jsonl",
            out=out,
            on_result=progress.result,
        )
    if as_json:
        write_answer(summary.model_dump_json())
    else:
        show_summary(summary)
    complain_if_nothing_ran(summary)
    check_written(f"Every episode is in {summary.results}")
    return evaluation_status(summary)


def parse_seeds(text: str) -> range:
    """The seeds of ``7`` or ``0:25``.

    Raises:
        SetupFault: It is neither, or names none or too many.
    """
    first, colon, end = text.partition(":")
    numbers = [part.strip() for part in ((first, end) if colon else (first,))]
    if not all(number.isascii() and number.isdecimal() and len(number) <= 10 for number in numbers):
        raise SetupFault(f"--seeds takes one seed such as 7 or a range such as 0:25, got {text!r}.")
    begin = int(numbers[0])
    found = range(begin, int(numbers[1]) if colon else begin + 1)
    if not 0 < len(found) <= MAX_SEEDS or found[-1] > 2**32 - 1:
        raise SetupFault(
            f"--seeds has to name 1 to {MAX_SEEDS} seeds below 2^32, got {text!r}, which names {max(0, len(found))}."
        )
    return found


def evaluation_status(summary: Summary) -> int:
    """The status that tells how an evaluation ended, whatever the share of its successes.

    0: episodes ran, and none broke. 1: a part broke in some. 2: no episode ran, all for the same reason. 130: stopped.
    """
    if not summary.complete:
        return INTERRUPTED
    if summary.total.only_reason is not None:
        return REFUSED
    return FAILED if summary.total.faults else SUCCEEDED
