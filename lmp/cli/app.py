"""The command-line application that the commands register with."""

from __future__ import annotations

import typer

app = typer.Typer(
    name="lmp",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="From a sentence to a checked robot motion.",
)
