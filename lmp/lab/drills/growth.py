"""Judge if something grows: the slope of its samples with an interval, and a stated limit for a day of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import numpy as np
from pydantic import Field
from scipy import stats

from lmp.schema.base import Model, Text

DAY = 86400.0
SAMPLES = 600
"""Samples that the slope is computed from at most: its pairs are compared one by one [count]."""
FEWEST = 12
"""Samples below which nothing is said [count]."""

Verdict = Literal["flat", "grows", "cannot tell"]


class Growth(Model):
    """The course of one quantity.

    Attributes:
        quantity: What was sampled.
        unit: Its unit.
        verdict: Flat if a day at the interval's upper end stays within the limit, growing if one at its lower end does not.
            What may not grow at all grows, too, if there is more of it at last than at first.
    """

    quantity: Text
    unit: Text
    first: float = Field(description="median of the first tenth of the samples [in `unit`]")
    last: float = Field(description="median of the last tenth [in `unit`]")
    most: float = Field(description="largest sample [in `unit`]")
    slope: float = Field(description="Theil-Sen slope, a day [in `unit`]")
    low: float = Field(description="lower end of its 95 % interval, a day [in `unit`]")
    high: float = Field(description="upper end, a day [in `unit`]")
    limit: Annotated[float, Field(ge=0.0)] = Field(description="what a day may add [in `unit`]")
    samples: Annotated[int, Field(ge=0)] = Field(description="samples after the warm-up [count]")
    verdict: Verdict


def growth(quantity: str, unit: str, times: Sequence[float], values: Sequence[float], limit: float) -> Growth:
    """The growth of a quantity.

    The slope is the median of the slopes of all pairs of samples, its interval Sen's, which few outliers do not move:
    P. K. Sen, J. American Statistical Association 63(324), 1968.

    Args:
        quantity: Its name.
        unit: Its unit.
        times: When it was sampled, increasing [s]. Length n.
        values: The samples. Length n.
        limit: What a day may add.
    """
    n = len(values)
    if n < FEWEST:
        value = float(values[-1]) if n else 0.0
        most = float(max(values, default=0.0))
        return Growth(
            quantity=quantity,
            unit=unit,
            first=float(values[0]) if n else 0.0,
            last=value,
            most=most,
            slope=0.0,
            low=0.0,
            high=0.0,
            limit=limit,
            samples=n,
            verdict="cannot tell",
        )
    chosen = np.unique(np.linspace(0, n - 1, min(n, SAMPLES)).astype(int))
    y, x = np.asarray(values, dtype=float)[chosen], np.asarray(times, dtype=float)[chosen]
    slope, _, low, high = (float(value) * DAY for value in stats.theilslopes(y, x, 0.95))
    tenth = max(1, n // 10)
    first, last = float(np.median(values[:tenth])), float(np.median(values[-tenth:]))
    grows = low > limit or (limit == 0.0 and last > first)
    return Growth(
        quantity=quantity,
        unit=unit,
        first=first,
        last=last,
        most=float(max(values)),
        slope=slope,
        low=low,
        high=high,
        limit=limit,
        samples=n,
        verdict="grows" if grows else "flat" if high <= limit else "cannot tell",
    )
