"""Text for the terminal: names and instructions are data, so nothing in them is markup, colour or a cursor movement."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from lmp.cli.printable import printable
from lmp.schema.outcome import Outcome

UNDECIDED = (Outcome.NOT_RUN, Outcome.PLANNED, Outcome.INTERRUPTED, Outcome.UNFINISHED)


class Ink:
    """Makes texts that a console can print, whatever its encoding."""

    def __init__(self, console: Console):
        self.encoding = console.encoding

    def text(self, words: str, style: str = "") -> Text:
        """The words as they are; signs that the console's encoding lacks as escapes."""
        safe = printable(words).encode(self.encoding, "backslashreplace").decode(self.encoding)
        return Text(safe, style=style, end="")

    def mark(self, outcome: Outcome) -> Text:
        """A check, a cross, or a dot for what was not decided."""
        if outcome in UNDECIDED:
            return Text("\N{MIDDLE DOT} " if self._rich else "[--] ", style="dim")
        return self.check(outcome is Outcome.SUCCEEDED)

    def check(self, good: bool) -> Text:
        """A check, or a cross."""
        if good:
            return Text("\N{CHECK MARK} " if self._rich else "[ok] ", style="bold green")
        return Text("\N{BALLOT X} " if self._rich else "[no] ", style="bold red")

    @property
    def _rich(self) -> bool:
        return self.encoding.lower().startswith("utf")
