"""Lists of runs, as a person sees them in the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from lmp.cli.display import console
from lmp.cli.display_text import Ink
from lmp.cli.printable import printable
from lmp.record.check import Findings
from lmp.record.overview import RunSummary

COLUMNS = ("name", "ended", "seconds", "size", "instruction")
LEAST = 12
"""Fewest characters of an instruction that are worth their place; the name of a run begins with its words too [count]."""


def show_runs(runs: Sequence[RunSummary]) -> None:
    """A line a run."""
    if not runs:
        _say("There are no runs.")
        return
    rows = [COLUMNS, *(_row(run) for run in runs)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS) - 1)]
    out = console()
    room = out.width - sum(widths) - 2 * len(widths)
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=True)]
        if not out.is_terminal:
            cells.append(row[-1])  # whoever reads a pipe or a file cuts for themselves
        elif room >= LEAST:
            cells.append(row[-1] if len(row[-1]) <= room else row[-1][: room - 3] + "...")
        _say("  ".join(cells).rstrip())


def show_findings(found: Sequence[Findings]) -> None:
    """A line a record, with what is wrong below it."""
    for one in found:
        _say(f"{'broken' if one.faults else 'fine'}  {one.path}")
        for fault in one.faults:
            _say(f"  fault: {fault}")
        for note in one.notes:
            _say(f"  note: {note}")
    broken = sum(bool(one.faults) for one in found)
    _say(f"{len(found)} record{'s' if len(found) != 1 else ''}, {broken} broken.")


def show_pruned(going: Sequence[RunSummary], left: Mapping[Path, str], removed: bool) -> None:
    """Show what was removed, or would be."""
    for run in going:
        _say(f"{'removed' if removed else 'would remove'}  {run.path}  {size_words(run.size)}")
    for path, words in left.items():
        _say(f"left alone  {path}: it has something in it that the run did not write: {words}")
    total = size_words(sum(run.size for run in going))
    again = "" if removed or not going else " Nothing was changed; add --yes to remove them."
    _say(f"{len(going)} run{'s' if len(going) != 1 else ''}, {total}.{again}")


def size_words(size: int) -> str:
    """A length in bytes for a person."""
    value, unit = float(size), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"


def _row(run: RunSummary) -> tuple[str, ...]:
    ended = (
        f"{run.outcome}{'' if run.verified or run.outcome != 'succeeded' else ', not verified'}" if run.outcome else run.state
    )
    return printable(run.path.name), ended, f"{run.seconds:.1f}", size_words(run.size), printable(run.instruction or "")


def _say(words: str) -> None:
    out = console()
    out.print(Ink(out).text(words), soft_wrap=True)
