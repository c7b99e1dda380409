"""Candidates that a skill returned: refused in words where they are none that can be compiled, whoever wrote the skill."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Sequence
from typing import Any, get_args

import numpy as np
from pydantic import TypeAdapter, ValidationError

from lmp.errors import SetupFault
from lmp.primitives.moves import Candidate, Grip, JointMove, Move, ToolMove
from lmp.schema.base import LONGEST_TEXT, Name
from lmp.schema.motion import Timing
from lmp.schema.verdict import Violation

MOST_MOVES = 64
"""As many as a trajectory has segments [count]."""
WIDEST, STRONGEST, FARTHEST = 1.0, 200.0, 0.2
"""Largest width [m] and force [N] of a grip, and how far at most an object may be from where it is expected [m]."""
ALLOWED = "a sequence of one or more Candidate is allowed, or of Violation where there is no way"
_NAME: TypeAdapter[str] = TypeAdapter(Name)
_FROM_ZERO = ("width", "expected")
_MOST = {"width": WIDEST, "expected": WIDEST, "force": STRONGEST}
_UNITS = {"speed": "m/s", "duration": "s", "width": "m", "expected": "m", "force": "N"}


def proposals(skill: str, found: Any, dof: int) -> tuple[list[Candidate], list[Violation]]:
    """The candidates and violations that a skill returned, of which there is one at least.

    Args:
        skill: Its name.
        found: What its `candidates` returned.
        dof: Joints of the arm [count].

    Raises:
        SetupFault: That is neither candidates nor violations, or nothing, or a field has a value that is not allowed.
    """
    if not isinstance(found, Sequence) or not found:
        raise SetupFault(f"The skill {skill!r} returned {found!r:.80} as its candidates; {ALLOWED}.")
    for each in found:
        if not isinstance(each, Candidate | Violation):
            raise SetupFault(f"The skill {skill!r} returned {type(each).__name__} among its candidates; {ALLOWED}.")
    candidates = [each for each in found if isinstance(each, Candidate)]
    for candidate in candidates:
        words = next(_complaints(candidate, dof), None)
        if words is not None:
            raise SetupFault(f"The skill {skill!r} returned the candidate {candidate.label!r:.80}: {words}.")
    return candidates, [each for each in found if isinstance(each, Violation)]


def _complaints(candidate: Candidate, dof: int) -> Iterator[str]:
    """Say what is wrong with it, and what is allowed."""
    moves = candidate.moves
    if not isinstance(candidate.label, str) or len(candidate.label) > LONGEST_TEXT:
        yield f"its label has to be a text of up to {LONGEST_TEXT} characters"
    if not isinstance(moves, tuple | list) or not 0 < len(moves) <= MOST_MOVES:
        came = f"{len(moves)} moves" if isinstance(moves, tuple | list) else type(moves).__name__
        yield f"it has {came}; 1 to {MOST_MOVES} of ToolMove, JointMove and Grip are allowed"
        return
    for number, move in enumerate(moves, 1):
        if not isinstance(move, ToolMove | JointMove | Grip):
            yield f"move {number} is {type(move).__name__}; ToolMove, JointMove and Grip are allowed"
        else:
            yield from (f"move {number}, {move.name!r:.80}, has {words}" for words in _wrong(move, dof))
    if all(isinstance(move, Grip) and not move.wait for move in moves):
        yield "no move of it takes time; a ToolMove, a JointMove or a Grip with `wait` is needed"


def _wrong(move: Move, dof: int) -> Iterator[str]:
    if not _is_name(move.name):
        yield f"name = {move.name!r:.80}; 1 to 64 printable characters are allowed"
    if not isinstance(move, JointMove):
        yield from (
            f"expects {name!r:.80} within {tolerance!r:.80}; above 0 to {FARTHEST} m is allowed"
            for name, tolerance in move.expects
            if not 0.0 < tolerance <= FARTHEST
        )
    if isinstance(move, Grip):
        yield from _wrong_numbers(move, ("width", "expected", "force"))
        if move.action not in ("open", "close"):
            yield f"action = {move.action!r:.80}; 'open' and 'close' are allowed"
        return
    yield from _wrong_numbers(move, ("speed",) if move.duration is None else ("speed", "duration"))
    if move.timing not in get_args(Timing):
        yield f"timing = {move.timing!r:.80}; {' and '.join(map(repr, get_args(Timing)))} are allowed"
    field, shape = ("q", (dof,)) if isinstance(move, JointMove) else ("T_world_tool", (4, 4))
    array = getattr(move, field)
    if not isinstance(array, np.ndarray) or array.shape != shape or not np.isfinite(array).all():
        came = f"of shape {array.shape}" if isinstance(array, np.ndarray) else type(array).__name__
        yield f"{field} {came}; an array of finite numbers of shape {shape} is allowed"


def _wrong_numbers(move: Move, fields: tuple[str, ...]) -> Iterator[str]:
    for field in fields:
        value, most, unit = getattr(move, field), _MOST.get(field, math.inf), _UNITS[field]
        number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
        if not number or not (0.0 < value <= most or (value == 0.0 and field in _FROM_ZERO)) or value == math.inf:
            least = "from 0" if field in _FROM_ZERO else "above 0"
            yield f"{field} = {value!r:.80}; {least} {'and finite' if most == math.inf else f'to {most:g}'} {unit} is allowed"


def _is_name(name: Any) -> bool:
    return isinstance(name, str) and _fits(name)


@functools.lru_cache(maxsize=256)
def _fits(name: str) -> bool:
    try:
        _NAME.validate_python(name)
    except ValidationError:
        return False
    return True
