"""The end of a command: one JSON object, or words; and a person who is asked on the way."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

from lmp.choosing import MAY_BEGIN
from lmp.cli.display import console, show_episode
from lmp.cli.exit_status import INTERRUPTED, exit_status
from lmp.cli.live_display import LiveDisplay
from lmp.cli.printable import printable
from lmp.cli.standard_output import check_written, write_answer
from lmp.runtime.flow.telling import Listener, Silence
from lmp.schema.episode import Episode
from lmp.schema.outcome import Outcome

CHOICES = 'Enter looks again, "stop" ends the run, anything else is a new instruction: '


def asking(listener: Listener, wanted: bool) -> Callable[[str], str] | None:
    """The person at standard input, to be asked, if that is wanted, else nobody."""
    if not wanted:
        return None

    def ask(reason: str) -> str:
        if isinstance(listener, LiveDisplay):
            with listener.paused():
                return _answer(reason)
        return _answer(reason)

    return ask


def _answer(reason: str) -> str:
    """The answer that the person types; the end of the input means "stop"."""
    sys.stderr.write(f"\n{printable(reason)}" + ("" if reason.endswith(MAY_BEGIN) else f"\n{CHOICES}"))
    sys.stderr.flush()
    line = sys.stdin.readline()
    return line.strip() if line else "stop"


@contextmanager
def listening(as_json: bool) -> Iterator[Listener]:
    """Shows a run as it goes; nothing where the answer is one JSON object."""
    if as_json:
        yield Silence()
        return
    with LiveDisplay(console()) as display:
        yield display


def answer(episode: Episode, as_json: bool) -> int:
    """Prints an episode; returns the exit status.

    Raises:
        OutputFault: It could not be printed; says where the run folder is.
    """
    if as_json:
        write_answer(episode.model_dump_json(exclude={"attempts"}))
    else:
        show_episode(episode, console())
    check_written("" if episode.run is None else f"The run ({episode.outcome.value.replace('_', ' ')}) is in {episode.run}")
    return exit_status(episode)


def stopped(as_json: bool, **asked: object) -> int:
    """Says that a person stopped the command before it had anything to tell; returns the exit status."""
    with suppress(OSError, AttributeError):  # the terminal may be what is gone
        sys.stderr.write(f"lmp: {Outcome.INTERRUPTED.message}\n")
    if as_json:
        write_answer(error_object(Outcome.INTERRUPTED.message, Outcome.INTERRUPTED, asked))
    return INTERRUPTED


def error_object(message: str, outcome: Outcome, asked: Mapping[str, object]) -> str:
    """The JSON object of a command that ended before there was an episode: the same keys, with what was asked for."""
    fields = {
        "outcome": outcome.value,
        "verified": False,
        "error": message,
        "instruction": asked.get("instruction"),
        "world": asked.get("world"),
        "seed": asked.get("seed"),
        "planner": asked.get("planner"),
        "subgoals": [],
        "replans": 0,
        "seconds": 0.0,
        "run": None,
        "scene_before": None,
        "scene_after": None,
    }
    return json.dumps(fields)
