"""The table of the kill drills: a row for each stage, beside the same errands in peace."""

from __future__ import annotations

from collections.abc import Sequence

from lmp.lab.drills.deaths import STAGES
from lmp.lab.drills.drill import Drill
from lmp.lab.evaluate.wilson import wilson_interval

HEAD = (
    *("killed in", "runs", "kills", "records whole", "gone on with", "not begun", "motions cut", "planned alike", "done twice"),
    *("truly done", "95 %", "false"),
)


def drill_table(drills: Sequence[Drill]) -> str:
    """The table in Markdown."""
    rows = [row_of(name, [one for one in drills if one.stage == name]) for name in ("none", *STAGES)]
    killed = [one for one in drills if one.stage != "none"]
    rows.append(row_of("all", killed))
    lines = ["| " + " | ".join(HEAD) + " |", "|" + "---|" * len(HEAD)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows if row is not None])


def row_of(name: str, drills: Sequence[Drill]) -> tuple[str, ...] | None:
    """One row; None if there was no such drill."""
    if not drills:
        return None
    told = [one.told for one in drills if one.told is not None]
    done = sum(answer.success for answer in told)
    low, high = wilson_interval(done, len(drills))
    kills = sum(one.kills for one in drills)
    return (
        name,
        str(len(drills)),
        str(kills),
        f"{sum(one.readable for one in drills)}/{kills}",
        str(sum(one.resumed for one in drills)),
        str(sum(one.unbegun for one in drills)),
        str(sum(one.cut for one in drills)),
        str(sum(one.alike for one in drills)),
        str(sum(one.repeated for one in drills)),
        f"{done}/{len(drills)}",
        f"{low:.0%}-{high:.0%}",
        str(sum(answer.false_success for answer in told)),
    )
