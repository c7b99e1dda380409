"""The table of disturbances at the end of an evaluation."""

from __future__ import annotations

from rich.table import Table

from lmp.cli.display import console
from lmp.lab.evaluate.disturbed import DisturbedRow

COLUMNS = ("disturbance", "struck", "success", "95 %", "refused rightly", "false", "over limit", "else ended")


def show_disturbed(rows: tuple[DisturbedRow, ...]) -> None:
    """Prints a row for each kind."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in COLUMNS:
        words = column in (COLUMNS[0], COLUMNS[-1])
        table.add_column(column, justify="left" if words else "right", overflow="fold", no_wrap=column == COLUMNS[0])
    for row in rows:
        ends = {**row.failures} | ({"broke": row.faults} if row.faults else {})
        table.add_row(
            row.kind,
            f"{row.struck}/{row.episodes}",
            f"{row.successes}/{row.reachable}",
            f"{row.success_low:.0%}-{row.success_high:.0%}",
            f"{row.right_refusals}/{row.unreachable}",
            str(row.false_successes),
            str(row.over_limit),
            ", ".join(f"{name} {count}" for name, count in ends.items()) or "none",
        )
    out = console()
    out.print(table)
    out.print(
        "struck: of all episodes; success: verified and true, of those that it struck and that could still be done; "
        "refused rightly: of those that could not"
    )
