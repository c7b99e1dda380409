"""Conversations in a world without physics: lines in, what was shown out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from lmp.repl.dialogue import Dialogue
from lmp.repl.session import Session
from lmp.runtime.agent import Agent
from lmp.runtime.flow.telling import Listener, Silence
from lmp.runtime.worlds import open_world
from lmp.schema.episode import Episode
from lmp.stages import Planner


class Told:
    """A screen that keeps what was shown."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.episodes: list[Episode] = []
        self.tables: list[list[tuple[str, ...]]] = []

    def say(self, words: str) -> None:
        self.said.append(words)

    def episode(self, episode: Episode) -> None:
        self.episodes.append(episode)

    def table(self, rows: Sequence[Sequence[str]], columns: Sequence[str]) -> None:
        self.tables.append([tuple(row) for row in rows])

    @contextmanager
    def listening(self) -> Iterator[Listener]:
        yield Silence()

    @contextmanager
    def asking(self) -> Iterator[None]:
        yield


class Lines:
    """A reader of lines that are there already; a line may be a function that is called, and may raise."""

    def __init__(self, lines: Sequence[str | Callable[[], str]]):
        self.lines = list(lines)
        self.prompts: list[str] = []

    def read(self, prompt: str) -> str:
        self.prompts.append(prompt)
        if not self.lines:
            raise EOFError
        line = self.lines.pop(0)
        return line if isinstance(line, str) else line()


class Conversation:
    """A conversation that can be looked into, line by line."""

    def __init__(self, folder: Path, planner: str | Planner = "scripted"):
        self.world = open_world("kinematic:tabletop")
        self.told = Told()
        states = folder / "states"
        states.mkdir()
        self.session = Session(Agent(self.world, planner), self.told, states, {"world": "tabletop", "seed": 0, "robot": None})

        self.session.run_options = {"report": False, "pictures": False}

    def hear(self, *lines: str | Callable[[], str]) -> int:
        """Takes lines to their end; the exit status."""
        self.reader = Lines(lines)
        dialogue = Dialogue(self.session, self.told, self.reader)
        self.session.confirm = dialogue.confirm
        return dialogue.run()

    @property
    def last(self) -> Episode:
        return self.told.episodes[-1]

    def place_of(self, name: str) -> tuple[float, float, float]:
        x, y, z = self.session.scene().get(name).centre
        return float(x), float(y), float(z)
