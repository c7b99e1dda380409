"""The entry point `lmp`: runs a command and turns every ending into an exit status.

The command line is loaded with Ctrl-C held back, so that it never meets half a program.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from types import FrameType

from lmp.uninterrupted import uninterrupted

_interrupted = False
try:
    with uninterrupted():
        from lmp.cli.answers import error_object, stopped
        from lmp.cli.commands import command_line
        from lmp.cli.compiling_line import clear_compiling, tell_of_compiling
        from lmp.cli.exit_status import BROKEN, INTERRUPTED, REFUSED
        from lmp.cli.printable import printable
        from lmp.cli.standard_output import OutputFault, answer_alone, check_written, guard, write_answer
        from lmp.errors import LmpError, RobotFault, SetupFault
        from lmp.schema.outcome import Outcome
except KeyboardInterrupt:
    _interrupted = True


def main() -> None:
    """Runs the command of this process's arguments and exits with its status."""
    if _interrupted:
        sys.exit(stopped(_wants_json(sys.argv)))
    guard(clear_compiling, alone=_wants_json(sys.argv))
    tell_of_compiling()
    for number in (signal.SIGTERM, signal.SIGHUP):
        # One that is ignored stays ignored, as `nohup` wants it.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _terminate)
    sys.exit(call(sys.argv[1:]))


def call(arguments: Sequence[str]) -> int:
    """Runs one command; returns its exit status. Errors go to standard error in one sentence."""
    try:
        _check_text(arguments)
        with answer_alone() if _wants_json(arguments) else nullcontext():
            status = int(command_line(arguments)(list(arguments), prog_name="lmp", standalone_mode=False) or 0)
            check_written()
        return status
    except OutputFault as fault:
        _say(str(fault))
        return BROKEN
    except RobotFault as error:
        return _complain(arguments, str(error), Outcome.ROBOT_FAILED, BROKEN)
    except LmpError as error:
        return _complain(arguments, str(error), Outcome.WRONG_USE, REFUSED)
    except OSError as error:
        about = f": {error.filename}" if error.filename is not None else ""
        return _complain(arguments, f"{error.strerror or error}{about}", Outcome.ROBOT_FAILED, BROKEN)
    except KeyboardInterrupt:
        return _complain(arguments, Outcome.INTERRUPTED.message, Outcome.INTERRUPTED, INTERRUPTED)
    except Exception as error:
        # Typer's usage errors share no public base class; this method is what marks them.
        words = getattr(error, "format_message", None)
        if words is None:
            raise
        return _complain(arguments, f"{words()} Try: {_help(error)}", Outcome.WRONG_USE, REFUSED)


def _wants_json(arguments: Sequence[str]) -> bool:
    """True if standard output is to hold one JSON object and nothing else; help is words."""
    return "--json" in arguments and "--help" not in arguments


def _help(error: Exception) -> str:
    """The command whose help says more: that of the command which was wrongly used, as far as it is known."""
    path = str(getattr(getattr(error, "ctx", None), "command_path", "lmp"))
    return f"{path} --help"


def _check_text(arguments: Sequence[str]) -> None:
    """Refuses arguments that are not UTF-8: nothing that is made of them could be written down."""
    for argument in arguments:
        if any("\ud800" <= sign <= "\udfff" for sign in argument):
            raise SetupFault(f"An argument holds bytes that are not UTF-8: {argument!r:.120}.")


def _complain(arguments: Sequence[str], message: str, outcome: Outcome, status: int) -> int:
    _say(message)
    if _wants_json(arguments):
        write_answer(error_object(message, outcome, _asked(arguments)))
        sys.stdout.flush()
    return status


def _say(message: str) -> None:
    """One line on standard error; where that is lost too, the exit status is all that is left."""
    clear_compiling()
    with suppress(OSError, AttributeError):
        sys.stderr.write(f"lmp: {printable(message)}\n")


def _asked(arguments: Sequence[str]) -> dict[str, object]:
    """The options that were asked for, as far as the arguments tell: for the JSON object of a command that never began."""
    options = {"world": "tabletop", "planner": "scripted", "seed": "0"}
    words: list[str] = []
    rest = iter(arguments[1:])
    for word in rest:
        name, equals, value = word.removeprefix("--").partition("=")
        if word.startswith("--") and name in {
            "world",
            "planner",
            "seed",
            "robot",
            "out",
            "disturb",
            "settings",
            "plan",
            "save",
        }:
            options[name] = value if equals else next(rest, "")
        elif not word.startswith("-"):
            words.append(word)
    seed = options["seed"]
    return {**options, "seed": int(seed) if seed.isdecimal() else seed, "instruction": words[0] if words else None}


def _terminate(number: int, frame: FrameType | None) -> None:
    """A request to end, or a terminal that is gone, is treated like Ctrl-C: the arm comes to rest, the record is completed."""
    raise KeyboardInterrupt
