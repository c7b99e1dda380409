"""Lists of runs, as a person sees them in the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from lmp.cli.display import console, show_table
from lmp.cli.display_text import Ink
from lmp.record.check import Findings
from lmp.record.overview import RunSummary

COLUMNS = ("name", "begun", "state", "outcome", "verified", "seconds", "size", "instruction")


def show_runs(runs: Sequence[RunSummary]) -> None:
    """A line a run."""
    if not runs:
        _say("There are no runs.")
        return
    show_table([_row(run) for run in runs], COLUMNS, console())


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
    """What was removed, or would be."""
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
    verified = "yes" if run.verified else "no"
    seconds = f"{run.seconds:.1f}"
    begun = run.begun[:19].replace("T", " ")
    words = run.instruction or ""
    return run.path.name, begun, run.state, run.outcome or "", verified, seconds, size_words(run.size), words


def _say(words: str) -> None:
    out = console()
    out.print(Ink(out).text(words), soft_wrap=True)
