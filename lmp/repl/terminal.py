"""The one client of prompt_toolkit: lines from a terminal, with completion and history."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History, InMemoryHistory

from lmp.repl.completion import offers
from lmp.repl.session import Session


class _Completer(Completer):
    def __init__(self, session: Session):
        self._session = session

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        for offer in offers(document.text_before_cursor, self._session):
            yield Completion(offer.text, start_position=-offer.typed, display_meta=offer.what)


class TerminalLines:
    """Reads lines that a person types.

    Args:
        session: What there is to complete.
        history: The file of earlier lines; None keeps them for this conversation only.
    """

    def __init__(self, session: Session, history: Path | None):
        kept: History = InMemoryHistory() if history is None else FileHistory(str(history))
        self._prompt: PromptSession[str] = PromptSession(
            history=kept,
            completer=_Completer(session),
            complete_while_typing=False,
            auto_suggest=AutoSuggestFromHistory(),
            enable_open_in_editor=False,
            enable_suspend=False,
        )

    def read(self, prompt: str) -> str:
        """The next line.

        Raises:
            EOFError: Ctrl-D on an empty line.
            KeyboardInterrupt: Ctrl-C.
        """
        return self._prompt.prompt(prompt)
