"""The terminal's output: a run as a tree of subgoals, and lists. Plain where the output is no terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from lmp.cli.display_text import Ink
from lmp.cli.live_display import LiveDisplay
from lmp.runtime.report.words import attempts_of, chosen, margin_words, said, violation_facts
from lmp.schema.episode import Attempt, Compiled, Episode, SubgoalReport
from lmp.schema.outcome import Outcome

__all__ = ["LiveDisplay", "console", "show_episode", "show_table"]


def console() -> Console:
    """The console of this process's standard output; without colours where that is no terminal."""
    return Console(file=sys.stdout, highlight=False, markup=False, emoji=False)


def show_episode(episode: Episode, console: Console) -> None:
    """Prints an episode: its subgoals with reasoning, primitives, verdicts and outcomes, and how it ended."""
    ink = Ink(console)
    tree = Tree(ink.text(episode.instruction, "bold"), guide_style="dim")
    for number, subgoal in enumerate(episode.subgoals, start=1):
        _add_subgoal(tree, number, subgoal, episode, ink)
    console.print(tree)
    console.print(_ending(episode, ink))
    if episode.hint:
        lead = "" if episode.outcome is Outcome.SUCCEEDED else "Try: "
        console.print(ink.text(lead, "cyan") + ink.text(episode.hint))
    if episode.models is not None:
        from lmp.runtime.report.model_rows import model_words

        console.print(ink.text("models  ", "dim") + ink.text(model_words(episode.models)), soft_wrap=True)
    if episode.run is not None:
        # Without wrapping, so that a path stays one word that can be copied.
        report = Path(episode.run) / "report.html"
        console.print(ink.text("run     ", "dim") + ink.text(episode.run), soft_wrap=True)
        if report.is_file():
            console.print(ink.text("report  ", "dim") + ink.text(str(report)), soft_wrap=True)


def show_table(rows: Iterable[Sequence[str]], columns: Sequence[str], console: Console) -> None:
    """Prints a list of named parts: name, one line about it, where it comes from."""
    ink = Ink(console)
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for index, column in enumerate(columns):
        table.add_column(column, no_wrap=index == 0, overflow="fold", style="cyan" if index == 0 else "")
    for row in rows:
        table.add_row(*(ink.text(cell) for cell in row))
    console.print(table)


def _add_subgoal(tree: Tree, number: int, subgoal: SubgoalReport, episode: Episode, ink: Ink) -> None:
    tries = f"  ({subgoal.attempts} attempts)" if subgoal.attempts > 1 else ""
    branch = tree.add(ink.mark(subgoal.outcome) + ink.text(f"{number} ", "dim") + ink.text(subgoal.description, "bold") + tries)
    if subgoal.reasoning:
        branch.add(ink.text("because ", "dim") + ink.text(subgoal.reasoning))
    if subgoal.primitive is not None:
        branch.add(ink.text(f"{subgoal.skill} ", "cyan") + ink.text(chosen(subgoal.primitive)))
    attempts = attempts_of(subgoal, episode)
    if not attempts:
        _add_verdict(branch, subgoal.verdict, ink)
        waiting = subgoal.outcome is Outcome.NOT_RUN and episode.outcome is Outcome.UNFINISHED
        branch.add(_answer(subgoal.outcome, "its turn had not come" if waiting else "", ink))
    for place, (_, attempt) in enumerate(attempts, start=1):
        _add_attempt(branch.add(ink.text(f"attempt {place}", "dim")) if len(attempts) > 1 else branch, attempt, ink)


def _add_attempt(branch: Tree, attempt: Attempt, ink: Ink) -> None:
    _add_verdict(branch, attempt.compiled, ink)
    for result in attempt.verification.results if attempt.verification is not None else ():
        words = ink.text(f"{result.condition.words}: ") + ink.text(result.measured)
        branch.add(ink.check(result.holds) + words)
    for changed in attempt.changed:
        branch.add(ink.text("changed ", "yellow") + ink.text(changed))
    for decision in attempt.gates:
        branch.add(ink.text("gate ", "cyan") + ink.text(str(decision)))
    branch.add(_answer(attempt.outcome, said(attempt), ink))
    if attempt.execution is not None and attempt.execution.evidence is not None:
        branch.add(ink.text("seen ", "red") + ink.text(str(attempt.execution.evidence)))
        for state in attempt.verification.states if attempt.verification is not None else ():
            branch.add(ink.text("now ", "dim") + ink.text(str(state)))
    if attempt.rule:
        branch.add(ink.text("response ", "dim") + ink.text(attempt.rule))


def _add_verdict(branch: Tree, compiled: Compiled | None, ink: Ink) -> None:
    if compiled is None:
        return
    if compiled.feasible:
        words = [f"{compiled.duration:.2f} s", *(f"{name} {value}" for name, value in _telling(compiled))]
        on = " on the predicted scene" if compiled.predicted else ""
        verdict = branch.add(ink.text("checked ", "green") + ink.text(f"{', '.join(words)}{on}"))
        for note in compiled.notes:
            verdict.add(ink.text(note, "dim"))
        return
    verdict = branch.add(ink.text("refused ", "red") + ink.text(f"{len(compiled.violations)} violation(s), nothing moved"))
    for violation in compiled.violations:
        facts = ", ".join(violation_facts(violation))
        line = ink.text(f"{violation.code} ", "red") + ink.text(violation.message)
        detail = verdict.add(line + ink.text(f" [{facts}]", "dim") if facts else line)
        if violation.hint:
            detail.add(ink.text("hint ", "cyan") + ink.text(violation.hint))


def _telling(compiled: Compiled) -> list[tuple[str, str]]:
    """The margins that tell a person most; the report has all of them."""
    if compiled.margins is None:
        return []
    wanted = ("nearest joint limit", "peak velocity", "clearance", "stretched")
    return [(name, value) for name, value in margin_words(compiled.margins) if name in wanted]


def _answer(outcome: Outcome, message: str, ink: Ink) -> Text:
    return ink.mark(outcome) + ink.text(f"{outcome.value.replace('_', ' ')}: {message or outcome.message}")


def _ending(episode: Episode, ink: Ink) -> Text:
    good = episode.outcome in (Outcome.SUCCEEDED, Outcome.PLANNED)
    line = ink.mark(episode.outcome) + ink.text(episode.outcome.value.replace("_", " "), "bold green" if good else "bold red")
    words = episode.error or episode.outcome.message
    replans = f", {episode.replans} replan{'s' if episode.replans != 1 else ''}" if episode.replans else ""
    return line + ink.text(f" in {episode.seconds:.1f} s{replans}. {words}")
