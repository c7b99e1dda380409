"""The compile path against its peers: one table of ratios, all measured in one run on one thread.

Run: make bench (installs the peers, several gigabytes, into an environment of their own; takes minutes)
     .venv-bench/bin/python benchmarks/bench.py rollout timing (only these files of rows; writes nothing)
You see: one line a work with what is reached and what is wanted; the exit status is 1 if a line falls short. A whole run also
     writes the table into README.md and docs/compile_path.md, and draws docs/images/compile_cost.png (costs.py).
"""

from __future__ import annotations

import argparse
import os
import sys

os.environ["OMP_NUM_THREADS"] = "1"  # before numpy is loaded
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["MKL_NUM_THREADS"] = "1"

import gc
import importlib
import pkgutil
from collections.abc import Iterable

import rows
import table
from rows.row import Row

from lmp.sims.pybullet.engine import silence

READ = ("exactness", "rollout", "inverse_kinematics", "timing", "collision", "compile", "retarget", "following")
"""Files of rows in the order of the table, which is that of the motion."""
QUIET = ("exactness", "retarget", "following", "collision", "inverse_kinematics", "timing", "compile", "rollout")
"""In the order of measuring: works whose slowest calls count go before those that fill the memory and load large libraries."""
NO_ROWS = ("row", "stopwatch")


def main() -> int:
    """Measure, print, and say by the exit status whether every target is met."""
    there = [module.name for module in pkgutil.iter_modules(rows.__path__) if module.name not in NO_ROWS]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="*", choices=[[], *there], help="files of rows; all without a name")
    only = parser.parse_args().only
    measured = {name: printed(name) for name in in_order(only or there, QUIET)}
    lines = [row for name in in_order(measured, READ) for row in measured[name]]
    short = [row for row in lines if not row.met]
    print(f"{len(lines) - len(short)} of {len(lines)} targets met" + "".join(f"\nshort: {row.work}" for row in short))
    if not only:
        import costs

        table.write(lines)
        costs.main()
    return 1 if short else 0


def printed(name: str) -> list[Row]:
    """The rows of a file, each said as soon as the file is done."""
    gc.collect()
    with silence():
        found: list[Row] = importlib.import_module(f"rows.{name}").measure()
    for row in found:
        print(table.line(row), flush=True)
    return found


def in_order(names: Iterable[str], order: tuple[str, ...]) -> list[str]:
    """Names in an order; those that it does not know come last."""
    return sorted(names, key=lambda name: (order.index(name) if name in order else len(order), name))


if __name__ == "__main__":
    sys.exit(main())
