"""Kills real runs in every stage with SIGKILL, takes them up and says what was lost: nothing should be.

    python benchmarks/kill_drills.py --kills 20 --world pybullet --results runs/kill_drills.jsonl

Prints a table in Markdown, and everything that must not be. Called again with the same results it goes on where it was.
"""

from __future__ import annotations

import argparse
import io
import sys
import threading
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from lmp.cli.main import call
from lmp.lab.drills.deaths import STAGES
from lmp.lab.drills.drill import Drill
from lmp.lab.drills.drill_table import drill_table
from lmp.lab.drills.drilling import kill_drills

_output = threading.Lock()


def show(run: Path) -> str:
    """What `lmp show` says is wrong with a run; nothing if it can be shown."""
    words = io.StringIO()
    with _output, redirect_stdout(words), redirect_stderr(words):
        status = call(["show", str(run)])
    return "" if status == 0 else words.getvalue()[-500:]


def tell(found: Drill) -> None:
    """A line for each drill."""
    ended = "not ended" if found.told is None else found.told.skipped or found.told.outcome
    with _output:
        print(f"{found.key}: {found.kills} kills, {ended}", *found.complaints, sep="\n  ", file=sys.stderr, flush=True)


def main() -> int:
    """Runs the drills; status 1 if anything was that must not be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20, help="drills for each stage")
    parser.add_argument("--world", default="pybullet")
    parser.add_argument("--stages", nargs="+", default=list(STAGES), help=", ".join(STAGES))
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--results", type=Path, default=None)
    chosen = parser.parse_args()
    drills = kill_drills(
        chosen.kills,
        world=chosen.world,
        stages=chosen.stages,
        workers=chosen.workers,
        results=chosen.results,
        show=show,
        on_drill=tell,
    )
    print(drill_table(drills))
    complaints = [f"{one.key}: {words}" for one in drills for words in one.complaints]
    print("\n".join(complaints))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
