"""The contract of whoever shows the conversation and reads the lines: a terminal, a pipe, a test."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from lmp.runtime.flow.telling import Listener
from lmp.schema.episode import Episode


class Screen(Protocol):
    """Shows plans, episodes and answers; whatever is in names and instructions comes out as plain text."""

    def say(self, words: str) -> None:
        """One line."""

    def episode(self, episode: Episode) -> None:
        """A plan with its reasoning, primitives and verdicts, or a run with how it ended."""

    def table(self, rows: Sequence[Sequence[str]], columns: Sequence[str]) -> None: ...

    def listening(self) -> AbstractContextManager[Listener]:
        """Shows a run as it goes, while the block lasts."""

    def asking(self) -> AbstractContextManager[None]:
        """Leaves the terminal to a question, also in the middle of a run."""


class Reader(Protocol):
    """Reads lines."""

    def read(self, prompt: str) -> str:
        """The next line.

        Raises:
            EOFError: There is none.
            KeyboardInterrupt: Ctrl-C.
        """
