"""The compile path against its peers: one table of ratios, all measured in one run on one thread.

Run: make bench (installs the peers, several gigabytes, into an environment of their own)
You see: one line a work with what is reached and what is wanted; the exit status is 1 if a line falls short.
"""

from __future__ import annotations

import argparse
import os
import sys

os.environ["OMP_NUM_THREADS"] = "1"  # before numpy is loaded

import importlib
import pkgutil

import rows
from rows.row import Row


def main() -> int:
    """Measure, print, and say by the exit status whether every target is met."""
    names = [module.name for module in pkgutil.iter_modules(rows.__path__) if module.name not in ("row", "stopwatch")]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", choices=[[], *names], help="files of rows; all without a name")
    only = parser.parse_args().only
    measured: list[Row] = []
    for name in only or names:
        for row in importlib.import_module(f"rows.{name}").measure():
            print(line(row), flush=True)
            measured.append(row)
    short = [row for row in measured if not row.met]
    print(f"{len(measured) - len(short)} of {len(measured)} targets met" + "".join(f"\nshort: {row.work}" for row in short))
    return 1 if short else 0


def line(row: Row) -> str:
    """A row as a line of text."""
    mark = "ok   " if row.met else "SHORT"
    return f"{mark} {row.work}: {row.ours}; {row.peer}: {row.measured:.3g} {row.unit} ({row.sense} {row.target:g})"


if __name__ == "__main__":
    sys.exit(main())
