"""The sums over many episodes: success with its interval, false success, refusals, time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Annotated

import numpy as np
from pydantic import Field

from lmp.lab.evaluate.disturbed import DisturbedRow, disturbed_rows
from lmp.lab.evaluate.result import Result
from lmp.lab.evaluate.wilson import wilson_interval
from lmp.schema.base import Model, Text

Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]


class Row(Model):
    """The figures of one instruction or task, or of all."""

    label: Text
    episodes: Count = Field(description="episodes that ran [count]")
    successes: Count = Field(description="episodes in which what was asked is true [count]")
    success_rate: Share | None = Field(description="their share of those that were judged or broke [dimensionless]")
    success_low: Share = Field(description="lower end of its 95 % Wilson interval [dimensionless]")
    success_high: Share = Field(description="upper end of its 95 % Wilson interval [dimensionless]")
    judged: Count = Field(description="episodes whose truth is known [count]")
    verified: Count = Field(description="episodes that ended verified [count]")
    false_successes: Count = Field(description="verified and not true [count]")
    missed_successes: Count = Field(description="true and not verified [count]")
    moved: Count = Field(description="episodes that were not refused [count]")
    disturbed: Count = Field(description="episodes that were disturbed or spoilt [count]")
    refusals: dict[str, int] = Field(description="refused episodes by reason [count]")
    failures: dict[str, int] = Field(description="other unverified episodes by outcome [count]")
    replans: Annotated[float, Field(ge=0.0)] = Field(
        description="times that the plan was repaired or made again, mean over episodes [count]"
    )
    seconds: Annotated[float, Field(ge=0.0)] = Field(description="wall time of an episode, median [s]")
    seconds_p95: Annotated[float, Field(ge=0.0)] = Field(description="its 95th percentile [s]")
    skipped: dict[str, int] = Field(description="seeds without an episode by reason [count]")
    done_before: Share = Field(description="share of seeds where the task was done already [dimensionless]")
    faults: Count = Field(description="episodes in which a part broke [count]")
    broken: dict[str, int] = Field(description="these episodes by what broke [count]")

    @property
    def ran(self) -> int:
        """Number of episodes that came to an end of their own."""
        return self.episodes - self.faults

    @property
    def only_reason(self) -> str | None:
        """The reason why no episode ran, where all broke or were skipped for the same one; None otherwise."""
        reasons = [*self.broken, *self.skipped]
        return reasons[0] if not self.ran and len(reasons) == 1 else None


class Summary(Model):
    """A row for each instruction or task and one for all.

    Attributes:
        disturbed: A row for each kind of disturbance.
        complete: False if the evaluation was stopped before its end.
        results: The file that holds every episode.
    """

    total: Row
    rows: tuple[Row, ...]
    disturbed: tuple[DisturbedRow, ...] = ()
    timings: dict[str, float] = Field(description="share of the wall time by stage [dimensionless]")
    complete: bool = True
    results: Text | None = None


def summarize(results: Iterable[Result], *, complete: bool = True, path: str | None = None) -> Summary:
    """The figures of an evaluation."""
    results = list(results)
    labels = list(dict.fromkeys(result.label for result in results))
    rows = tuple(_row(label, [result for result in results if result.label == label]) for label in labels)
    return Summary(
        total=_row("all", results),
        rows=rows,
        disturbed=disturbed_rows(results),
        timings=_timings(results),
        complete=complete,
        results=path,
    )


def _row(label: str, results: list[Result]) -> Row:
    ran = [result for result in results if result.ran]
    skipped = Counter(result.skipped for result in results if result.skipped is not None)
    broken = Counter(result.fault for result in results if result.fault is not None)
    faults = broken.total()
    successes = sum(result.success for result in ran)
    judged = sum(result.truth is not None for result in ran)
    counted = judged + faults
    low, high = wilson_interval(successes, counted)
    refused = [result for result in ran if result.refused]
    failed = [result for result in ran if not result.refused and not result.verified]
    seconds = [result.seconds for result in ran]
    return Row(
        label=label,
        episodes=len(ran) + faults,
        successes=successes,
        success_rate=successes / counted if counted else None,
        success_low=low,
        success_high=high,
        judged=judged,
        verified=sum(result.verified for result in ran),
        false_successes=sum(result.false_success for result in ran),
        missed_successes=sum(result.missed_success for result in ran),
        moved=len(ran) - len(refused),
        disturbed=sum(bool(result.disturbed or result.spoilt) for result in ran),
        refusals=dict(Counter(str(result.outcome) for result in refused)),
        failures=dict(Counter(str(result.outcome) for result in failed)),
        replans=float(np.mean([result.replans for result in ran])) if ran else 0.0,
        seconds=float(np.median(seconds)) if seconds else 0.0,
        seconds_p95=float(np.percentile(seconds, 95)) if seconds else 0.0,
        skipped={str(reason): count for reason, count in skipped.items()},
        done_before=skipped["it is done already"] / len(results) if results else 0.0,
        faults=faults,
        broken={str(reason): count for reason, count in broken.items()},
    )


def _timings(results: list[Result]) -> dict[str, float]:
    spent: Counter[str] = Counter()
    for result in results:
        spent.update(result.timings)
    total = sum(result.seconds for result in results)
    return {stage: seconds / total for stage, seconds in spent.items()} if total else {}
