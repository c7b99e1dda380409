"""The findings of a soak: each turn as a line of JSON, and the table at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Annotated

from pydantic import Field

from lmp.lab.drills.errand import Answer
from lmp.lab.drills.growth import Growth, growth
from lmp.lab.drills.pulse import Pulse
from lmp.lab.drills.turn import Turn
from lmp.lab.evaluate.result import REFUSALS
from lmp.lab.evaluate.wilson import wilson_interval
from lmp.schema.base import Model, Text
from lmp.schema.outcome import Outcome

WARM_UP = 0.2
"""Share of the turns, at the beginning, whose samples are left out: parts are loaded and caches filled then."""
MEMORY_LIMIT = 256.0
"""What a day may add to the memory [MiB]."""
BROKE = (Outcome.ROBOT_FAILED, Outcome.PLANNER_FAILED, Outcome.RECORD_FAILED, Outcome.WRONG_USE, Outcome.UNFINISHED)
"""Ends that are neither a success nor a refusal nor a failure that was understood."""

Count = Annotated[int, Field(ge=0)]


class Told(Model):
    """The end of a turn, as it is told.

    Attributes:
        complaint: An error of this library that ended it.
        fault: What broke that is not an error of this library.
        broken: What is wrong with its record.
    """

    answer: Answer | None = None
    complaint: Text | None = None
    fault: Text | None = None
    killed: bool = False
    resumed: bool = False
    broken: tuple[Text, ...] = ()


class TurnResult(Model):
    """A turn, how it went, and what the process held after it."""

    index: Count = Field(description="number of the turn [count]")
    turn: Turn
    told: Told
    pulse: Pulse


class SoakSummary(Model):
    """The table.

    Attributes:
        complete: False if Ctrl-C ended it.
        flat: Whether nothing grew.
        results: The file that holds every turn.
    """

    seconds: Annotated[float, Field(ge=0.0, description="wall time [s]")]
    turns: Count = Field(description="turns [count]")
    skipped: Count = Field(description="turns whose seed has no such task [count]")
    possible: Count = Field(description="errands that can be done [count]")
    successes: Count = Field(description="of those, truly done [count]")
    success_low: Annotated[float, Field(ge=0.0, le=1.0)] = Field(description="lower end of its Wilson interval [dimensionless]")
    success_high: Annotated[float, Field(ge=0.0, le=1.0)] = Field(description="upper end [dimensionless]")
    to_refuse: Count = Field(description="errands that cannot be done: refused sentences, stolen objects [count]")
    right_refusals: Count = Field(description="of those, ended without success and with the reason [count]")
    false_successes: Count = Field(description="verified and not true [count]")
    disturbed: Count = Field(description="errands in which the disturbance struck [count]")
    kills: Count = Field(description="processes that were killed [count]")
    resumed: Count = Field(description="of those, gone on with; the others had not begun [count]")
    broken_records: Count = Field(description="records with something wrong [count]")
    faults: Count = Field(description="errors that are not this library's own [count]")
    complaints: dict[str, int] = Field(description="errors of this library that ended a turn, by their words [count]")
    peak: Annotated[float, Field(ge=0.0)] = Field(description="most resident memory at any time [MiB]")
    endings: dict[str, int] = Field(description="errands by how they ended [count]")
    growth: tuple[Growth, ...]
    flat: bool
    complete: bool = True
    results: Text | None = None


def summarize(results: Sequence[TurnResult], seconds: float, complete: bool = True, path: str | None = None) -> SoakSummary:
    """The table of a soak."""
    told = [result.told for result in results]
    ran = [(result, answer) for result in results if (answer := result.told.answer) is not None and answer.skipped is None]
    hopeless = [answer for result, answer in ran if is_hopeless(result.turn, answer)]
    possible = [answer for result, answer in ran if not is_hopeless(result.turn, answer)]
    successes = sum(answer.success for answer in possible)
    low, high = wilson_interval(successes, len(possible))
    grown = _growth(results)
    return SoakSummary(
        seconds=seconds,
        turns=len(results),
        skipped=sum(one.answer is not None and one.answer.skipped is not None for one in told),
        possible=len(possible),
        successes=successes,
        success_low=low,
        success_high=high,
        to_refuse=len(hopeless),
        right_refusals=sum(_refused_rightly(answer) for answer in hopeless),
        false_successes=sum(answer.false_success for _, answer in ran),
        disturbed=sum(answer.struck for _, answer in ran),
        kills=sum(one.killed for one in told),
        resumed=sum(one.resumed for one in told),
        broken_records=sum(bool(one.broken) for one in told),
        faults=sum(one.fault is not None for one in told),
        complaints=dict(Counter(one.complaint[:200] for one in told if one.complaint is not None)),
        peak=max((result.pulse.peak for result in results), default=0.0),
        endings=dict(Counter(str(answer.outcome) for _, answer in ran).most_common()),
        growth=grown,
        flat=all(one.verdict == "flat" for one in grown),
        complete=complete,
        results=path,
    )


def is_hopeless(turn: Turn, answer: Answer) -> bool:
    """True if nobody could have done it: the sentence asks for what is not there, or what is wanted was stolen."""
    stolen = turn.errand.disturb is not None and turn.errand.disturb.startswith("steal") and answer.struck
    return turn.refused or (stolen and not answer.success)


def _refused_rightly(answer: Answer) -> bool:
    said = answer.outcome in REFUSALS or (answer.struck and answer.outcome not in BROKE)
    return said and not answer.verified and bool(answer.error)


QUANTITIES: dict[str, tuple[str, Callable[[Pulse], float], float]] = {
    "memory": ("MiB", lambda pulse: pulse.memory, MEMORY_LIMIT),
    "file handles": ("count", lambda pulse: pulse.handles, 0.0),
    "threads": ("count", lambda pulse: pulse.threads, 0.0),
    "child processes": ("count", lambda pulse: pulse.children, 0.0),
    "PyBullet clients": ("count", lambda pulse: pulse.clients, 0.0),
    "figures": ("count", lambda pulse: pulse.figures, 0.0),
    "claimed run folders": ("count", lambda pulse: pulse.locks, 0.0),
    "temporary files": ("count", lambda pulse: pulse.left, 0.0),
}
"""What is sampled: its unit, where, and what a day may add to it."""


def _growth(results: Sequence[TurnResult]) -> tuple[Growth, ...]:
    pulses = [result.pulse for result in results][int(WARM_UP * len(results)) :]
    times = [pulse.since for pulse in pulses]
    return tuple(
        growth(name, unit, times, [read(pulse) for pulse in pulses], limit) for name, (unit, read, limit) in QUANTITIES.items()
    )
