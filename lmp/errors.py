"""Errors, grouped by who can act on them.

An expected failure is a value (`Refusal`, `Verdict`, `Outcome`); an exception means wrong use or a broken part.
"""

from __future__ import annotations

import difflib
import sysconfig
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from traceback import extract_tb

HERE = str(Path(__file__).parent)
INSTALLED = tuple({sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")})
"""Folders of this package, of Python's own library, and of other packages."""
MOST, LONGEST = 500, 200
"""Known names that are compared [count], and the part of a name that is [characters]."""


class LmpError(Exception):
    """Base of every error that this library raises on purpose."""


class PlannerFault(LmpError):
    """The planner's answer cannot be used; asking it again may help."""


class SetupFault(LmpError):
    """Something that a person has to put right: a name, a file, a setting, an installation."""


class RobotFault(LmpError):
    """The robot or its world failed; the arm has to stop."""


@contextmanager
def robot_faults(part: object, verb: str) -> Iterator[None]:
    """Turns whatever a world or a robot raises in one of its verbs into a `RobotFault` that names both."""
    try:
        yield
    except LmpError:
        raise
    except Exception as error:
        words = f"{type(part).__name__}.{verb} raised {type(error).__name__}: {_on_one_line(error)}"
        raise RobotFault(words[:2000]) from error


def _on_one_line(error: Exception) -> str:
    """The words of an error; of values that a schema refuses, each with its place and what came."""
    from pydantic import ValidationError  # Errors are loaded before anything large, and this one is rare.

    if not isinstance(error, ValidationError):
        return str(error)
    found = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}, got {one['input']!r:.80}" for one in error.errors())
    return f"{error.title}, {'; '.join(found)}"


class RecordFault(RobotFault):
    """The record of a run cannot be written any more; what nobody can check afterwards is not done, so the arm has to stop."""


class UnknownName(SetupFault):
    """A name that is not in a registry, a scene or a file.

    Attributes:
        kind: What was looked up, such as ``"planner"``.
        name: The name that came.
        known: The names that exist.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str]):
        self.kind, self.name, self.known = kind, name, tuple(sorted(known))
        super().__init__(f"No {kind} named {name!r}.{did_you_mean(name, self.known)} Known: {', '.join(self.known) or 'none'}.")


class NotExecutable(SetupFault):
    """Something other than a checked trajectory was handed to an executor."""


class BadFile(SetupFault):
    """A data file that cannot be read or does not fit its schema.

    Attributes:
        path: The file.
        complaints: All that is wrong with it, one sentence each.
    """

    def __init__(self, path: str, complaints: Iterable[str]):
        self.path, self.complaints = path, tuple(complaints)
        shown = path if path.isprintable() else repr(path)
        super().__init__(f"{shown}: " + " ".join(self.complaints))


def raised_at(error: BaseException) -> str:
    """Say what was raised, and where, as `file:line`: the last line of the person's own, or else of what was installed."""
    if isinstance(error, SyntaxError) and error.filename is not None:
        return f"{type(error).__name__}: {error.msg} ({error.filename}:{error.lineno})"
    said = f"{type(error).__name__}: {error}".rstrip(" :").removesuffix(".")
    frames = [frame for frame in extract_tb(error.__traceback__) if not frame.filename.startswith(("<", HERE))]
    own = [frame for frame in frames if not frame.filename.startswith(INSTALLED)]
    return f"{said} ({(own or frames)[-1].filename}:{(own or frames)[-1].lineno})" if frames else said


def need(what: str, value: object, kinds: type | tuple[type, ...], allowed: str) -> None:
    """Refuses an argument of the wrong type in words of its caller, before something deep inside trips over it.

    Args:
        what: The argument's name.
        value: What came.
        kinds: The types that are taken.
        allowed: What that is, in words.

    Raises:
        SetupFault: It is of another type.
    """
    if not isinstance(value, kinds):
        came = repr(value) if value is None or isinstance(value, str | int | float) else type(value).__name__
        raise SetupFault(f"{what} takes {allowed}, got {came:.80}.")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The sentence that names the nearest known name, with a leading blank; empty where nothing is near."""
    near = nearest(name, known)
    return f" Did you mean {near!r}?" if near is not None else ""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is nearest to another; None where nothing is near.

    Large and small letters count alike. Long names are cut, and only so many are compared: what came may be anything.
    """
    lowered = {other[:LONGEST].lower(): other[:LONGEST] for other in reversed(list(islice(known, MOST)))}
    near = difflib.get_close_matches(name[:LONGEST].lower(), lowered, n=1, cutoff=0.5)
    return lowered[near[0]] if near else None
