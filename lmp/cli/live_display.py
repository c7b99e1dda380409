"""A run as it goes: the plan, where it stands, and a bar while the arm moves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from lmp.cli.display_text import Ink
from lmp.runtime.report.timeline import incident
from lmp.schema.episode import Attempt
from lmp.schema.evidence import Evidence
from lmp.schema.findings import Execution
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Subgoal

DOING = {
    "perceived": "decomposing",
    "decomposed": "checking the plan on predicted scenes",
    "previewed": "grounding",
    "grounded": "compiling",
    "compiled": "checked",
    "gated": "asking the gates",
    "approved": "approved",
    "rejected": "not approved",
    "disturbed": "disturbed",
    "moving": "moving",
    "executed": "looking again",
    "verifying": "verifying",
    "verified": "verified",
    "responded": "going on",
    "resting": "going to rest",
    "rested": "at rest",
    "resumed": "resumed",
    "answered": "decomposing",
    "concluded": "testing what had to last",
}
"""What is under way once an event was heard."""
LASTING = ("disturbed", "resumed")
"""Events that stay as a line when the run has ended; an answer stands there already."""


class LiveDisplay:
    """A listener that keeps a tree of the run on a terminal's screen while it lasts; silent where there is no terminal.

    It is gone at the end, when the whole episode is printed; what disturbed the run stays as a line, terminal or not.
    """

    def __init__(self, console: Console):
        self._ink = Ink(console)
        self._console = console
        self._live = Live(console=console, auto_refresh=False, transient=True, vertical_overflow="crop")
        self._shown = console.is_terminal
        self._done: list[tuple[Outcome, str, str]] = []
        self._seen: dict[int, str] = {}
        self._ahead: list[Subgoal] = []
        self._told: list[tuple[str, str]] = []
        self._now = "looking"
        self._seconds = 0.0
        self._percent: int | None = None

    def __enter__(self) -> Self:
        if self._shown:
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._shown:
            self._live.stop()
        for label, words in self._told:
            self._console.print(self._ink.text(f"{label}  ", "yellow") + self._ink.text(words), soft_wrap=True)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leaves the terminal to a question."""
        if self._shown:
            self._live.stop()
        try:
            yield
        finally:
            if self._shown:
                self._live.start()

    def event(self, name: str, **data: object) -> None:
        """Takes in what happened and draws it."""
        self._now = DOING.get(name, self._now)
        if name in LASTING and (told := incident(name, data)) is not None:
            self._told.append((name, told[1]))
        self._percent = None
        match name, data:
            case "decomposed", {"answer": tuple() as subgoals}:
                self._ahead = list(subgoals)
            case "moving", {"seconds": float() as seconds}:
                self._seconds, self._percent = seconds, 0
            case "gated", {"decisions": tuple() as decisions} if decisions:
                self._now = "; ".join(map(str, decisions))
            case "executed", {"execution": Execution(evidence=Evidence() as evidence)}:
                self._now = f"stopped: {evidence}"
            case "disturbed", {"words": str() as words}:
                self._now = f"disturbed: {words}"
            case "responded", {"attempt": Attempt() as attempt}:
                self._done.append((attempt.outcome, attempt.subgoal.description, attempt.rule))
                if attempt.execution is not None and attempt.execution.evidence is not None:
                    self._seen[len(self._done) - 1] = str(attempt.execution.evidence)
                if attempt.outcome is Outcome.SUCCEEDED and self._ahead:
                    self._ahead.pop(0)
        self._draw()

    def progress(self, fraction: float) -> None:
        """Moves the bar: 0 at the start of the motion, 1 at its end [dimensionless]."""
        percent = round(100 * min(max(fraction, 0.0), 1.0))
        # The arm reports every control tick; a terminal need not be drawn more often than it changes.
        if percent != self._percent:
            self._percent = percent
            self._draw()

    def _draw(self) -> None:
        if self._shown:
            self._live.update(self._render(), refresh=True)

    def _render(self) -> RenderableType:
        tree = Tree(self._ink.text(self._now[:1].upper() + self._now[1:], "bold"), guide_style="dim")
        rows = [row for place, done in enumerate(self._done) for row in self._finished(place, *done)]
        for index, subgoal in enumerate(self._ahead):
            rows.append(self._ink.text(subgoal.description, "" if index == 0 else "dim"))
            if index == 0 and subgoal.reasoning:
                rows.append(self._ink.text(f"  because {subgoal.reasoning}", "dim"))
        room = max(4, self._console.height - 4)
        if len(rows) > room:
            # What is under way stays in sight, and a little of what follows.
            finished = len(self._done) + len(self._seen)
            first = max(0, min(finished - room // 2, len(rows) - room))
            rows = [Text("...", style="dim"), *rows[first : first + room]]
        for row in rows:
            row.truncate(max(20, self._console.width - 6), overflow="ellipsis")
            tree.add(row)
        return Group(tree, self._bar()) if self._percent is not None else tree

    def _finished(self, place: int, outcome: Outcome, description: str, rule: str) -> list[Text]:
        """An attempt's line, and one with what stopped it."""
        line = self._ink.mark(outcome) + self._ink.text(description)
        rows = [line + self._ink.text(f" ({rule})", "yellow") if rule else line]
        return [*rows, self._ink.text(f"  seen {self._seen[place]}", "red")] if place in self._seen else rows

    def _bar(self) -> Table:
        percent = self._percent or 0
        row = Table.grid(padding=(0, 1))
        row.add_row("  ", ProgressBar(total=100, completed=percent, width=40), f"{percent:3d} % of {self._seconds:.1f} s")
        return row
