"""`lmp runs list`, `lmp runs check`, `lmp runs prune`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from lmp.cli.exit_status import FAILED, SUCCEEDED
from lmp.cli.run_command import Json
from lmp.cli.show_command import run_at
from lmp.cli.standard_output import write_answer
from lmp.errors import SetupFault

Folder = Annotated[Path, typer.Argument(help="The folder that the runs are in.")]
RUNS = Path("runs")

GROUP = typer.Typer(help="The runs that were recorded.", no_args_is_help=True, rich_markup_mode=None)


@GROUP.command("list")
def list_runs(folder: Folder = RUNS, as_json: Json = False) -> int:
    """List the runs of a folder, the newest first."""
    from lmp.cli.runs_display import show_runs
    from lmp.record.overview import runs_in

    runs = runs_in(folder)
    if as_json:
        _print([{**vars(run), "path": str(run.path), "name": run.path.name} for run in runs])
    else:
        show_runs(runs)
    return SUCCEEDED


@GROUP.command("check")
def check_runs(
    runs: Annotated[list[Path] | None, typer.Argument(help="Run folders, or names below runs/; all of runs/ if none.")] = None,
    as_json: Json = False,
) -> int:
    """Check records: format, hashes, and that everything which they name can be read. Exit status 1 if one is broken."""
    from lmp.cli.runs_display import show_findings
    from lmp.record.check import check
    from lmp.record.overview import runs_in

    paths = [run_at(run) for run in runs] if runs else [run.path for run in runs_in(RUNS)]
    found = [check(path) for path in paths]
    if as_json:
        _print([{"run": str(one.path), "ok": not one.faults, "faults": one.faults, "notes": one.notes} for one in found])
    else:
        show_findings(found)
    return FAILED if any(one.faults for one in found) else SUCCEEDED


@GROUP.command("prune")
def prune_runs(
    folder: Folder = RUNS,
    keep: Annotated[int | None, typer.Option("--keep", min=0, help="Keep this many of the newest runs.")] = None,
    older_than: Annotated[
        float | None, typer.Option("--older-than", min=0.0, max=36500.0, help="Only runs that began more days ago.")
    ] = None,
    unfinished: Annotated[bool, typer.Option("--unfinished", help="Only runs that were cut off.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Remove them; without it they are only listed.")] = False,
    as_json: Json = False,
) -> int:
    """Remove runs that meet every condition given; without --yes only say which. Never one that is being written."""
    from lmp.cli.runs_display import show_pruned
    from lmp.record.overview import runs_in
    from lmp.record.prune import foreign_files, prunable, remove_run, sweep

    if keep is None and older_than is None and not unfinished:
        raise SetupFault("Say which runs may go: --keep N, --older-than DAYS, --unfinished, or several of them.")
    chosen = prunable(runs_in(folder), keep, older_than, unfinished)
    left = {run.path: words for run in chosen if (words := ", ".join(foreign_files(run.path)))}
    going = [run for run in chosen if run.path not in left]
    if yes:
        sweep(folder)
        for run in going:
            remove_run(run.path)
    if as_json:
        sizes: list[dict[str, Any]] = [{"run": str(run.path), "size": run.size} for run in going]
        _print({"removed": yes, "runs": sizes, "left": {str(path): words for path, words in left.items()}})
    else:
        show_pruned(going, left, yes)
    return SUCCEEDED


def _print(value: object) -> None:
    write_answer(json.dumps(value, ensure_ascii=True))
