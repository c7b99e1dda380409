"""Requests for a ranking, checked before anything is computed: which primitives, which shapes, how many of what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lmp.errors import SetupFault, need
from lmp.primitives.compiler.compiler import PRIMITIVE
from lmp.schema.motion import Bulges, PathShape, Weights
from lmp.schema.skill import SkillParameters

MOST_POSES = 10_000
"""Poses at which a way can be looked at [count]."""
MOST_WAYS = 1_000_000
"""Ways that can be looked at, or compiled in full [count]."""


def alternatives(primitives: SkillParameters | Sequence[SkillParameters]) -> tuple[SkillParameters, ...]:
    """The primitives that are asked for, one at least.

    Raises:
        SetupFault: There is none, or something else is among them.
    """
    if isinstance(primitives, SkillParameters):
        return (primitives,)
    return _several("primitives", primitives, SkillParameters, f"{PRIMITIVE}, or a list of such", 1)


def further_shapes(shapes: Sequence[PathShape]) -> tuple[PathShape, ...]:
    """The shapes that are asked for; none is well.

    Raises:
        SetupFault: It is one that is in no list, or something else is among them.
    """
    return _several("shapes", shapes, (Bulges, Weights), "a list of Bulges or Weights", 0)


def counted(what: str, value: int, most: int) -> int:
    """A count of one at least.

    Raises:
        SetupFault: It is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not 1 <= value <= most:
        raise SetupFault(f"{what} takes a whole number from 1 to {most}, got {value!r:.80}.")
    return int(value)


def _several(what: str, values: Any, kinds: type | tuple[type, ...], allowed: str, fewest: int) -> tuple[Any, ...]:
    if isinstance(values, str) or not isinstance(values, Sequence):
        need(what, values, (), allowed)
    if len(values) < fewest:
        raise SetupFault(f"{what} takes {allowed}, got an empty one.")
    for value in values:
        need(what, value, kinds, allowed)
    return tuple(values)
