"""`lmp show`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lmp.cli.answers import answer
from lmp.cli.run_command import Json


def run_at(run: Path) -> Path:
    """The path itself, or the run of that name below runs/."""
    from lmp.record import recognising

    return recognising.run_at(run)


def show(
    run: Annotated[Path, typer.Argument(help="A run folder, or the name of one below runs/.")],
    as_json: Json = False,
) -> int:
    """Show a run again, from its folder; one that has not ended as far as it got."""
    from lmp.record import RunFolder

    folder = RunFolder.open(run_at(run))
    if folder.finished:
        answer(folder.episode(), as_json)
        return 0
    from lmp.cli.retold import retold

    answer(retold(folder), as_json)
    return 0
