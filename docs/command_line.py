"""The whole command line as one application, of which the page `docs/cli.md` is written."""

from __future__ import annotations

from lmp.cli.commands import command_line

app = command_line(["--help"])
