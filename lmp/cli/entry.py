"""The process's first step: the commands are loaded with Ctrl-C held back, so that it never meets half a program."""

from __future__ import annotations

import sys

from lmp.uninterrupted import uninterrupted


def main() -> None:
    """Runs the command of this process's arguments and exits with its status."""
    try:
        with uninterrupted():
            from lmp.cli.answers import stopped
            from lmp.cli.main import main as run
    except KeyboardInterrupt:
        sys.exit(stopped("--json" in sys.argv))
    run()
