"""An evaluation in the terminal: a bar while it runs, a table at its end."""

from __future__ import annotations

import sys
from contextlib import suppress
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from lmp.cli.display import console
from lmp.cli.printable import printable
from lmp.lab.commands.disturbed_display import show_disturbed
from lmp.lab.evaluate.result import Result
from lmp.lab.evaluate.summary import Row, Summary


class EvaluationProgress:
    """A progress bar on standard error; says each failure as it comes."""

    def __init__(self, silent: bool = False):
        columns = (
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.description}"),
        )
        self._bar = Progress(
            *columns, console=Console(file=sys.stderr, markup=False), disable=silent or not sys.stderr.isatty()
        )
        self._task = self._bar.add_task("", total=None)
        self._failures = 0

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bar.stop()

    def result(self, result: Result, done: int, total: int) -> None:
        """One more episode has ended."""
        self._failures += result.ran and not (result.verified if result.truth is None else result.success)
        self._bar.update(self._task, completed=done, total=total, description=f"{self._failures} without success")


def show_summary(summary: Summary) -> None:
    """Prints the table."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("task", "success", "95 %", "verified", "no-op", "false", "replans", "refused or failed", "s", "skipped"):
        words = column in ("task", "refused or failed")
        table.add_column(column, justify="left" if words else "right", overflow="fold", no_wrap=not words)
    rows = summary.rows if len(summary.rows) == 1 else (*summary.rows, summary.total)
    for row in rows:
        table.add_row(*_cells(row))
    out = console()
    out.print(table)
    out.print("success: true in the end, of those that were judged, with its 95 % Wilson interval; verified: by the run itself")
    out.print("false: verified and not true; s: median wall time")
    if summary.disturbed:
        show_disturbed(summary.disturbed)
    shares = sorted(summary.timings.items(), key=lambda item: -item[1])
    if shares:
        out.print("share of the time: " + ", ".join(f"{stage} {share:.0%}" for stage, share in shares))
    for word, reasons in (("broke", summary.total.broken), ("skipped", summary.total.skipped)):
        for reason, count in reasons.items():
            out.print(f"{word} {count}: {printable(reason)}", soft_wrap=True)
    if summary.results:
        out.print(f"every episode is in {summary.results}", soft_wrap=True)
    if not summary.complete:
        out.print("stopped before its end; the same command with the same --results goes on")


def complain_if_nothing_ran(summary: Summary) -> None:
    """Says on standard error why no episode ran, if all broke or were skipped for the same reason."""
    total = summary.total
    if summary.complete and total.only_reason is not None:
        what = "broke" if total.faults else "was skipped"
        with suppress(OSError, AttributeError):
            sys.stderr.write(f"lmp: Nothing was evaluated, every episode {what}: {printable(total.only_reason)}\n")


def _cells(row: Row) -> tuple[str, ...]:
    others = {**row.refusals, **row.failures} | ({"broke": row.faults} if row.faults else {})
    judged = str(row.false_successes) if row.judged else "-"
    return (
        row.label,
        f"{row.successes}/{row.judged + row.faults}" if row.judged or row.faults else "not judged",
        f"{row.success_low:.0%}-{row.success_high:.0%}" if row.judged or row.faults else "-",
        f"{row.verified}/{row.episodes}",
        f"{row.done_before:.0%}" if row.judged else "-",
        judged,
        f"{row.replans:.2f}",
        ", ".join(f"{name} {count}" for name, count in others.items()) or "none",
        f"{row.seconds:.1f}",
        str(sum(row.skipped.values())),
    )
