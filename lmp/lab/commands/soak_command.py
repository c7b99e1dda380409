"""`lmp soak`: hours of mixed work with disturbances and kills, and what they leave."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lmp.cli.exit_status import FAILED, INTERRUPTED, SUCCEEDED
from lmp.cli.run_command import Json
from lmp.cli.standard_output import write_answer


def soak(
    minutes: Annotated[float, typer.Option("--minutes", min=0.0, max=1e5, help="How long.")],
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**32 - 1, help="Seed of everything that is drawn.")] = 0,
    world: Annotated[str | None, typer.Option("--world", help="Only in this world: an address (see `lmp worlds`).")] = None,
    results: Annotated[Path | None, typer.Option("--results", help="Keep every turn here (JSON lines).")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Keep the run folders in this folder.")] = None,
    as_json: Json = False,
) -> int:
    """Run mixed instructions with disturbances and kills; success, and whether memory, handles and threads stay flat."""
    from lmp.lab.commands.soak_display import SoakProgress, show_soak
    from lmp.lab.drills.soaking import soak as run_soak
    from lmp.lab.drills.turn import WORLDS
    from lmp.runtime.worlds import check_world

    if world is not None:
        check_world(world)
    with SoakProgress(minutes, silent=as_json) as progress:
        summary = run_soak(
            minutes, seed=seed, worlds=WORLDS if world is None else (world,), results=results, out=out, on_turn=progress.turn
        )
    if as_json:
        write_answer(summary.model_dump_json())
    else:
        show_soak(summary)
    if not summary.complete:
        return INTERRUPTED
    sound = summary.flat and not (summary.faults or summary.false_successes or summary.broken_records)
    return SUCCEEDED if sound else FAILED
