"""Draws curves of cost: a panel for each thing that there can be more of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullLocator

TARGET = Path(__file__).parents[1] / "docs" / "images" / "compile_cost.png"
COLOURS = ("#1971c2", "#e8590c", "#495057")
FEW_DECADES = 500
"""Up to this range an axis has ticks at 1, 2 and 5, beyond it at 1 [dimensionless]."""
INK = "#212529"
TICKS = [step * 10.0**power for power in range(-3, 9) for step in (1, 2, 5)]
STYLES: dict[str, dict[str, Any]] = {
    "line": {"marker": "o", "markersize": 4, "linewidth": 1.6},
    "points": {"marker": "x", "linestyle": "none"},
    "level": {"linestyle": "--", "linewidth": 1.2, "color": "#868e96"},
}


@dataclass(frozen=True)
class Curve:
    """What something costs.

    Attributes:
        name: What does it.
        points: Pairs of a number of things and a time [s].
        drawn: As a line through its points, as points alone, or as a level to compare with.
    """

    name: str
    points: tuple[tuple[int, float], ...]
    drawn: Literal["line", "points", "level"] = "line"


@dataclass(frozen=True)
class Panel:
    """Curves over the number of the same things.

    Attributes:
        title: What is done.
        axis: What there is more or less of.
        each: What the time is of.
        curves: Ours first.
    """

    title: str
    axis: str
    each: str
    curves: tuple[Curve, ...]


def draw(panels: list[Panel]) -> None:
    """Writes the picture."""
    style = {"font.size": 10, "text.color": INK, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK}
    with plt.rc_context(style):
        figure, axes = plt.subplots(2, 2, figsize=(9.6, 6.4), layout="constrained")
        for panel, ax in zip(panels, axes.flat, strict=True):
            _panel(ax, panel)
        figure.savefig(TARGET, dpi=150, metadata={"Software": None})
        plt.close(figure)


def _panel(ax: Axes, panel: Panel) -> None:
    for curve, colour in zip(panel.curves, COLOURS, strict=False):
        counts, seconds = zip(*sorted(curve.points), strict=True)
        style = {"color": colour, **STYLES[curve.drawn]}
        ax.plot(counts, [1e6 * second for second in seconds], label=curve.name, **style)
    _axes(ax, panel)
    ax.set_title(panel.title, loc="left", fontsize=10.5)
    ax.set_xlabel(panel.axis)
    ax.set_ylabel(f"time of {panel.each}")
    ax.legend(frameon=False, fontsize=9)


def _axes(ax: Axes, panel: Panel) -> None:
    """Logarithmic where numbers double; ticks at the numbers that were measured."""
    counts = sorted({count for curve in panel.curves for count, _ in curve.points})
    if counts[0] == 0:
        ax.set_xscale("symlog", base=2, linthresh=1)
    elif counts[-1] > 10 * counts[0]:
        ax.set_xscale("log")
    ax.set_yscale("log")
    ax.xaxis.set_major_locator(FixedLocator(counts))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    bottom, top = ax.get_ylim()
    few = top < FEW_DECADES * bottom
    ax.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if few else (1.0,)))
    if few:
        ax.set_ylim(max(tick for tick in TICKS if tick <= bottom), min(tick for tick in TICKS if tick >= top))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _words(value)))
    ax.grid(axis="y", color="#dee2e6", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)


def _words(microseconds: float) -> str:
    """A time with its unit."""
    for unit, size in (("s", 1e6), ("ms", 1e3)):
        if microseconds >= size:
            return f"{microseconds / size:g} {unit}"
    return f"{microseconds:g} µs"
