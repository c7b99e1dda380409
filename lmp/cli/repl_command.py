"""`lmp repl`."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from lmp.cli.options import BaseUrl, OneCall, Prompts, with_model
from lmp.cli.run_command import Address, Choose, Gates, PlannerName, RobotName, Seed
from lmp.uninterrupted import uninterrupted

if TYPE_CHECKING:
    from lmp.repl.screen import Reader, Screen
    from lmp.repl.session import Session


def repl(
    world: Address = "tabletop",
    robot: RobotName = None,
    planner: PlannerName = "scripted",
    seed: Seed = 0,
    gui: Annotated[bool, typer.Option("--gui", help="Show the simulator's window.")] = False,
    base_url: BaseUrl = None,
    one_call: OneCall = False,
    prompts: Prompts = None,
    choose: Choose = "first",
    gate: Gates = [],  # noqa: B006
    yes: Annotated[bool, typer.Option("--yes", help="Carry plans out without asking.")] = False,
) -> int:
    """Talk to the robot: look at plans, approve, correct in words, take back. Reads a terminal, or lines from a pipe."""
    with uninterrupted():
        from lmp.cli.display import console
        from lmp.cli.repl_screen import ConsoleScreen
        from lmp.repl.dialogue import Dialogue
        from lmp.repl.session import Session
        from lmp.runtime.agent import Agent
        from lmp.runtime.worlds import closing, open_world

    model = with_model({"planner": planner}, base_url, one_call, prompts).get("model")
    screen = ConsoleScreen(console())
    with (
        _ending_asked() as asked,
        closing(open_world(world, seed=seed, robot=robot, gui=gui)) as opened,
        tempfile.TemporaryDirectory() as folder,
    ):
        agent = Agent(opened, planner, model=model, choose=choose, gates=gate)
        session = Session(agent, screen, Path(folder), {"world": world, "seed": seed, "robot": robot})
        session.auto = yes
        dialogue = Dialogue(session, screen, _reader(session, screen), lambda: bool(asked))
        session.confirm = dialogue.confirm
        screen.say(f"{opened.spec}, seed {seed}, planner {planner}: {', '.join(session.names)}.")
        screen.say(
            "Say what to do; /help says what else. Nothing moves before you approve it." if not yes else "Say what to do."
        )
        return dialogue.run()


def _reader(session: Session, screen: Screen) -> Reader:
    """A terminal with completion and history, if there is one."""
    if sys.stdin.isatty() and sys.stdout.isatty():
        from lmp.repl.history_file import history_file
        from lmp.repl.terminal import TerminalLines

        return TerminalLines(session, history_file(os.environ))
    from lmp.repl.lines import PipedLines

    return PipedLines(sys.stdin.buffer, screen)


@contextmanager
def _ending_asked() -> Iterator[list[int]]:
    """Collects requests to end: the arm comes to rest and the record is completed, then the conversation is over."""
    asked: list[int] = []

    def end(number: int, frame: FrameType | None) -> None:
        asked.append(number)
        raise KeyboardInterrupt

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    kept = {number: handler for number, handler in before.items() if handler is not signal.SIG_IGN}
    for number in kept:
        signal.signal(number, end)
    try:
        yield asked
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
