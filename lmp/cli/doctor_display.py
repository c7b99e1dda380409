"""The findings of `lmp doctor`, as a person reads them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from lmp.cli.display import console
from lmp.cli.display_text import Ink
from lmp.diagnosis.finding import Finding

STYLE = {"ok": "green", "missing": "yellow", "problem": "bold red"}
MOST_ITEMS = 8
"""Listed findings that are named; of the others only the number is told [count]."""


def show_examination(findings: Sequence[Finding], works: bool, offline: bool) -> None:
    """Topic by topic, a line a finding; below what is not as it should be, what it means and what to do."""
    out = console()
    ink = Ink(out)
    width = max((len(one.name) for one in findings), default=0)
    for topic, group in groupby(findings, key=lambda one: one.topic):
        out.print(ink.text(topic, "bold"))
        for one in group:
            line = ink.text(f"  {one.state:8}", STYLE[one.state]) + ink.text(f"{one.name:{width}}  ") + ink.text(one.found)
            out.print(line, soft_wrap=True)
            for words in (_listed(one.items), one.means, one.todo):
                if words:
                    out.print(ink.text(f"{'':12}{words}", "dim"), soft_wrap=True)
    if offline:
        out.print(ink.text("No server was asked (--offline)."))
    words = "Everything that a run without a key needs works." if works else _broken(findings)
    out.print(ink.text(words, "bold green" if works else "bold red"), soft_wrap=True)


def _listed(items: Sequence[str]) -> str:
    more = len(items) - MOST_ITEMS
    return ", ".join(items[:MOST_ITEMS]) + (f", and {more} more" if more > 0 else "")


def _broken(findings: Sequence[Finding]) -> str:
    names = ", ".join(one.name for one in findings if one.needed and one.state != "ok")
    return f"A run without a key does not work here: {names}."
