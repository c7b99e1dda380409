"""`lmp show`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lmp.cli.answers import answer
from lmp.cli.app import app
from lmp.cli.run_command import Json


@app.command()
def show(
    run: Annotated[Path, typer.Argument(help="A run folder, or the name of one below runs/.")],
    as_json: Json = False,
) -> int:
    """Show a run again, from its folder."""
    from lmp.record import RunFolder

    by_name = Path("runs") / run
    folder = RunFolder.open(by_name if not run.exists() and by_name.is_dir() else run)
    answer(folder.episode(), as_json)
    return 0
