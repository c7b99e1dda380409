"""The sums over many disturbed episodes, a row for each kind of disturbance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from lmp.lab.evaluate.result import Result
from lmp.lab.evaluate.wilson import wilson_interval
from lmp.schema.base import Model, Text

Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]


class DisturbedRow(Model):
    """The figures of one kind. An episode in which it never struck counts apart: it says nothing of recovery."""

    kind: Text
    episodes: Count = Field(description="episodes that ran [count]")
    struck: Count = Field(description="episodes in which it struck [count]")
    reachable: Count = Field(description="of those, episodes in which what was asked could still be done [count]")
    successes: Count = Field(description="of those, episodes that ended in verified success that is true [count]")
    success_low: Share = Field(description="lower end of the 95 % Wilson interval of their share [dimensionless]")
    success_high: Share = Field(description="upper end of the 95 % Wilson interval of their share [dimensionless]")
    unreachable: Count = Field(description="episodes in which what was asked could not be done any more [count]")
    right_refusals: Count = Field(description="of those, episodes that ended saying so [count]")
    false_successes: Count = Field(description="verified and not true, struck or not [count]")
    over_limit: Count = Field(description="episodes with a command over a limit of the robot [count]")
    faults: Count = Field(description="episodes in which a part broke; they count as reachable and failed [count]")
    velocity: Annotated[float, Field(ge=0.0)] = Field(description="largest share of a velocity limit [dimensionless]")
    acceleration: Annotated[float, Field(ge=0.0)] = Field(description="largest share of an acceleration limit [dimensionless]")
    failures: dict[str, int] = Field(description="reachable episodes without success, by outcome [count]")
    rules: dict[str, int] = Field(description="how often each response fired, by failure [count]")


def disturbed_rows(results: Iterable[Result]) -> tuple[DisturbedRow, ...]:
    """A row for each kind that the settings name, in the order in which they came."""
    results = [result for result in results if result.settings.disturb is not None and result.skipped is None]
    kinds = list(dict.fromkeys(str(result.settings.disturb) for result in results))
    return tuple(_row(kind, [result for result in results if result.settings.disturb == kind]) for kind in kinds)


def _row(kind: str, results: list[Result]) -> DisturbedRow:
    ran, faults = [result for result in results if result.ran], sum(not result.ran for result in results)
    struck = [result for result in ran if result.disturbed]
    reachable, gone = [[result for result in struck if result.reachable is yes] for yes in (True, False)]
    successes = [result for result in reachable if result.verified and result.truth is not False]
    low, high = wilson_interval(len(successes), len(reachable) + faults)
    failed = Counter(str(result.outcome) for result in reachable if result not in successes)
    return DisturbedRow(
        kind=kind,
        episodes=len(results),
        struck=len(struck),
        reachable=len(reachable) + faults,
        successes=len(successes),
        success_low=low,
        success_high=high,
        unreachable=len(gone),
        right_refusals=sum(result.right_refusal for result in gone),
        false_successes=sum(result.false_success for result in ran),
        over_limit=sum(result.over_limit for result in ran),
        faults=faults,
        velocity=max((result.velocity for result in ran), default=0.0),
        acceleration=max((result.acceleration for result in ran), default=0.0),
        failures=dict(failed),
        rules=dict(Counter(rule for result in ran for rule in result.rules)),
    )
