"""A soak in the terminal: a bar while it runs, tables at its end."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from lmp.cli.display import console
from lmp.lab.drills.soak_result import SoakSummary, TurnResult


class SoakProgress:
    """A progress bar on standard error."""

    def __init__(self, minutes: float, silent: bool = False):
        columns = (BarColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
        self._bar = Progress(
            *columns, console=Console(file=sys.stderr, markup=False), disable=silent or not sys.stderr.isatty()
        )
        self._task = self._bar.add_task("", total=60.0 * minutes)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bar.stop()

    def turn(self, result: TurnResult) -> None:
        """One more turn has ended."""
        words = f"{result.index + 1} turns, {result.pulse.memory:.0f} MiB, {result.pulse.handles} handles"
        self._bar.update(self._task, completed=result.pulse.since, description=words)


def show_soak(summary: SoakSummary) -> None:
    """Prints what was done, and what grew."""
    out = console()
    done = _table("", "")
    for row in _rows(summary):
        done.add_row(*row)
    out.print(done)
    out.print()
    grown = _table("held after a turn", "first", "last", "most", "adds a day", "95 %", "may add", "")
    for one in summary.growth:
        interval = f"{one.low:+.1f} .. {one.high:+.1f}"
        told = {"flat": "flat", "grows": "GROWS", "cannot tell": "too early"}[one.verdict]
        numbers = (f"{one.first:.1f}", f"{one.last:.1f}", f"{one.most:.1f}", f"{one.slope:+.1f}", interval, f"{one.limit:g}")
        grown.add_row(f"{one.quantity} [MiB]" if one.unit == "MiB" else one.quantity, *numbers, told)
    out.print(grown)
    if summary.growth:
        out.print(f"{summary.growth[0].samples} samples after the warm-up; Theil-Sen slopes with Sen's interval")
    if summary.results:
        out.print(f"every turn is in {summary.results}", soft_wrap=True)
    if not summary.complete:
        out.print("stopped before its end")


def _rows(summary: SoakSummary) -> list[tuple[str, str]]:
    success = f"{summary.successes}/{summary.possible} ({summary.success_low:.0%}-{summary.success_high:.0%})"
    rows = [
        ("turns", f"{summary.turns} in {summary.seconds / 60.0:.1f} min, {summary.skipped} with nothing to do"),
        ("truly done, of what can be done", success),
        ("rightly refused, of what cannot", f"{summary.right_refusals}/{summary.to_refuse}"),
        ("false successes", str(summary.false_successes)),
        ("disturbed", str(summary.disturbed)),
        ("killed, gone on with", f"{summary.kills}, {summary.resumed}"),
        ("broken records", str(summary.broken_records)),
        ("faults", str(summary.faults)),
        ("most memory at any time", f"{summary.peak:.0f} MiB"),
        ("ended", ", ".join(f"{name} {count}" for name, count in summary.endings.items()) or "none"),
    ]
    return rows + [("complaint", f"{count} x {words}") for words, count in summary.complaints.items()]


def _table(*columns: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, show_header=any(columns))
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place == 0 or len(columns) == 2 else "right", overflow="fold")
    return table
