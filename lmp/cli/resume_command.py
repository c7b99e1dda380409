"""`lmp resume`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lmp.cli.answers import answer, asking, listening, stopped
from lmp.cli.run_command import AskPerson, Json
from lmp.uninterrupted import uninterrupted


def resume(
    run: Annotated[Path, typer.Argument(help="A run folder, or the name of one below runs/.")],
    ask: AskPerson = False,
    as_json: Json = False,
) -> int:
    """Go on with a run that was cut off: restore its world, perceive, plan what is left; no motion is repeated."""
    try:
        with uninterrupted():
            from lmp.runtime.agent import resume as resume_run
            from lmp.runtime.carrying_out import Interrupted
        by_name = Path("runs") / run
        with listening(as_json) as listener:
            try:
                episode = resume_run(
                    by_name if not run.exists() and by_name.is_dir() else run, listener=listener, ask=asking(listener, ask)
                )
            except Interrupted as interruption:
                episode = interruption.episode
    except KeyboardInterrupt:
        return stopped(as_json)
    return answer(episode, as_json)
