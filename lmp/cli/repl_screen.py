"""The conversation on the screen: plans and runs as trees, tables, one line at a time. Plain where there is no terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console

from lmp.cli.display import LiveDisplay, show_episode, show_table
from lmp.cli.display_text import Ink
from lmp.cli.standard_output import check_written
from lmp.runtime.flow.telling import Listener
from lmp.schema.episode import Episode


class ConsoleScreen:
    """Shows a conversation on a console."""

    def __init__(self, console: Console):
        self._console, self._ink = console, Ink(console)
        self._live: LiveDisplay | None = None

    def say(self, words: str) -> None:
        """One line.

        Raises:
            OutputFault: Nobody can hear it any more; the conversation is over.
        """
        self._console.print(self._ink.text(words))
        self._console.file.flush()
        check_written("The conversation is over.", heard=True)

    def episode(self, episode: Episode) -> None:
        """A plan, or a run with how it ended."""
        show_episode(episode, self._console)

    def table(self, rows: Sequence[Sequence[str]], columns: Sequence[str]) -> None:
        """Rows under their headings."""
        show_table(rows, columns, self._console)

    @contextmanager
    def listening(self) -> Iterator[Listener]:
        """A live tree with a bar while the arm moves."""
        with LiveDisplay(self._console) as display:
            self._live = display
            try:
                yield display
            finally:
                self._live = None

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Takes the live tree away while somebody is asked."""
        if self._live is None:
            yield
            return
        with self._live.paused():
            yield
