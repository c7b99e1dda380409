"""A process of its own that carries an errand out, to be killed at will; it starts at once, since all parts are loaded."""

from __future__ import annotations

import multiprocessing
import sys
import traceback
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from lmp.errors import LmpError
from lmp.lab.drills.deaths import Death
from lmp.lab.drills.errand import Answer, Errand, begin, go_on

LOADED = ("lmp.lab.drills.every_part",)
"""What the server that forks the processes has loaded; it opens no world itself."""
_CONTEXT = multiprocessing.get_context("forkserver")


@dataclass(frozen=True)
class Life:
    """The work of one process.

    Attributes:
        errand: What is to be done.
        run: The run folder.
        again: Whether it goes on with what is there.
        answer: Where it writes how it ended; nothing is there if it was killed.
        approved: Whether a function that is asked before each motion says yes to all.
        pictures: Whether pictures are recorded.
        death: When it dies; `AtTime` is for the process that started it.
    """

    errand: Errand
    run: Path
    again: bool
    answer: Path
    approved: bool = False
    pictures: bool = False
    death: Death | None = None

    def start(self) -> BaseProcess:
        """Starts the process."""
        prepare()
        process = _CONTEXT.Process(target=live, args=(self,), daemon=True)
        process.start()
        return process


def prepare() -> None:
    """Starts the server that forks the processes, if it does not run yet."""
    _CONTEXT.set_forkserver_preload(list(LOADED))
    forkserver.ensure_running()


def live(life: Life) -> None:
    """Carries out what the life says and writes down how it ended: an answer, or what went wrong."""
    if life.death is not None:
        from lmp.lab.drills.dying import doom

        doom(life.death, sys.modules[__name__])
    options: dict[str, Any] = {"approve": lambda pending: approving(pending)} if life.approved else {}
    try:
        if life.again:
            answer = go_on(life.errand, life.run, **options)
        else:
            answer = begin(life.errand, life.run, pictures=life.pictures, report=False, **options)
    except LmpError as error:
        life.answer.write_text(f"{type(error).__name__}: {error}")
        return
    except Exception:
        life.answer.write_text(traceback.format_exc())
        return
    life.answer.write_text(answer.model_dump_json())


def read_answer(path: Path) -> Answer | str | None:
    """Read how a life ended: an answer, what went wrong in words, or None if it was killed."""
    if not path.is_file():
        return None
    text = path.read_text()
    return Answer.model_validate_json(text) if text.startswith("{") else text


def approving(pending: object) -> bool:
    """A person who says yes."""
    return True
